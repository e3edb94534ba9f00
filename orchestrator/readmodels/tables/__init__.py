"""Tables of the read models, declared with SQLModel: one class and one file for each model.

They are the source: ``make models`` compiles them into :mod:`orchestrator.readmodels.compiled`, which is all that
commands import: SQLModel and SQLAlchemy take longer to import than most commands take to answer.  A table's name
carries its version, so that two releases can share a store; change what a table holds and you raise that version.
"""
