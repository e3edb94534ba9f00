"""Packs: a ZIP with prints, contact, tempo and lyrics, of the same bytes each time, from which nothing escapes."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import av
import pytest

from orchestrator.desk.correspondence.packs import PackedFile, write_pack
from tests.orchestrator.label import SONG, Label

MIX = f"{SONG}@mix2"


@pytest.fixture
def printed(released: Label) -> Label:
    """A label with a mix of which an instrumental and stems were printed."""
    recipe = released.folder / "prints.toml"
    recipe.write_text(
        'prints = ["stems", "instrumental"]\nlead_vocals = ["lead-vocal"]\n'
        + "".join(f"[strips.{part}]\ngain_db = -9\n" for part in ("drums", "bass", "lead-vocal")),
        "utf-8",
    )
    released.does("mix", "revise", SONG, recipe, "--as", "pat")
    released.renders()
    return released


def test_a_pack_holds_the_prints_with_contact_tempo_and_lyrics(printed: Label, tmp_path: Path) -> None:
    (printed.folder / "words.txt").write_text("under the tin roof\nthe rain\n", "utf-8")
    printed.does("song", "attach", SONG, "--lyrics", "words.txt")
    printed.does("song", "form", SONG, "verse=0:00", "end=0:02", "--tempo", "96")
    printed.does("user", "contact", "pat", "--email", "pat@example.org", "--bank", "DE02120300000000202051")
    sent = printed.data(
        "send", MIX, "--to", "kim", "--what", "main,instrumental,stems", "--out", tmp_path, "--as", "pat"
    )
    path = Path(sent["file"])
    assert path.name.endswith("(not final).zip")
    with ZipFile(path) as pack:
        assert pack.testzip() is None
        folders, names = zip(*(name.split("/") for name in pack.namelist()), strict=True)
        assert set(folders) == {path.stem}
        assert names[:4] == ("lyrics.txt", "read me.txt", "main.wav", "instrumental.wav")
        assert all(name.startswith("stem-") for name in names[4:])
        assert len(names) == 7
        readme, lyrics = (pack.read(f"{path.stem}/{name}").decode() for name in ("read me.txt", "lyrics.txt"))
        with av.open(BytesIO(pack.read(f"{path.stem}/instrumental.wav"))) as container:
            assert container.metadata["title"] == "Tin Roof (mix 2, instrumental, not final)"
            assert (container.duration or 0) / 1_000_000 == pytest.approx(2.0, abs=1e-3)
    assert lyrics == "under the tin roof\nthe rain\n"
    for words in (
        "Contact: pat, Harbour Records",
        "pat@example.org",
        "Tempo: 96 quarter notes",
        "not final",
        "0:00 verse",
    ):
        assert words in readme
    assert "DE02" not in readme
    assert [one["target"] for one in sent["sounds"]][:2] == [MIX, f"{MIX} instrumental"]
    assert "It holds: main, instrumental, stem-" in sent["message"]
    again = printed.data(
        "send", MIX, "--to", "lou", "--what", "main,instrumental,stems", "--out", tmp_path / "b", "--as", "pat"
    )
    assert again["sha256"] == sent["sha256"]


def test_a_master_is_packed_whole(released: Label, tmp_path: Path) -> None:
    sent = released.data(
        "send", "night-bus@master1", "--to", "kim", "--what", "main", "--for", "master", "--out", tmp_path
    )
    with ZipFile(sent["file"]) as pack:
        assert len([name for name in pack.namelist() if name.endswith(".wav")]) == 2
    assert "not final" not in sent["file"] + sent["message"]


@pytest.mark.parametrize(("what", "code"), [("tv", 4), ("../main", 4), ("stems", 4)])
def test_a_print_that_is_not_there_is_refused(released: Label, what: str, code: int) -> None:
    assert released.refuses(code, "send", f"{SONG}@mix1", "--to", "kim", "--what", what).rule == "send.what"
    assert released.refuses(2, "send", f"{SONG}/drums/1", "--to", "kim", "--what", "main").rule == "send.what"


def test_nothing_is_unpacked_outside_of_the_pack(tmp_path: Path) -> None:
    sound = tmp_path / "0.wav"
    sound.write_bytes(b"x")
    words = ["../../escape", "/etc/passwd", "C:\\x", "same", "SAME", "..", "\u202efdp"]
    write_pack(tmp_path / "pack.zip", "../up", [PackedFile(word, sound) for word in words], {"read me.txt": "x"})
    with ZipFile(tmp_path / "pack.zip") as pack:
        names = pack.namelist()
    assert len({name.casefold() for name in names}) == len(words) + 1
    for name in names:
        folder, file = name.split("/")
        assert folder == "up"
        assert not file.startswith(".")
        assert not set("\\:\u202e") & set(name)
