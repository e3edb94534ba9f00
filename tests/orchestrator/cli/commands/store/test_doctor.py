"""``takesheet doctor``: the report on everything that a store depends on."""

import os
import sqlite3
from pathlib import Path

import pytest

from orchestrator.log.sqlite.library import Version, has_the_wal_reset_bug
from tests.orchestrator.label import Label
from tests.paths import ROOT


def test_a_store_that_is_well_is_told_so_with_its_versions(label: Label) -> None:
    found = {row["what"]: row for row in label.data("doctor")}
    assert {
        "takesheet",
        "python",
        "prefect",
        "sqlite",
        "guards",
        "file system",
        "vault",
        "disk space of the store",
    } <= {*found}
    assert all(row["well"] for row in found.values())
    assert found["sqlite"]["found"] == sqlite3.sqlite_version
    assert sqlite3.sqlite_version in label.does("doctor")


def test_a_guard_taken_out_is_named_and_the_code_says_so(label: Label) -> None:
    with sqlite3.connect(label.folder / ".takesheet" / "log.db") as hand:
        hand.execute("DROP TRIGGER events_guards_delete")
    said = label.run("doctor", "--json")
    assert (said.code, said.json["rule"]) == (6, "store.unwell")
    assert "events_guards_delete" in said.json["detail"]


@pytest.mark.parametrize(
    ("package", "version", "well"),
    [
        ("prefect", "3.8rc1", False), ("prefect", "3.8.1rc2", True), ("fastapi", "0.151b1", False),
        ("sqlalchemy", "2.1.0b1", False), ("sqlalchemy", "2.0.44.post1+local", True),
    ],
)  # fmt: skip
def test_a_pre_release_is_told_like_any_other_version(
    label: Label, tmp_path: Path, package: str, version: str, *, well: bool
) -> None:
    facts = tmp_path / "site" / f"{package}-{version}.dist-info" / "METADATA"
    facts.parent.mkdir(parents=True)
    facts.write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
    said = label.apart("doctor", "--json", env={"PYTHONPATH": f"{tmp_path / 'site'}{os.pathsep}{ROOT}"})
    if well:
        found = {row["what"]: row for row in said.json["data"]}
        assert (found[package]["found"], found[package]["well"]) == (version, True)
    else:
        assert (said.code, said.json["rule"]) == (6, "store.unwell")
        assert f"{package} is {version}" in said.json["detail"]


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ((3, 6, 23), False), ((3, 7, 0), True), ((3, 40, 1), True), ((3, 44, 5), True), ((3, 44, 6), False),
        ((3, 50, 6), True), ((3, 50, 7), False), ((3, 51, 2), True), ((3, 51, 3), False), ((3, 53, 0), False),
    ],
)  # fmt: skip
def test_the_wal_reset_bug_is_known_by_version(version: Version, *, affected: bool) -> None:
    assert has_the_wal_reset_bug(version) is affected
