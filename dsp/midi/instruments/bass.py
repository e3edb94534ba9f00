"""Bass: a plucked string, mono, with finger noise; harder plucks are brighter."""

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

CHANNELS = 1
LOWEST, HIGHEST = 23, 67
"""Low B of a five-string bass to the twenty-fourth fret of its highest string."""

PARTIALS = 11
LEVEL = 0.42
ATTACK_S, RELEASE_S = 0.004, 0.12


def timbre(key: int, velocity: int, rate: int) -> Timbre:
    """Timbre of a bass note."""
    base = hertz(key)
    fundamental_s = 4.6 * 2.0 ** ((40 - key) / 24)
    darkness = 1.1 + 0.7 * (1 - touch(velocity, 1.0))
    level = LEVEL * touch(velocity, 1.2)
    partials = [
        [k * base / rate, fading(fundamental_s / (1 + 0.75 * (k - 1)), rate), 0.0, level / k**darkness, 0.0]
        for k in range(1, PARTIALS + 1)
        if k == 1 or k * base < 0.45 * rate
    ]
    finger = [[float(key), 0.0, fading(0.012, rate), 0.03 * rate, level * 0.1 * touch(velocity, 1.0), 0.0]]
    return Timbre(
        partials=rows(partials, PARTIAL),
        tones=rows([], TONE),
        noises=rows(finger, NOISE),
        lasts=audible_frames(fundamental_s, rate),
        attack=ATTACK_S * rate,
        release=fading(RELEASE_S, rate),
    )
