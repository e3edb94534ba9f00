"""Ten thousand broken MIDI files: each is refused in a sentence, or played whole; none crashes, hangs or is cut."""

from tests.dsp.midi.fuzz import try_files


def fuzz(rounds: int) -> None:
    found = try_files(rounds, seed=20)
    assert sum(found.values()) == rounds
    assert min(found.values()) > rounds // 20


DRILLS = [("midi fuzz", fuzz, 10_000, 500)]
