"""Groups of options that several commands share: declared once, as the fields of a dataclass.

Tests: ``tests/orchestrator/cli/shell/test_option_groups.py``.
"""

import inspect
from collections.abc import Iterable, Iterator, Mapping
from typing import Any


class OptionGroup:
    """Base of the dataclasses whose fields are options, annotated as in a command's own parameters.

    A command takes all of them by one parameter of that class; they are parsed and shown in help at its place.
    """


def expand(parameters: Iterable[inspect.Parameter]) -> Iterator[inspect.Parameter]:
    """*parameters*, with the options of each group instead of the group."""
    for parameter in parameters:
        if _is_group(parameter.annotation):
            yield from _options(parameter.annotation)
        else:
            yield parameter


def gather(parameters: Iterable[inspect.Parameter], given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a command by parameter: those *given*, with each group made from the values of its options."""
    return {
        parameter.name: parameter.annotation(**{one.name: given[one.name] for one in _options(parameter.annotation)})
        if _is_group(parameter.annotation)
        else given[parameter.name]
        for parameter in parameters
    }


def _is_group(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, OptionGroup)


def _options(group: type) -> Iterable[inspect.Parameter]:
    return inspect.signature(group, eval_str=True).parameters.values()
