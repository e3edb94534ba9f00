"""The plug-ins that this user allows a worker to start."""

from pathlib import Path

import pytest

from domain.core.refusal import Misused, Refused
from flows.run.worker_settings import plug_ins_here
from flows.vault.regular_file import LinkFound


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "takesheet").mkdir()
    return tmp_path / "takesheet" / "worker.toml"


def test_without_the_file_none_is_allowed_and_the_file_is_named(file: Path) -> None:
    here = plug_ins_here()
    assert (here.paths, here.place) == ({}, str(file))


def test_its_plug_ins_are_allowed(file: Path) -> None:
    file.write_text('[plugins]\nwarmth = "/usr/lib/vst3/Warmth.vst3"\n')
    file.chmod(0o600)
    assert plug_ins_here().paths == {"warmth": "/usr/lib/vst3/Warmth.vst3"}


@pytest.mark.parametrize(
    "text", ["[plugins", "plugins = 1", '[plugins]\nwarmth = "here.vst3"', "[plugins]\nwarmth = 1", "vault = '/x'"]
)
def test_anything_else_in_it_is_refused(file: Path, text: str) -> None:
    file.write_text(text)
    file.chmod(0o600)
    with pytest.raises(Misused, match=r"worker\.config"):
        plug_ins_here()


def test_one_that_others_may_write_is_not_believed(file: Path) -> None:
    file.write_text("[plugins]\n")
    file.chmod(0o666)
    with pytest.raises(Refused, match="others may write"):
        plug_ins_here()


def test_a_link_is_not_followed(file: Path, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text("[plugins]\n")
    file.symlink_to(tmp_path / "other.toml")
    with pytest.raises(LinkFound):
        plug_ins_here()
