"""Names of files that leave the house are safe on every file system."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.desk.correspondence.file_names import listener_file_name

DAY = "2026-12-07"


def test_a_name_says_artist_song_sound_date_and_that_it_is_not_final() -> None:
    name = listener_file_name("The Ferrymen", "Tin Roof", "mix 3", DAY, "m4a", is_final=False)
    assert name.replace("\N{EN DASH}", "-") == "The Ferrymen - Tin Roof - mix 3 - 2026-12-07 (not final).m4a"
    assert "final" not in listener_file_name("A", "B", "master 1", DAY, "wav", is_final=True)


@pytest.mark.parametrize(
    "artist", ["../../etc", "AC/DC", "C:\\x", "...", "", "a\nb", "evil\u202egpj.exe", "\x00", "~", "CON"]
)
def test_no_artist_leaves_the_folder_or_turns_the_name_around(artist: str) -> None:
    name = listener_file_name(artist, artist, "mix 3", DAY, "m4a", is_final=False)
    assert not set("/\\:\n\x00\u202e") & set(name)
    assert not name.startswith((".", " ", "-", "~"))


@given(st.text(max_size=300), st.text(max_size=300))
def test_whatever_they_are_called_a_name_is_short_and_whole(artist: str, song: str) -> None:
    name = listener_file_name(artist, song, "mix 3", DAY, "flac", is_final=False)
    assert len(name.encode()) <= 255
    assert name.endswith(" (not final).flac")
    assert name.isprintable()
