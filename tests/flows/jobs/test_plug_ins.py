"""Plug-ins of a job: found by name in this machine's configuration, and started only if their files are the job's."""

from collections.abc import Callable
from pathlib import Path

import pytest

from domain.core.refusal import Refused
from domain.recipe import parse_mix
from flows.jobs.plug_ins import AllowedPlugIns, paths_for, tree_hash

RECIPE = parse_mix('external = true\n[strips.drums]\n[[strips.drums.external]]\nplugin = "warmth"\n')
MIX = "night-bus/tin-roof@mix1"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A plug-in as VST3 lays it out: a folder with a library, a description and a link."""
    root = tmp_path / "Warmth.vst3"
    (root / "Contents" / "x86_64-linux").mkdir(parents=True)
    (root / "Contents" / "x86_64-linux" / "Warmth.so").write_bytes(b"\x7fELF warm")
    (root / "Contents" / "moduleinfo.json").write_text("{}")
    (root / "Contents" / "current").symlink_to("x86_64-linux")
    return root


def refused(trees: dict[str, str], allowed: AllowedPlugIns) -> str:
    with pytest.raises(Refused) as refusal:
        paths_for(RECIPE, trees, allowed, MIX)
    assert refusal.value.rule == "job.plugin"
    assert refusal.value.next
    return refusal.value.detail


def test_the_plug_in_of_the_job_is_found_where_this_machine_says(bundle: Path) -> None:
    allowed = AllowedPlugIns({"warmth": str(bundle), "other": "/nowhere"})
    assert paths_for(RECIPE, {"warmth": tree_hash(bundle)}, allowed, MIX) == {"warmth": str(bundle)}


def test_one_that_is_not_allowed_missing_or_another_build_is_refused_by_name(bundle: Path) -> None:
    tree, here = tree_hash(bundle), {"warmth": str(bundle)}
    assert "'warmth' of night-bus/tin-roof@mix1 is not allowed here" in refused({"warmth": tree}, AllowedPlugIns())
    assert "does not name it; it names other" in refused({"warmth": tree}, AllowedPlugIns({"other": "/x"}))
    gone = AllowedPlugIns({"warmth": str(bundle.with_name("gone.vst3"))})
    assert "is not there" in refused({"warmth": tree}, gone)
    assert "has no tree hash" in refused({}, AllowedPlugIns(here))
    said = refused({"warmth": "0" * 64}, AllowedPlugIns(here))
    assert "is another build here" in said
    assert tree[:12] in said


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "Contents" / "moduleinfo.json").write_text("[]"),
        lambda root: (root / "Contents" / "moduleinfo.json").rename(root / "Contents" / "info.json"),
        lambda root: (root / "Contents" / "new").mkdir(),
        lambda root: (root / "Contents" / "moduleinfo.json").unlink(),
        lambda root: ((root / "Contents" / "current").unlink(), (root / "Contents" / "current").symlink_to(".")),
    ],
    ids=["content", "name", "folder", "removed", "link"],
)
def test_every_change_of_its_files_changes_its_tree_hash(bundle: Path, change: Callable[[Path], object]) -> None:
    before = tree_hash(bundle)
    assert tree_hash(bundle) == before
    change(bundle)
    assert tree_hash(bundle) != before


def test_place_permissions_and_times_are_no_part_of_it(bundle: Path) -> None:
    before = tree_hash(bundle)
    moved = bundle.rename(bundle.with_name("Elsewhere.vst3"))
    (moved / "Contents" / "moduleinfo.json").chmod(0o600)
    (moved / "Contents" / "moduleinfo.json").touch()
    assert tree_hash(moved) == before


def test_the_hash_is_the_one_that_is_written_down(tmp_path: Path) -> None:
    (tmp_path / "gain.so").write_bytes(b"gain")
    assert tree_hash(tmp_path / "gain.so") == VECTOR


VECTOR = "b0e1506ec8167f4f055ba6df4f0c2ef48d5890d5cbf40629d88b1c2a8394b799"
"""Over ``takesheet-tree-1`` and a line end; then, each behind its length in 8 bytes: file, no name, SHA-256 of gain."""


def test_a_link_out_of_it_and_a_pipe_in_it_are_refused(bundle: Path, tmp_path: Path) -> None:
    import os

    (bundle / "out").symlink_to(tmp_path)
    with pytest.raises(Refused, match="is a link out of the plug-in"):
        tree_hash(bundle)
    assert AllowedPlugIns({"warmth": str(bundle)}).tree_of("warmth") is None
    (bundle / "out").unlink()
    os.mkfifo(bundle / "pipe")
    with pytest.raises(Refused, match="neither file nor folder"):
        tree_hash(bundle)


def test_of_one_that_is_not_allowed_or_not_there_no_hash_is_known(tmp_path: Path) -> None:
    assert AllowedPlugIns().tree_of("warmth") is None
    assert AllowedPlugIns({"warmth": str(tmp_path / "gone")}).tree_of("warmth") is None
