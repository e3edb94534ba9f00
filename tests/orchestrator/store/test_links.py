"""No file of a store is opened through a link: the target keeps its bytes, and the refusal names the link."""

from pathlib import Path

import pytest

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note

FILES = {
    "config.toml": ("board",), "log.db": ("board",), "log.db-wal": ("board",), "log.db-shm": ("board",),
    "log.db.queue": ("note", SONG, "x"), "log.db.turn": ("note", SONG, "x"),
    "driver.lock": ("store", "move", "other.db"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_link_in_place_of_a_file_is_refused_by_name_and_not_followed(label: Label, tmp_path: Path, name: str) -> None:
    elsewhere, place = tmp_path / "elsewhere", label.folder / ".takesheet" / name
    elsewhere.write_bytes(place.read_bytes() if place.exists() else b"keep")
    before = elsewhere.read_bytes()
    place.unlink(missing_ok=True)
    place.symlink_to(elsewhere)
    said = label.run(*FILES[name])
    assert (said.code, said.rule) == (3, "store.link"), said
    assert str(place) in said.err
    assert elsewhere.read_bytes() == before


@pytest.mark.parametrize(("name", "words"), [("config.toml.new", ("store", "move", "b.db"))])
def test_a_link_in_place_of_a_draft_is_thrown_away(
    label: Label, tmp_path: Path, name: str, words: tuple[str, ...]
) -> None:
    (tmp_path / "elsewhere").write_bytes(b"keep")
    (label.folder / ".takesheet" / name).symlink_to(tmp_path / "elsewhere")
    label.does(*words)
    assert (tmp_path / "elsewhere").read_bytes() == b"keep"


def test_a_folder_of_the_store_that_is_a_link_is_refused(label: Label, tmp_path: Path) -> None:
    folder = label.folder / ".takesheet"
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    for words in (("board",), ("trust", "--yes"), ("init", ".", "--label", "X"), ("demo", ".")):
        said = label.run(*words)
        assert said.code == 3, (words, said)
        assert folder.is_symlink()
    assert label.run("board").rule == "store.link"


@pytest.mark.parametrize("name", ["incoming", "blobs", "reports"])
def test_a_link_below_the_vault_is_refused_and_nothing_behind_it_is_removed(
    label: Label, tmp_path: Path, name: str
) -> None:
    elsewhere, vault = tmp_path / "elsewhere", label.folder / ".takesheet" / "vault"
    (elsewhere / "1-data").mkdir(parents=True)
    (elsewhere / "1-data.lock").touch()
    vault.mkdir(exist_ok=True)
    (vault / name).symlink_to(elsewhere)
    label.run("take", "ingest", f"{SONG}/drums", note(tmp_path / "take.wav", 60, seconds=0.2))
    said = label.run("vault", "mirror", tmp_path / "mirror")
    assert (said.code, said.rule) == (3, "store.link"), said
    assert str(vault / name) in said.err
    assert sorted(path.name for path in elsewhere.iterdir()) == ["1-data", "1-data.lock"]


def test_a_vault_that_is_a_link_becomes_a_place_in_the_settings_once_it_is_trusted(
    label: Label, tmp_path: Path
) -> None:
    take = note(tmp_path / "take.wav", 60, seconds=0.2)
    label.does("take", "ingest", f"{SONG}/drums", take)
    vault = label.folder / ".takesheet" / "vault"
    vault.rename(tmp_path / "big disk")
    vault.symlink_to(tmp_path / "big disk")
    said = label.run("board")
    assert (said.code, said.rule) == (3, "store.link")
    assert "takesheet trust" in said.err
    assert str(tmp_path / "big disk") in label.run("trust", "--yes").err
    assert f'vault = "{tmp_path / "big disk"}"' in (label.folder / ".takesheet" / "config.toml").read_text()
    path = Path(label.does("path", f"{SONG}/drums/1"))
    assert path.is_relative_to(tmp_path / "big disk")


def test_a_way_around_a_link_is_a_link(label: Label, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (label.folder / ".takesheet" / "sub").symlink_to(tmp_path / "elsewhere")
    config = label.folder / ".takesheet" / "config.toml"
    config.write_text(config.read_text().replace('vault = "vault"', 'vault = "sub/vault"'))
    assert label.run("vault", "usage").rule == "store.link"
    assert list((tmp_path / "elsewhere").iterdir()) == []
