"""Plug-ins of other makers (VST3, AU) in a mix, and the sentence in which a report tells of them.

What they do is not ours: no release, machine or day is promised the same bits again.  A recipe names a plug-in and
never says where it lies; the house does, for every name that it allows.
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
"""Characters; half a megabyte of settings."""

Setting = bool | Decimal | Annotated[str, StringConstraints(max_length=200)]
"""Of one parameter: a number in its own unit, a switch, or one of its words."""


class External(Recipe):
    """A plug-in, by its name under ``[plugins]`` in the store's config.toml; wants ``external = true`` at the top.

    First its ``state``, whole as the plug-in gave it, in base64; then ``parameters``, by the names it has for them.
    Its latency is made good.  How long it sounds on, as a room does, it does not tell: ``tail_s`` does.
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
        """Its state as bytes; None where it is left as it comes."""
        return None if self.state is None else base64.b64decode("".join(self.state.split()))


def external_note(place: str, plugin: str, made_by: str) -> str:
    """What a report says of one plug-in, ``not reproducible: lead-vocal goes through limiter (Maximizer 4.1)``."""
    return f"{NOT_REPRODUCIBLE}: {place} goes through {plugin} ({made_by})"


def external_noted(notes: tuple[str, ...]) -> tuple[str, ...]:
    """Those of a report's *notes* that tell of plug-ins."""
    return tuple(note for note in notes if note.startswith(f"{NOT_REPRODUCIBLE}: "))
