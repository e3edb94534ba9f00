"""Broken and absurd MIDI files: bytes changed, removed or doubled; and valid files that nobody could have played."""

import random
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.recipe import INSTRUMENT_NAMES, MidiRecipe
from dsp.audio import Unsound
from dsp.files.sound import inspect
from dsp.midi.file import parse
from dsp.midi.hits import remarks
from dsp.midi.play import play
from tests.dsp.midi import performances
from tests.dsp.midi.performances import events, performance, raw

RATE = 8000
LONGEST_S = 120.0
"""Limit of processor time for one file; some take mido seconds."""


def seeds() -> list[bytes]:
    """Small files of every kind."""
    pedal = events((0, [0xB0, 64, 127]), (0, [0x90, 60, 100]), (240, [60, 0]), (240, [0xB0, 64, 0]))
    tempo = events((0, [0xFF, 0x51, 3, 7, 0xA1, 0x20]), (96, [0xFF, 0x58, 4, 4, 2, 24, 8]), (9, [0xFF, 0x59, 2, 0, 0]))
    hit = events((0, [0x99, 38, 90]), (4, [0x89, 38, 0]))
    return [
        performance([(0, 1, 60, 100), (1, 0.5, 64, 80)]), performances.drums(), raw(tempo, pedal), raw(pedal, form=0),
        raw(tempo + hit, pedal, form=2), raw(hit, division=(-25 << 8) | 40), raw(pedal + hit, division=96),
    ]  # fmt: skip


def broken(dice: random.Random) -> bytes:
    """A file with up to four faults; in half of them track lengths are corrected, so that they are read."""
    data = bytearray(dice.choice(SEEDS))
    for _ in range(dice.randint(1, 4)):
        _wound(data, dice)
    return _mended(bytes(data)) if dice.random() < MENDED else bytes(data)


def _wound(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data) + 1)
    match dice.randrange(7):
        case 0 | 1:
            data[at : at + 1] = dice.randbytes(1)
        case 2:
            del data[at : at + dice.randint(1, 9)]
        case 3:
            data[at:at] = dice.randbytes(dice.randint(1, 9))
        case 4:
            data[at:at] = data[at : at + dice.randint(1, 60)]
        case 5:
            data[at : at + 4] = dice.choice([b"\xff\xff\xff\x7f", b"\0\0\0\0", b"\xff\x51\x03\0", b"MTrk"])
        case _:
            del data[dice.choice([at, len(data)]) :]


def _mended(data: bytes) -> bytes:
    head, *tracks = data.split(b"MTrk")
    ended = [track[4:] if track.endswith(b"\xff\x2f\0") else track[4:] + b"\0\xff\x2f\0" for track in tracks]
    return head + b"".join(b"MTrk" + len(track).to_bytes(4) + track for track in ended)


def wild(dice: random.Random) -> bytes:
    """A valid file that nobody would have played: any messages, pauses, tempos and divisions."""
    longest = dice.choice([*[9] * 15, 16, 28])
    tracks = [events(*(_message(dice, longest) for _ in range(dice.randrange(60)))) for _ in range(dice.randint(1, 4))]
    division = dice.choice([1, 24, 96, 480, 32_767, dice.randrange(1, 32_768), (-25 << 8) | 40, (-29 << 8) | 255])
    return raw(*tracks, form=dice.randrange(3), division=division)


def _message(dice: random.Random, longest: int) -> tuple[int, list[int]]:
    pause = int(2 ** dice.uniform(0, longest)) - 1
    channel, one, two = dice.choice([0, 0, 9, dice.randrange(16)]), dice.randrange(128), dice.randrange(128)
    tempo = [0xFF, 0x51, 3, dice.choice([0, 7, 255]), dice.randrange(256), dice.randrange(256)]
    strokes = [[0x90 | channel, one, two], [0x80 | channel, one, two], [0x90 | channel, 36 + one % 24, two]]
    controls = [[0xB0 | channel, dice.choice([64, 120, 121, 123, one]), two], [0xE0 | channel, one, two]]
    return pause, dice.choice([*strokes, *strokes, *controls, tempo, [0xC0 | channel, one], [0xF0, 2, one, 0xF7]])


MENDED = 0.7
SEEDS = seeds()


def try_files(rounds: int, seed: int) -> dict[str, int]:
    """Read, check and play random files: each is refused in a sentence, or gives finite sound of its full length.

    Returns:
        Numbers of files played and refused.
    """
    dice, found = random.Random(seed), {"played": 0, "refused": 0}  # noqa: S311 - a seed, so that a failure comes again
    with TemporaryDirectory() as folder:
        for number in range(rounds):
            data, began = dice.choice((broken, wild))(dice), time.process_time()
            recipe = MidiRecipe(
                instrument=dice.choice(INSTRUMENT_NAMES), version=1, quantise=dice.choice([None, "1/16", "1/8T"])
            )
            try:
                found["played" if _plays(data, recipe, Path(folder) / "out.wav") else "refused"] += 1
            except Exception as error:
                raise AssertionError(f"file {number} of seed {seed}: {data.hex()}") from error
            assert time.process_time() - began < LONGEST_S, f"file {number} of seed {seed} takes too long: {data.hex()}"
    return found


def _plays(data: bytes, recipe: MidiRecipe, path: Path) -> bool:
    try:
        score = parse(data)
        list(remarks(score, recipe.instrument))
        made = play(score, recipe, RATE, path)
    except Unsound as refusal:
        assert refusal.reason.isprintable(), "one line"  # noqa: PT017 - either outcome is right, so none can be awaited
        assert not path.exists()
        return False
    facts = inspect(path)
    assert (facts.frames, facts.pcm) == (made.frames, made.pcm)
    path.unlink()
    return True
