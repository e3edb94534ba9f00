"""Part, track and take of file names, by the schemes of their makers."""

import pytest

from orchestrator.desk.intake.recorder_file_names import guess


@pytest.mark.parametrize(
    ("stem", "part", "track", "number"),
    [
        ("Kick In_03", "Drums", "Kick In", 3),
        ("01 - bass_01", "Bass", "main", 1),
        ("Audio 1_01.L", "Audio 1", "main L", 1),
        ("OH_02.R", "Drums", "OH R", 2),
        ("OH_02.01.R", "Drums", "OH R", 2),
        ("Vox.01_02", "Vox", "main", 2),
        ("Vox_01-02", "Vox", "main", 1),
        ("03-Lead Vox-240101_1423", "Lead Vox", "main", None),
        ("Snare Top#02", "Drums", "Snare Top", 2),
        ("Lead Vocal_1#02", "Lead Vocal 1", "main", 2),
        ("Lead Vox(2)", "Lead Vox", "main", 2),
        ("2-Lead Vox 0002 [2026-01-05 142302]", "Lead Vox", "main", 2),
        ("260105_001_Tr1", "Track 1", "main", 1),
        ("Scene001-T004_Tr1_2", "Track 1-2", "main", 4),
        ("ZOOM0002_TrLR", "Track LR", "main", 2),
        ("Scene001-T001_Tr1_D", "Track 1", "safety", 1),
        ("Tr3_02", "Track 3", "main", 2),
        ("SCENE12A-T03_2", "Track 2", "main", 3),
        ("S01T02_1", "Track 1", "main", 2),
        ("12A-T03", "12A", "main", 3),
        ("TASCAM_0007_1-2", "Track 1-2", "main", 7),
        ("TASCAM_0007S12", "Track 12", "main", 7),
        ("T002_20150901-112313_001_05", "Track 5", "main", 2),
        ("Gtr take 3", "Gtr", "main", 3),
        ("Bass DI_04", "Bass", "DI", 4),
        ("KickIn_02", "Drums", "KickIn", 2),
        ("___", "___", "main", None),
        ("7", "7", "main", None),
        ("01", "01", "main", None),
    ],
)
def test_a_file_name_says_part_microphone_and_take(stem: str, part: str, track: str, number: int | None) -> None:
    said = guess(stem)
    assert (said.part, said.track, said.number, said.unsure) == (part, track, number, False)


@pytest.mark.parametrize(
    ("stem", "part", "track"),
    [
        ("Tom 2", "Drums", "Tom 2"),
        ("BGV 2", "BGV 2", "main"),
        ("Juno 60", "Juno 60", "main"),
        ("Gtr 1 L", "Gtr 1", "main L"),
    ],
)
def test_a_bare_number_may_be_part_of_the_name(stem: str, part: str, track: str) -> None:
    said = guess(stem)
    assert said.unsure
    assert (said.as_name.part, said.as_name.track, said.as_name.number) == (part, track, None)


def test_the_same_minute_and_a_playlist_are_moments_of_their_own() -> None:
    stems = ("Vox-260105_1423", "Vox-260105_1423-01", "Vox-260105_1429", "Vox_01", "Vox.01_01", "Vox_01-01")
    assert len({(guess(stem).number, guess(stem).moment) for stem in stems}) == len(stems)
