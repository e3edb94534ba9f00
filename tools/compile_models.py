"""Compile the tables of the read models into ``orchestrator/readmodels/compiled.py``: ``make models``.

With ``--check``, only compare: exit code 1 if the file differs from the compiled tables.
"""  # noqa: INP001 - a program by itself

import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from subprocess import run
from types import ModuleType, NoneType
from typing import Any, get_args

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import SQLModel

from orchestrator.readmodels import tables

TARGET = Path(__file__).parent.parent / "orchestrator" / "readmodels" / "compiled.py"
HEAD = '''"""Statements and rows of the read models, compiled from their tables by ``make models``; edit the tables."""

from typing import Final

from orchestrator.readmodels.base.table import ModelTable, Row
'''


def compiled() -> str:
    """The text of the compiled module."""
    modules = [import_module(f"{tables.__name__}.{found.name}") for found in iter_modules(tables.__path__)]
    text = "\n\n".join([HEAD.rstrip(), *(_model(module) for module in modules)]) + "\n"
    ruff = Path(sys.executable).with_name("ruff")
    command = [ruff, "format", "--stdin-filename", TARGET, "-"]
    return run(command, input=text, text=True, check=True, capture_output=True).stdout  # noqa: S603 - our own words


def _model(module: ModuleType) -> str:
    [model] = [one for one in vars(module).values() if isinstance(one, type) and one.__module__ == module.__name__]
    assert issubclass(model, SQLModel)
    name = module.__name__.rpartition(".")[2]
    fields = "\n".join(f"    {column}: {_type(field.annotation)}" for column, field in model.model_fields.items())
    table: Table = model.__table__  # type: ignore[attr-defined] - SQLModel sets it
    return "\n".join(
        [
            "",
            f"class {model.__name__}Row(Row):",
            f'    """{model.__doc__}"""',
            "",
            fields,
            "",
            "",
            f"{name.upper()}: Final = ModelTable(",
            f'    "{table.name}",',
            f"    {_words(table.columns.keys())},",
            f"    {_words(column.name for column in table.primary_key)},",
            "    (",
            *(f'"""\n{statement}\n""",' for statement in _statements(table)),
            "    ),",
            ")",
        ]
    )


def _statements(table: Table) -> list[str]:
    dialect = sqlite.dialect()  # in PostgreSQL, types alone differ, and those are translated as for the log
    made = [CreateTable(table), *(CreateIndex(index) for index in sorted(table.indexes, key=lambda one: str(one.name)))]
    texts = (str(statement.compile(dialect=dialect)) for statement in made)
    return ["\n".join(line.rstrip() for line in text.replace("\t", "    ").strip().splitlines()) for text in texts]


def _words(names: Any) -> str:  # noqa: ANN401 - any iterable of names
    return repr(tuple(str(name) for name in names))


def _type(annotation: Any) -> str:  # noqa: ANN401 - any annotation
    parts = get_args(annotation) or (annotation,)
    return " | ".join("None" if part in {NoneType, None} else part.__name__ for part in parts)


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(TARGET.read_text("utf-8") != compiled())
    TARGET.write_text(compiled(), "utf-8")
