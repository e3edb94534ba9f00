"""Parts edited elsewhere: refusals, notes, the takes on which they depend, and the mixes that use them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from domain.takes.outside_comps import CompSubmitted
from flows.vault.vault import Vault
from orchestrator.studio import Studio
from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import RATE, note

DRUMS, BASS = f"{SONG}/drums", f"{SONG}/bass"
FRAMES = 2 * RATE
Signal = NDArray[np.float64]


def band(seed: int) -> Signal:
    """Noise with an envelope that swells and fades, like an instrument."""
    return 0.1 * np.random.default_rng(seed).standard_normal(FRAMES) * np.hanning(FRAMES)


def written(path: Path, signal: Signal, *, subtype: str = "PCM_24", rate: int = RATE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, signal, rate, subtype=subtype)
    return path


@pytest.fixture
def tracked(tmp_path: Path) -> Label:
    """A song with an approved take of drums, two tracks of it, and one of bass; the drums are rendered."""
    label = open_label(tmp_path, "drums", "bass")
    kit = [written(tmp_path / "in" / f"{name}.wav", band(seed)) for seed, name in enumerate(("kick", "snare"))]
    label.does("take", "ingest", DRUMS, *kit, "--together")
    label.does("take", "ingest", BASS, note(tmp_path / "in" / "b.wav", 80, seconds=2.0, channels=2))
    label.does("take", "approve", f"{DRUMS}/1", f"{BASS}/1")
    label.renders()
    return label


def edited(
    folder: Path, change: Callable[[Signal], Signal] = lambda signal: 0.5 * signal, subtype: str = "PCM_24"
) -> tuple[str, str]:
    """Both tracks of the drums, changed."""
    kick, snare = (
        written(folder / f"{name}.wav", change(band(seed)), subtype=subtype)
        for seed, name in enumerate(("kick", "snare"))
    )
    return f"kick={kick}", f"snare={snare}"


def keeper(label: Label, part: str = DRUMS) -> str:
    return str(label.data("part", "show", part)["keeper"])


def late(signal: Signal) -> Signal:
    return np.concatenate([np.zeros(480), signal])[:FRAMES]


def test_an_edit_that_is_sound_comes_in_without_a_word_and_is_what_leaves(tracked: Label, tmp_path: Path) -> None:
    said = tracked.data("comp", "submit", DRUMS, *edited(tmp_path), "--by", "Lou")
    assert said == {"address": DRUMS, "notes": []}
    assert keeper(tracked) == "take 1, edited by Lou"
    first = tracked.data("comp", "show", DRUMS)[0]
    assert (first["layer"], first["take"], first["to"]) == (0, "edited outside by Lou, from:", "0:02")
    tracked.does("export", DRUMS, tmp_path / "out")
    heard, _ = soundfile.read(tmp_path / "out" / "tin-roof_drums_kick.wav")
    brought, _ = soundfile.read(tmp_path / "kick.wav")
    assert np.array_equal(heard, brought)


def test_what_an_export_named_comes_back_without_naming_its_tracks(tracked: Label, tmp_path: Path) -> None:
    tracked.does("export", DRUMS, tmp_path / "out")
    files = sorted((tmp_path / "out").iterdir())
    assert tracked.data("comp", "submit", DRUMS, *files, "--by", "Lou")["notes"] == []


def test_a_part_of_one_track_comes_back_as_one_file_whatever_it_is_called(tracked: Label, tmp_path: Path) -> None:
    file = note(tmp_path / "Bass final FINAL.wav", 81, seconds=2.0, channels=2)
    tracked.does("comp", "submit", BASS, file, "--by", "Lou")
    assert keeper(tracked, BASS) == "take 1, edited by Lou"


def test_a_file_with_a_channel_a_track_is_taken_apart_and_it_is_said_how(tmp_path: Path) -> None:
    label = open_label(tmp_path, "drums")
    kit = [written(tmp_path / f"{name}.wav", band(seed)) for seed, name in enumerate(("kick", "snare", "room"))]
    label.does("take", "ingest", DRUMS, *kit, "--together")
    label.does("take", "approve", f"{DRUMS}/1")
    poly = written(tmp_path / "poly.wav", np.column_stack([0.5 * band(seed) for seed in range(3)]))
    notes = label.data("comp", "submit", DRUMS, poly, "--by", "Lou")["notes"]
    assert notes[0] == "the channels of poly.wav are taken as kick, snare, room"
    assert "sync was not checked" in notes[1]
    label.does("export", DRUMS, tmp_path / "out")
    assert len(list((tmp_path / "out").iterdir())) == 3


def test_an_edit_that_lies_late_everywhere_is_refused_with_its_distance(tracked: Label, tmp_path: Path) -> None:
    said = tracked.refuses(6, "comp", "submit", DRUMS, *edited(tmp_path, late), "--by", "Lou")
    assert said.rule == "comp.tracks"
    assert "kick lies 480 frames (10.0 ms) behind the edit that was given" in said.err


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (lambda signal: signal[:-1], 6, "95999 frames, the edit has 96000: -1"),
        (lambda signal: 0 * signal, 6, "there is nothing on them"),
        (lambda signal: np.column_stack([signal, signal]), 3, "kick has 2 channels; it was given with 1"),
    ],
)  # fmt: skip
def test_what_is_no_edit_of_this_part_is_refused(
    tracked: Label, tmp_path: Path, change: Callable[[Signal], Signal], code: int, said: str
) -> None:
    assert said in tracked.refuses(code, "comp", "submit", DRUMS, *edited(tmp_path, change), "--by", "Lou").err


def test_other_rates_few_bits_and_other_tracks_are_refused(tracked: Label, tmp_path: Path) -> None:
    kick, snare = edited(tmp_path)
    other = written(tmp_path / "other.wav", band(0), rate=44_100)
    low = written(tmp_path / "low.wav", band(0), subtype="PCM_U8")
    words = ("comp", "submit", DRUMS)
    assert tracked.refuses(3, *words, f"kick={other}", snare, "--by", "Lou").rule == "rate.match"
    assert "8 bits" in tracked.refuses(3, *words, f"kick={low}", snare, "--by", "Lou").err
    assert "snare is missing" in tracked.refuses(3, *words, kick, "--by", "Lou").err
    assert "tuba is none" in tracked.refuses(3, *words, kick, snare, f"tuba={other}", "--by", "Lou").err
    assert "two files" in tracked.refuses(2, *words, kick, kick, "--by", "Lou").err
    assert "names no track" in tracked.refuses(2, *words, kick, other, "--by", "Lou").err
    assert tracked.refuses(2, *words, kick, snare, "--by", " ").rule == "comp.submit"
    assert tracked.refuses(4, *words, tmp_path / "gone.wav", "--by", "Lou").rule == "file.missing"


def test_clipping_few_bits_and_ends_that_went_silent_are_mentioned_and_taken(tracked: Label, tmp_path: Path) -> None:
    def ruined(signal: Signal) -> Signal:
        loud = np.clip(100 * signal, -1, 1)
        loud[: 3 * RATE // 2] = 0
        return loud

    notes = tracked.data("comp", "submit", DRUMS, *edited(tmp_path, ruined, "PCM_16"), "--by", "Lou")["notes"]
    assert "kick: 16 bits; mixing is better given 24" in notes
    assert any("kick: clips" in one for one in notes)
    assert any("kick: silent until 1.5 s; what was given sounds 0.0-" in one for one in notes)


def test_a_part_that_nobody_was_given_anything_of_has_nothing_to_stand_on(label: Label, tmp_path: Path) -> None:
    file = note(tmp_path / "a.wav", 80)
    assert label.refuses(4, "comp", "submit", DRUMS, file, "--by", "Lou").rule == "comp.empty"
    assert label.refuses(4, "comp", "manifest", DRUMS).rule == "comp.empty"


def test_it_stands_on_what_its_maker_was_given_and_on_nothing_that_came_since(tracked: Label, tmp_path: Path) -> None:
    given = tracked.does("comp", "manifest", DRUMS)
    of_song = tracked.does("comp", "manifest", SONG)
    tracked.does("edit", "part", f"{DRUMS}/1", "--gain", "-2")
    assert tracked.does("comp", "manifest", DRUMS) != given
    said = tracked.run("comp", "submit", DRUMS, *edited(tmp_path), "--by", "Lou", "--from", given[:12])
    assert said.code == 0
    assert "does not hold" in said.err
    assert keeper(tracked) == "take 1"
    tracked.does("edit", "part", f"{DRUMS}/1", "--reset")
    assert keeper(tracked) == "take 1, edited by Lou"
    again = tracked.head
    tracked.does("comp", "submit", DRUMS, *edited(tmp_path), "--by", "Lou", "--from", of_song)
    assert tracked.head == again, "a song's hash and a part's name the same moment"
    of_edit = tracked.does("comp", "manifest", DRUMS)
    assert of_edit != given, "who is given it now is given what came back"
    tracked.does(
        "comp", "submit", DRUMS, *edited(tmp_path, lambda signal: 0.4 * signal), "--by", "Ann", "--from", of_edit
    )
    assert keeper(tracked) == "take 1, edited by Ann"


def test_a_hash_that_never_was_or_is_none_is_refused(tracked: Label, tmp_path: Path) -> None:
    words = ("comp", "submit", DRUMS, *edited(tmp_path), "--by", "Lou", "--from")
    assert tracked.refuses(4, *words, "0123456789").rule == "comp.from"
    assert tracked.refuses(2, *words, "the one of Tuesday").rule == "comp.from"


def test_the_mix_is_made_of_it_and_rebuilt_from_it_and_says_so(tracked: Label, tmp_path: Path) -> None:
    tracked.does("mix", "revise", SONG, tracked.mix_recipe("drums", "bass"))
    tracked.does("comp", "submit", DRUMS, *edited(tmp_path), "--by", "Lou", "--why", "tighter")
    assert tracked.renders() == [f"{SONG}@mix1"]
    made = {row["subject"]: row["how"] for row in tracked.data("rebuild", f"{SONG}@mix1")}
    assert made[f"{DRUMS} kick"] == "made outside, bytes kept"
    assert made[f"{SONG}@mix1"] == "rebuilt, equal to the bit"
    told = tracked.does("why", f"{SONG}@mix1")
    assert "edit taken in from Lou" in told
    assert '"tighter"' in told
    assert "edited outside by Lou, bytes kept: kick " in told
    assert "Lou worked from the following" in tracked.does("why", f"{SONG}@mix1@0:01")
    assert "edited by Lou" in tracked.does("undo")
    assert keeper(tracked) == "take 1"
    assert tracked.renders() == [f"{SONG}@mix1"]


def test_its_files_belong_to_the_proof_and_to_what_the_vault_holds(tracked: Label, tmp_path: Path) -> None:
    before = {row["what"]: row["files"] for row in tracked.data("vault", "usage", "night-bus")}
    tracked.does("comp", "submit", DRUMS, *edited(tmp_path), "--by", "Lou")
    tracked.does("mix", "revise", SONG, tracked.mix_recipe("drums"))
    tracked.renders()
    after = {row["what"]: row["files"] for row in tracked.data("vault", "usage", "night-bus")}
    assert after[f"{SONG} comps"] == before[f"{SONG} comps"] + 2
    tracked.does("log", "verify", "--audio=night-bus")
    with Studio.at(str(tracked.folder)) as studio:
        (brought,) = [one.event for one in studio.read_all() if isinstance(one.event, CompSubmitted)]
        path = Vault(studio.config.vault).path(brought.tracks[0].sound.blob)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    said = tracked.run("log", "verify", "--audio=night-bus")
    assert said.code == 9
    assert f"{DRUMS} kick" in said.out + said.err
    assert "made outside, and its bytes changed" in tracked.run("rebuild", f"{SONG}@mix1").err
