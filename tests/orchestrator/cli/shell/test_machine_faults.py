"""Whatever fails outside the program exits with another code than 1, in one line with its next step."""

import errno
import json
import os
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orchestrator.cli.main import _fault
from orchestrator.cli.shell.machine_faults import NEXT
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note

DRUMS = f"{SONG}/drums"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        *((one, 3) for one in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO)),
        *((one, 3) for one in (errno.EMFILE, errno.ENFILE, errno.EEXIST, errno.ENOMEM, errno.EFBIG, errno.ESTALE)),
        (errno.ENOENT, 4), (errno.ENOTDIR, 2), (errno.EISDIR, 2), (errno.ENAMETOOLONG, 2), (errno.ELOOP, 2),
    ],
)  # fmt: skip
def test_an_error_of_the_machine_is_no_fault_of_ours(
    capsys: pytest.CaptureFixture[str], number: int, code: int
) -> None:
    assert _fault(OSError(number, os.strerror(number), "/there"), as_json=True) == code
    said = json.loads(capsys.readouterr().out)
    assert said["next"] == NEXT[number]


@pytest.mark.parametrize("number", [errno.EBADF, errno.EFAULT])
def test_an_error_that_only_a_bug_causes_stays_our_fault(capsys: pytest.CaptureFixture[str], number: int) -> None:
    assert _fault(OSError(number, os.strerror(number)), as_json=True) == 1
    assert json.loads(capsys.readouterr().out)["rule"] == "machine"


def test_a_lack_of_memory_is_no_fault_of_ours(capsys: pytest.CaptureFixture[str]) -> None:
    assert _fault(MemoryError(), as_json=True) == 3
    assert "memory" in json.loads(capsys.readouterr().out)["detail"]


@contextmanager
def no_more_files() -> Iterator[None]:
    """In the block, this process may open no file beside those it has open."""
    most = os.open(os.devnull, os.O_RDONLY)  # the lowest number that is free
    os.close(most)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_too_many_open_files_are_no_fault_of_ours(label: Label, tmp_path: Path) -> None:
    label.does("board")  # what is imported later needs files
    file = note(tmp_path / "drums.wav", 60)
    label.does("take", "ingest", DRUMS, file)
    with no_more_files():
        said = label.run("vault", "usage")
    assert said.code == 3, said
    assert "  next: " in said.err


@pytest.fixture
def taken(label: Label, tmp_path: Path) -> Label:
    label.does("take", "ingest", DRUMS, note(tmp_path / "drums.wav", 60))
    return label


@pytest.mark.parametrize("words", [("path", f"{DRUMS}/1"), ("take", "check", f"{DRUMS}/1"), ("show", f"{DRUMS}/1")])
def test_a_vault_that_lost_its_audio_is_a_damaged_store(taken: Label, words: tuple[str, ...]) -> None:
    shutil.rmtree(taken.folder / ".takesheet" / "vault")
    said = taken.refuses(9, *words)
    assert (said.rule, "next: takesheet log verify --audio" in said.err) == ("vault", True)


def test_a_vault_that_is_a_file_is_refused(taken: Label) -> None:
    vault = taken.folder / ".takesheet" / "vault"
    shutil.rmtree(vault)
    vault.write_text("no folder", encoding="utf-8")
    assert "name a folder" in taken.refuses(3, "path", f"{DRUMS}/1").err


NAMED = {
    "log export": ("log", "export", "FILE"),
    "checkpoint": ("log", "checkpoint", "FILE"),
    "receipt": ("log", "receipt", "1", "FILE"),
    "key": ("log", "keygen", "FILE"),
    "backup": ("store", "backup", "FILE"),
    "export": ("export", f"{DRUMS}/1", "FILE"),
    "mirror": ("vault", "mirror", "FILE"),
    "init": ("init", "FILE", "--label", "H"),
    "picture": ("show", f"{DRUMS}/1", "--png", "FILE"),
}


@pytest.mark.parametrize("words", NAMED.values(), ids=NAMED)
def test_an_output_that_lies_under_a_file_is_refused_with_a_way_on(taken: Label, words: tuple[str, ...]) -> None:
    (taken.folder / "file").write_text("mine", encoding="utf-8")
    said = taken.run(*(["file/out", word][word != "FILE"] for word in words))
    assert said.code in {2, 3, 4}, said
    assert "  next: " in said.err
    assert "mkdir" not in said.err
    assert (taken.folder / "file").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("words", NAMED.values(), ids=NAMED)
def test_an_output_that_exists_is_never_written_over(taken: Label, words: tuple[str, ...]) -> None:
    (taken.folder / "out").write_text("mine", encoding="utf-8")
    said = taken.run(*(["out", word][word != "FILE"] for word in words))
    assert (said.code in {2, 3}) or words[0] == "show", said
    if words[0] != "show":
        assert (taken.folder / "out").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("option", ["--after", "--before", "--limit"])
def test_a_number_beyond_64_bits_is_a_misuse(label: Label, option: str) -> None:
    verb = "outbox" if option == "--after" else "show"
    assert label.refuses(2, "log", verb, option, "9" * 20).rule == "usage"


@pytest.mark.parametrize("words", [("take", "list", "\udcff"), ("at", "\udcff"), ("note", "night-bus", "\udcff")])
def test_an_address_or_text_that_is_no_utf_8_is_a_misuse_or_unknown(label: Label, words: tuple[str, ...]) -> None:
    said = label.run(*words)
    assert said.code in {2, 4}, said
    assert "  next: " in said.err
