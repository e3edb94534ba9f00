"""Effects of a bus: reverb, convolution, delay, chorus and phaser."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import Field, model_validator

from domain.recipe.values import Frequency, Milliseconds, Recipe, Share, Word, between

Tempo = Annotated[Decimal, between("20", "400")]
"""Quarter notes a minute."""
Note = Annotated[str, Field(pattern=r"^1/(1|2|4|8|16|32)[.t]?$")]
"""A note value: ``1/8`` is an eighth, ``1/8.`` dotted (half as long again), ``1/8t`` a triplet eighth."""

LONGEST_ECHO_MS = 4000
_DOTS = {"": Decimal(1), ".": Decimal("1.5"), "t": Decimal(2) / 3}
QUARTER_OF_A_MINUTE_MS = 60_000


def note_ms(note: str, tempo_bpm: Decimal) -> Decimal:
    """Length of *note* at *tempo_bpm*, in milliseconds."""
    found = re.fullmatch(r"1/(\d+)([.t]?)", note)
    assert found is not None, "the recipe has checked it"
    quarters = Decimal(4) / int(found[1]) * _DOTS[found[2]]
    return quarters * QUARTER_OF_A_MINUTE_MS / tempo_bpm


class Reverb(Recipe):
    """An algorithmic room: size, damping and width from 0 to 1, and the delay before the first reflection."""

    size: Share = Decimal("0.5")
    damping: Share = Decimal("0.5")
    width: Share = Decimal(1)
    pre_delay_ms: Milliseconds = Decimal(0)


class Convolution(Recipe):
    """A recorded room, plate or box: convolution with an impulse response; the bus's gain sets the level.

    The impulse is a file, given as ``--impulse NAME=FILE`` when the mix is revised; later revisions keep it.
    """

    impulse: Word
    """Name of the impulse."""
    pre_delay_ms: Milliseconds = Decimal(0)
    normalise: bool = True
    """Scale to unit energy, so that the return is about as loud as the send; else a sample of 1 passes unchanged."""

    @property
    def impulse_key(self) -> tuple[str, bool]:
        """Key of a loaded impulse: its name, and True if it is normalised."""
        return self.impulse, self.normalise


class Delay(Recipe):
    """An echo, timed in milliseconds or, by the recipe's ``tempo_bpm``, in notes.

    The filters lie in the feedback loop, so that each echo is duller or thinner than the echo before it.
    """

    time_ms: Annotated[Decimal, between("1", "2000")] | None = None
    note: Note | None = None
    feedback: Annotated[Decimal, between("0", "0.95")] = Decimal("0.3")
    ping_pong: bool = False
    """Mono echoes left and right in turn, the first one left."""
    high_pass_hz: Frequency | None = None
    low_pass_hz: Frequency | None = None
    """First-order filters, 6 dB per octave on each pass of the loop."""

    @model_validator(mode="after")
    def _timed_in_one_way(self) -> "Delay":
        if (self.time_ms is None) == (self.note is None):
            raise ValueError('an echo has either time_ms or note, such as "1/8."')
        return self


class Chorus(Recipe):
    """A chorus: delayed voices whose pitch drifts around the original."""

    rate_hz: Annotated[Decimal, between("0.01", "20")] = Decimal(1)
    depth: Share = Decimal("0.25")
    centre_delay_ms: Annotated[Decimal, between("1", "100")] = Decimal(7)
    feedback: Annotated[Decimal, between("-0.9", "0.9")] = Decimal(0)
    mix: Share = Decimal(1)


class Phaser(Recipe):
    """All-pass filters that sweep around a frequency, mixed with the input."""

    rate_hz: Annotated[Decimal, between("0.01", "20")] = Decimal("0.5")
    depth: Share = Decimal("0.5")
    centre_hz: Annotated[Decimal, between("50", "10000")] = Decimal(1300)
    feedback: Annotated[Decimal, between("-0.9", "0.9")] = Decimal(0)
    mix: Share = Decimal("0.5")
