"""Fields of a recipe with their ranges and defaults, read from the recipe's types so that the list is complete."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from inspect import cleandoc
from itertools import chain
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from domain.core.refusal import NotFound
from domain.recipe.mix import MixRecipe
from domain.recipe.values import Recipe


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a table: its name, accepted values and default."""

    name: str
    takes: str
    default: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a recipe and its fields."""

    path: str
    """Path such as ``strips.NAME.compressor``."""
    about: str
    fields: tuple[Field, ...]


def table(name: str = "", root: type[Recipe] = MixRecipe) -> Table:
    """The table called *name*, or whose path ends with it; the whole recipe if *name* is empty.

    Raises:
        NotFound: ``recipe.table``, with the names of all tables.
    """
    tables = dict(_tables(root))
    for path, model in tables.items():
        words = [word for word in path.split(".") if word != "NAME"]
        wanted = [word for word in name.split(".") if word]
        if not wanted or words[-len(wanted) :] == wanted:
            return Table(path or "the recipe", cleandoc(model.__doc__ or "").replace("``", ""), tuple(_fields(model)))
    raise NotFound("recipe.table", f"a recipe has no table {name!r}; it has {', '.join(table_names(root))}")


def table_names(root: type[Recipe] = MixRecipe) -> list[str]:
    """The names of all tables of a recipe, sorted."""
    return sorted({path.removesuffix(".NAME").rpartition(".")[2] for path, _ in _tables(root) if path})


def table_places(root: type[Recipe] = MixRecipe) -> list[str]:
    """The tables of a recipe as ``fields`` takes them where a name alone is not enough: ``buses.delay``, sorted."""
    return sorted({path.replace(".NAME", "") for path, _ in _tables(root) if path})


def _tables(root: type[Recipe]) -> Iterator[tuple[str, type[Recipe]]]:
    """Every table once with its shortest path, breadth first."""
    seen: set[type[Recipe]] = set()
    waiting: list[tuple[str, type[Recipe]]] = [("", root)]
    for path, model in waiting:
        if model in seen:
            continue
        seen.add(model)
        yield path, model
        for name, field in model.model_fields.items():
            for many, inner in _recipes_in(field.annotation):
                waiting.append((".".join(filter(None, (path, name, "NAME" if many else ""))), inner))


def table_at(root: type[Recipe], place: Sequence[int | str]) -> type[Recipe]:
    """The innermost table on the path *place*, in which names and indices of entries are ignored."""
    table = root
    for word in place:
        field = table.model_fields.get(str(word))
        inner = [recipe for _, recipe in _recipes_in(field.annotation)] if field else []
        table = inner[0] if inner else table
    return table


def _recipes_in(kind: Any, *, many: bool = False) -> Iterator[tuple[bool, type[Recipe]]]:  # noqa: ANN401 - any annotation
    if isinstance(kind, type) and issubclass(kind, Recipe):
        yield many, kind
    for inner in get_args(kind):
        yield from _recipes_in(inner, many=many or get_origin(kind) is Mapping)


def _fields(model: type[Recipe]) -> Iterator[Field]:
    for name, field in model.model_fields.items():
        yield Field(name, takes(field.annotation, field.metadata), _default(field))


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is None or isinstance(value, Recipe | tuple | Mapping):
        return "-"
    return str(value).lower() if isinstance(value, bool) else str(value)


def takes(kind: Any, bounds: Sequence[Any] = ()) -> str:  # noqa: ANN401 - any annotation
    """The values that a field of this type and these bounds accepts, in words."""
    if hasattr(kind, "__metadata__"):
        metadata = (entry.metadata if isinstance(entry, FieldInfo) else [entry] for entry in kind.__metadata__)
        return takes(get_args(kind)[0], [*chain.from_iterable(metadata)])
    origin, inner = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        return " or ".join(takes(one, bounds) for one in inner if one is not NoneType)
    if origin in _SEVERAL:
        return _SEVERAL[origin](inner)
    return _one(kind, bounds)


_SEVERAL: Mapping[Any, Callable[[tuple[Any, ...]], str]] = {
    Literal: lambda words: ", ".join(map(str, words)),
    Mapping: lambda inner: f"by name: {takes(inner[1])}",
    tuple: lambda inner: f"a list: {takes(inner[0])}",
}


def _one(kind: Any, bounds: Sequence[Any]) -> str:  # noqa: ANN401 - any annotation
    if isinstance(kind, type) and issubclass(kind, Recipe):
        return "a table"
    low, high = ([getattr(bound, end) for bound in bounds if hasattr(bound, end)] for end in ("ge", "le"))
    if low and high:
        return f"{low[0]} to {high[0]}"
    return {bool: "true or false", int: "a whole number", Decimal: "a number"}.get(kind, "text")
