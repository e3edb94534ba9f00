"""Plug-ins of other makers (VST3, AU) in a mix, and the note about them in a report.

Their output is not reproducible: another release, another machine or another day may give other bits.  A recipe names a
plug-in but not its path; the configuration of the store holds the path of every name that it allows.
"""

import base64
import binascii
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field, StringConstraints, field_validator

from domain.recipe.values import Recipe, Word, between

NOT_REPRODUCIBLE: Final = "not reproducible"
MOST_STATE: Final = 700_000
"""Characters of base64; about half a megabyte of settings."""

Setting = bool | Decimal | Annotated[str, StringConstraints(max_length=200)]
"""Value of one parameter: a number in its own unit, a switch, or one of its words."""


class External(Recipe):
    """A plug-in by its name under ``[plugins]`` in config.toml; the recipe must have ``external = true`` at the top.

    ``state``, the plug-in's own state in base64, is loaded first; then ``parameters`` are set, by the plug-in's names.
    Its latency is compensated.  Plug-ins do not report the length of their tail: ``tail_s`` sets it.
    """

    plugin: Word
    state: Annotated[str, StringConstraints(max_length=MOST_STATE)] | None = None
    parameters: Annotated[Mapping[str, Setting], Field(max_length=1000)] = Field(default_factory=dict)
    tail_s: Annotated[Decimal, between("0", "30")] = Decimal(0)

    @field_validator("state")
    @classmethod
    def _is_base64(cls, state: str | None) -> str | None:
        try:
            base64.b64decode("".join((state or "").split()), validate=True)
        except (binascii.Error, ValueError):
            raise ValueError("must be base64, as the list of plug-ins prints it") from None
        return state

    @property
    def state_bytes(self) -> bytes | None:
        """State as bytes; None leaves the plug-in's default."""
        return None if self.state is None else base64.b64decode("".join(self.state.split()))


def external_note(place: str, plugin: str, made_by: str) -> str:
    """The note of a report about one plug-in: ``not reproducible: lead-vocal goes through limiter (Maximizer 4.1)``."""
    return f"{NOT_REPRODUCIBLE}: {place} goes through {plugin} ({made_by})"


def external_noted(notes: tuple[str, ...]) -> tuple[str, ...]:
    """The *notes* of a report that are about plug-ins."""
    return tuple(note for note in notes if note.startswith(f"{NOT_REPRODUCIBLE}: "))
