"""What may stand on a bus: rooms, made and recorded, echoes, and what moves."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import Field, model_validator

from domain.recipe.values import Frequency, Milliseconds, Recipe, Share, Word, between

Tempo = Annotated[Decimal, between("20", "400")]
"""Quarter notes a minute."""
Note = Annotated[str, Field(pattern=r"^1/(1|2|4|8|16|32)[.t]?$")]
"""A note's length: ``1/8`` is an eighth, ``1/8.`` a dotted one (half as long again), ``1/8t`` one of a triplet."""

LONGEST_ECHO_MS = 4000
_DOTS = {"": Decimal(1), ".": Decimal("1.5"), "t": Decimal(2) / 3}
QUARTER_OF_A_MINUTE_MS = 60_000


def note_ms(note: str, tempo_bpm: Decimal) -> Decimal:
    """How long a *note* lasts at *tempo_bpm*."""
    found = re.fullmatch(r"1/(\d+)([.t]?)", note)
    assert found is not None, "the recipe has checked it"
    quarters = Decimal(4) / int(found[1]) * _DOTS[found[2]]
    return quarters * QUARTER_OF_A_MINUTE_MS / tempo_bpm


class Reverb(Recipe):
    """A room: size, damping and width from 0 to 1, and how long before the first reflection."""

    size: Share = Decimal("0.5")
    damping: Share = Decimal("0.5")
    width: Share = Decimal(1)
    pre_delay_ms: Milliseconds = Decimal(0)


class Convolution(Recipe):
    """A recorded room, plate or box: all that is sent goes through an impulse response; how loud is the bus's gain.

    The impulse is a file, given as ``--impulse NAME=FILE`` when the mix is revised; later revisions keep it.
    """

    impulse: Word
    """Its name."""
    pre_delay_ms: Milliseconds = Decimal(0)
    normalise: bool = True
    """To unit energy, so that what is sent comes back about as loud; else a sample of 1 passes it on as it is."""

    @property
    def heard(self) -> tuple[str, bool]:
        """What tells two impulses apart: the name, and whether it is normalised."""
        return self.impulse, self.normalise


class Delay(Recipe):
    """An echo, timed in milliseconds or, by the recipe's ``tempo_bpm``, in notes.

    The filters stand within its loop, so that each echo is duller, or thinner, than the one before it.
    """

    time_ms: Annotated[Decimal, between("1", "2000")] | None = None
    note: Note | None = None
    feedback: Annotated[Decimal, between("0", "0.95")] = Decimal("0.3")
    ping_pong: bool = False
    """Echoes in mono, left and right in turn, the first one left."""
    high_pass_hz: Frequency | None = None
    low_pass_hz: Frequency | None = None
    """First order, 6 dB per octave each time round."""

    @model_validator(mode="after")
    def _timed_in_one_way(self) -> "Delay":
        if (self.time_ms is None) == (self.note is None):
            raise ValueError('an echo has either time_ms or note, such as "1/8."')
        return self


class Chorus(Recipe):
    """Voices that drift around their pitch: how fast, how far, how late, and how much goes round again."""

    rate_hz: Annotated[Decimal, between("0.01", "20")] = Decimal(1)
    depth: Share = Decimal("0.25")
    centre_delay_ms: Annotated[Decimal, between("1", "100")] = Decimal(7)
    feedback: Annotated[Decimal, between("-0.9", "0.9")] = Decimal(0)
    mix: Share = Decimal(1)


class Phaser(Recipe):
    """All-pass filters that sweep around a frequency, mixed with what went in."""

    rate_hz: Annotated[Decimal, between("0.01", "20")] = Decimal("0.5")
    depth: Share = Decimal("0.5")
    centre_hz: Annotated[Decimal, between("50", "10000")] = Decimal(1300)
    feedback: Annotated[Decimal, between("-0.9", "0.9")] = Decimal(0)
    mix: Share = Decimal("0.5")
