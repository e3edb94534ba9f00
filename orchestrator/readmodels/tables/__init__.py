"""Tables of the read models, declared with SQLModel: one class a row, one file a model.

They are the source: ``make models`` compiles them into :mod:`orchestrator.readmodels.compiled`, which is what a prompt
imports, because SQLModel and SQLAlchemy take longer to import than most commands take to answer.  A table's name
carries its version, so that two releases share a store; change what a table holds and you raise that version.
"""
