"""No password of a URL is printed, logged or backed up, wherever the URL appears."""

import io
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.engine.prefect_server.home import home_of
from tests.orchestrator.label import SONG, Label, rendered
from tests.orchestrator.loopback_vault import FileServer, on_path, serving
from tests.orchestrator.outages import keep_in, with_takes
from tests.orchestrator.store.foreign_stores import setting

SECRET = "hush-hush"  # noqa: S105 - what must be nowhere
VAULT = f"http://pat:{SECRET}@127.0.0.1:1/vault?token={SECRET}"


@pytest.fixture
def secretive(label: Label) -> Label:
    setting(label.folder, "vault", VAULT)
    with (label.folder / ".takesheet" / "config.toml").open("a") as config:
        config.write(f"# it was at {VAULT} before\n")
    label.does("trust", "--yes")
    return label


@pytest.mark.parametrize(
    "words", [("doctor",), ("vault", "usage"), ("log", "verify"), ("board",), ("trust",), ("path", "drums/1")]
)
def test_a_secret_of_the_vault_is_said_by_no_command(secretive: Label, words: tuple[str, ...]) -> None:
    for more in ((), ("--json",)):
        said = secretive.run(*words, *more)
        assert SECRET not in said.out + said.err, words


def test_before_it_is_trusted_no_secret_is_said_either(label: Label) -> None:
    setting(label.folder, "vault", VAULT)
    setting(label.folder, "log", f"postgresql://pat:{SECRET}@127.0.0.1:1/label?password={SECRET}")
    for words in (("board",), ("trust", "--no-input"), ("doctor", "--json")):
        said = label.run(*words)
        assert said.code in {3, 8}
        assert SECRET not in said.out + said.err


def test_a_backup_holds_no_secret(secretive: Label, tmp_path: Path) -> None:
    secretive.does("store", "backup", tmp_path / "b.tar")
    assert SECRET.encode() not in (tmp_path / "b.tar").read_bytes()
    with tarfile.open(tmp_path / "b.tar") as tar:
        assert "http://pat@127.0.0.1:1/vault" in tar.extractfile(".takesheet/config.toml").read().decode()  # type: ignore[union-attr]
    said = secretive.run("store", "restore", tmp_path / "b.tar", tmp_path / "again")
    assert said.code == 0, said
    assert "takesheet trust" in said.err
    assert Label(tmp_path / "again").run("vault", "usage").rule == "store.trust"


def test_a_mirror_with_a_password_is_refused_and_repeated_nowhere(label: Label) -> None:
    for url in (f"ftp://pat:{SECRET}@127.0.0.1/x", f"http://127.0.0.1:1/x?token={SECRET}"):
        said = label.refuses(2, "vault", "mirror", url)
        assert said.rule == "store.secret"
        assert SECRET not in said.err


def test_a_mirror_may_be_read_from_standard_input_and_is_said_without_its_password(
    label: Label, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"nowhere://pat:{SECRET}@127.0.0.1/x\n"))
    said = label.refuses(3, "vault", "mirror", "-")
    assert "nowhere://pat@127.0.0.1/x" in said.err
    assert SECRET not in said.err


@pytest.fixture
def server(tmp_path: Path) -> Iterator[FileServer]:
    yield from serving(tmp_path / "served")


@pytest.mark.slow
def test_prefect_keeps_where_a_sound_lies_without_the_password_of_the_vault(
    label: Label, server: FileServer, tmp_path: Path
) -> None:
    with_takes(label).does("take", "approve", f"{SONG}/drums/1")
    shutil.copytree(label.folder / ".takesheet" / "vault", tmp_path / "served" / "vault")
    keep_in(label, server.url.replace("://", f"://pat:{SECRET}@"))
    said = rendered(label, "render", env=on_path(tmp_path / "plugged in"))
    home = home_of(label.folder / ".takesheet")
    kept = {file.name: file.read_bytes() for file in home.rglob("*") if file.is_file()}
    assert [name for name, data in kept.items() if SECRET.encode() in data] == []
    assert server.url.replace("://", "://pat@").encode() in b"".join(kept.values()), "a page links to the sound"
    assert SECRET not in said.out + said.err
