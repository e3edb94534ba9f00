"""Drums: a kit from the drummer's perspective; keys are those of General MIDI."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from dsp.midi.instruments.timbre import NOISE, PARTIAL, TONE, Timbre, audible_frames, fading, rows, touch

CHANNELS = 2
LOWEST, HIGHEST = 35, 59

OPEN_HAT: Final = 46
CHOKES: Final = frozenset({42, 44, 46})
"""Keys that end an open hat: pedal, closed and open hat."""

Table: TypeAlias = Sequence[Sequence[float]]
Sides: TypeAlias = tuple[float, float]
Drum: TypeAlias = Callable[[float, int], Timbre]
"""Makes the timbre of a drum from its level and the rate."""

CENTRE: Final[Sides] = (0.71, 0.71)


def timbre(key: int, velocity: int, rate: int) -> Timbre:
    """Timbre of a stroke on the kit.  Raises: LookupError; the kit has no such drum."""
    return KIT[key](touch(velocity, 1.5), rate)


def _kick(level: float, rate: int) -> Timbre:
    level *= 0.85
    skin = [47 / rate, 3.4, fading(0.14, rate), fading(0.5, rate), *_at(level, CENTRE)]
    beater = [1.0, 1.0, fading(0.012, rate), 0.03 * rate, *_at(0.09 * level, CENTRE)]
    return _struck(0.5, rate, tones=[skin], noises=[beater])


def _snare(level: float, rate: int) -> Timbre:
    level *= 0.5
    shell = [[185 / rate, 0.35, fading(0.05, rate), fading(0.26, rate), *_at(0.75 * level, CENTRE)],
             [331 / rate, 0.2, fading(0.04, rate), fading(0.16, rate), *_at(0.35 * level, CENTRE)]]  # fmt: skip
    wires = [[2.0, 1.0, fading(0.34, rate), 0.5 * rate, *_at(0.36 * level, CENTRE)],
             [3.0, 0.0, fading(0.16, rate), 0.3 * rate, *_at(0.26 * level, CENTRE)]]  # fmt: skip
    return _struck(0.34, rate, tones=shell, noises=wires)


def _stick(level: float, rate: int) -> Timbre:
    sides = _at(0.3 * level, CENTRE)
    wood = [[hz / rate, fading(0.07, rate), 0.0, *sides] for hz in (540.0, 1240.0, 2130.0)]
    return _struck(0.08, rate, partials=wood, noises=[[4.0, 1.0, fading(0.02, rate), 0.03 * rate, *sides]])


def _clap(level: float, rate: int) -> Timbre:
    sides = _at(0.34 * level, (0.78, 0.62))
    noises = [[5.0, 1.0, fading(0.3, rate), 0.4 * rate, *sides], [6.0, 0.0, fading(0.03, rate), 0.06 * rate, *sides]]
    return _struck(0.3, rate, noises=noises)


def _tom(hz: float, sides: Sides) -> Drum:
    def drum(level: float, rate: int) -> Timbre:
        length_s = 0.75 * (110 / hz) ** 0.5
        both = _at(0.5 * level, sides)
        skin = [hz / rate, 0.9, fading(0.2, rate), fading(length_s, rate), *both]
        shell = [1.58 * hz / rate, 0.4, fading(0.1, rate), fading(0.4 * length_s, rate), *_at(0.2 * level, sides)]
        return _struck(
            length_s, rate, tones=[skin, shell], noises=[[7.0, 1.0, fading(0.015, rate), 0.03 * rate, *both]]
        )

    return drum


HAT_HZ = (3170.0, 4290.0, 5410.0, 6650.0, 7930.0, 9710.0)
BRONZE_HZ = (411.0, 1030.0, 2270.0, 3110.0, 4370.0, 5290.0, 6830.0, 8370.0)


def _hat(length_s: float, shut_s: float | None = None) -> Drum:
    def drum(level: float, rate: int) -> Timbre:
        sound = _bronze(rate, HAT_HZ, length_s, (0.028, 0.085), _at(level, (0.55, 0.83)))
        return replace(sound, release=fading(shut_s, rate)) if shut_s else sound

    return drum


def _cymbal(length_s: float, tune: float, sides: Sides, wash: float = 0.12) -> Drum:
    def drum(level: float, rate: int) -> Timbre:
        return _bronze(rate, [tune * hz for hz in BRONZE_HZ], length_s, (0.034, wash), _at(level, sides))

    return drum


def _bronze(
    rate: int, partials_hz: Sequence[float], length_s: float, mixture: tuple[float, float], sides: list[float]
) -> Timbre:
    """Metal: partials and noise at the levels of *mixture* (bell, wash)."""
    (bell, wash), (left, right) = mixture, sides
    partials = [
        [hz / rate, fading(length_s / (1 + 0.12 * number), rate), 0.37 * number, bell * left, bell * right]
        for number, hz in enumerate(partials_hz)
        if hz < 0.45 * rate
    ]
    noises = [[8.0, 2.0, fading(0.8 * length_s, rate), 1.2 * length_s * rate, wash * left, wash * right],
              [9.0, 1.0, fading(0.3 * length_s, rate), 0.5 * length_s * rate, wash * left, wash * right]]  # fmt: skip
    return _struck(length_s, rate, partials=partials, noises=noises)


def _cowbell(level: float, rate: int) -> Timbre:
    sides = _at(0.2 * level, (0.83, 0.55))
    return _struck(0.25, rate, partials=[[hz / rate, fading(0.25, rate), 0.0, *sides] for hz in (562.0, 845.0, 1690.0)])


def _at(level: float, sides: Sides) -> list[float]:
    return [level * side for side in sides]


def _struck(length_s: float, rate: int, *, partials: Table = (), tones: Table = (), noises: Table = ()) -> Timbre:
    return Timbre(
        partials=rows(partials, PARTIAL),
        tones=rows(tones, TONE),
        noises=rows(noises, NOISE),
        lasts=audible_frames(length_s, rate),
        attack=0.0004 * rate,
    )


KIT: Final[Mapping[int, Drum]] = {
    **dict.fromkeys((35, 36), _kick),
    37: _stick,
    **dict.fromkeys((38, 40), _snare),
    39: _clap,
    41: _tom(73, (0.35, 0.94)), 43: _tom(87, (0.42, 0.91)), 45: _tom(104, (0.5, 0.87)), 47: _tom(123, (0.6, 0.8)),
    48: _tom(147, (0.8, 0.6)), 50: _tom(175, (0.87, 0.5)),
    **dict.fromkeys((42, 44), _hat(0.11)),
    OPEN_HAT: _hat(0.9, shut_s=0.06),
    49: _cymbal(2.4, 1.0, (0.85, 0.53)), 57: _cymbal(2.8, 0.87, (0.53, 0.85)),
    52: _cymbal(1.6, 1.19, (0.53, 0.85), 0.16), 55: _cymbal(0.8, 1.6, (0.85, 0.53)),
    51: _cymbal(1.9, 1.12, (0.5, 0.87), 0.03), 59: _cymbal(1.9, 1.07, (0.5, 0.87), 0.035),
    53: _cymbal(1.2, 1.33, (0.5, 0.87), 0.012),
    54: _hat(0.16),
    56: _cowbell,
}  # fmt: skip
"""By key: kick, stick, snare, clap, toms, hats, cymbals, tambourine, cowbell."""
