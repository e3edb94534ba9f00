"""Tables of the read models, declared with SQLModel: one class and one file for each model.

``make models`` compiles them into :mod:`orchestrator.readmodels.compiled`, and commands import only that module,
because importing SQLModel and SQLAlchemy takes longer than most commands.  A table's name contains its version, so that
two releases can share a store; whoever changes the content of a table raises its version.
"""
