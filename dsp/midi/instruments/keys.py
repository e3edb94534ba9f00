"""Keys: a small piano, two strings a key, with some hammer noise, its keys panned from left to right.

Partials of a stiff string lie at k f sqrt(1 + B k²) (Fletcher, JASA 36, 1964); a hammer that strikes at an eighth of
the string suppresses every eighth partial, and soft strokes are darker.
"""

import math

from dsp.midi.instruments.timbre import (
    NOISE,
    PARTIAL,
    TONE,
    Timbre,
    audible_frames,
    fading,
    hertz,
    rows,
    touch,
)

CHANNELS = 2
LOWEST, HIGHEST = 21, 108
LAST_DAMPER = 88
"""Highest key with a damper."""

PARTIALS = 12
HIGHEST_HZ = 11_000.0
STRINGS = ((-0.00017, 0.62, 0.38, 0.0), (0.00019, 0.38, 0.62, 0.13))
"""Detuning, share of left and right, phase in turns: two strings of a key, a third of a cent off pitch."""
LEVEL = 0.19
ATTACK_S, RELEASE_S = 0.0012, 0.28


def timbre(key: int, velocity: int, rate: int) -> Timbre:
    """Timbre of a piano key."""
    base, fundamental_s = hertz(key), min(14.0, max(0.5, 8.0 * 2.0 ** ((60 - key) / 20)))
    stiffness = 0.0003 * 2.0 ** ((key - 60) / 18)
    darkness = 1.0 + 1.3 * (1 - touch(velocity, 1.0)) + max(0, key - 60) / 60
    side = min(1.0, max(-1.0, (key - 64) / 44)) * 0.35
    found = []
    for k in range(1, PARTIALS + 1):
        hz = k * base * math.sqrt(1 + stiffness * k * k)
        if hz > min(HIGHEST_HZ, 0.45 * rate) and k > 1:
            break
        level = LEVEL * touch(velocity, 1.4) * abs(math.sin(math.pi * k / 8.4)) / math.sin(math.pi / 8.4) / k**darkness
        fade = fading(fundamental_s / (1 + 0.3 * (k - 1)), rate)
        found += [
            [hz * (1 + off) / rate, fade, phase * k, level * left * (1 - side), level * right * (1 + side)]
            for off, left, right, phase in STRINGS
        ]
    thud = LEVEL * 0.16 * touch(velocity, 2.0)
    hammer = [[float(key), 0.0, fading(0.03, rate), 0.05 * rate, thud * (1 - side), thud * (1 + side)]]
    return Timbre(
        partials=rows(found, PARTIAL),
        tones=rows([], TONE),
        noises=rows(hammer, NOISE),
        lasts=audible_frames(fundamental_s, rate),
        attack=ATTACK_S * rate,
        release=fading(RELEASE_S, rate) if key <= LAST_DAMPER else 0.0,
    )
