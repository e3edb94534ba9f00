"""Proving a store to an outsider, in commands."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Literal

import pytest

from domain.core.event import Event, SongId
from domain.status.events.event_types import KINDS
from orchestrator.log.append_condition import Draft
from orchestrator.log.store import Log
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note
from tests.paths import ROOT

pytestmark = pytest.mark.waits

VERIFIER = ROOT / "tools" / "verify_log.py"


@pytest.fixture
def kept(label: Label, tmp_path: Path) -> Label:
    """A label with a take, a key, and a signed checkpoint outside."""
    label.does("take", "ingest", f"{SONG}/drums", note(label.folder / "drums_1.wav", 60))
    label.does("log", "keygen", tmp_path / "key")
    label.does("log", "checkpoint", tmp_path / "checkpoint.json", "--sign", tmp_path / "key")
    return label


def test_a_signed_checkpoint_and_the_public_key_exclude_what_no_log_can_know_by_itself(
    kept: Label, tmp_path: Path
) -> None:
    plain = kept.data("log", "verify")
    known = kept.data(
        "log", "verify", "--checkpoint", tmp_path / "checkpoint.json", "--key", tmp_path / "key.pub", "--audio="
    )
    gained = " · ".join(set(known["excluded"]) - set(plain["excluded"]))
    assert all(word in gained for word in ("tail cut off", "rewritten", "unknown signer", "altered"))
    assert "only a checkpoint kept outside" in " ".join(plain["not_checked"])
    assert "only a checkpoint kept outside" not in " ".join(known["not_checked"])


def test_a_cut_tail_is_found_with_exit_9_and_the_position(kept: Label, tmp_path: Path) -> None:
    head = kept.head
    with closing(sqlite3.connect(kept.folder / ".takesheet" / "log.db", isolation_level=None)) as hand:
        guards = hand.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            hand.execute(f"DROP TRIGGER {name}")
        for table in ("events", "event_tags", "checkpoints"):
            hand.execute(f"DELETE FROM {table} WHERE position = ?", (head,))  # noqa: S608 - a test's own words
        hand.execute(
            "UPDATE log_head SET position = ?1, hash = (SELECT hash FROM events WHERE position = ?1)", (head - 1,)
        )
        for _, sql in guards:
            hand.execute(sql)
        for table, column in (("tags", "tag"), ("kinds", "kind")):
            hand.execute(f"DROP TRIGGER {table}_guards_delete")
            hand.execute(
                f"DELETE FROM {table} WHERE {column} <> '' AND id NOT IN (SELECT {column} FROM event_tags)"  # noqa: S608 - a test's own words
            )
            hand.execute(next(sql for name, sql in guards if name == f"{table}_guards_delete"))
    assert kept.run("log", "verify").code == 0
    said = kept.run("log", "verify", "--checkpoint", tmp_path / "checkpoint.json", "--json")
    assert (said.code, said.json["rule"]) == (9, "store.damaged")
    assert said.json["data"]["problems"][0]["position"] == head
    assert said.json["next"] == "takesheet log export FILE", "a backup holds less than what still stands here"


def test_models_that_a_newer_program_may_have_moved_are_not_compared(label: Label) -> None:
    class SongRemixed(Event):
        kind: Literal["song-remixed"] = "song-remixed"
        song: SongId

    label.does("board")
    assert "the read models" not in " ".join(label.data("log", "verify", "--views")["not_checked"])
    with Log.open(label.folder / ".takesheet" / "log.db", kinds={**KINDS, "song-remixed": SongRemixed}) as newer:
        newer.append([Draft(event=SongRemixed(song=SONG), actor="pat", via="pat@desk")])
    proof = label.data("log", "verify", "--views")
    assert "a newer takesheet" in " ".join(proof["not_checked"])
    assert "a read model" not in " ".join(proof["excluded"])


def test_a_key_of_somebody_else_is_an_unknown_signer(kept: Label, tmp_path: Path) -> None:
    kept.does("log", "keygen", tmp_path / "other")
    words = ("log", "verify", "--checkpoint", tmp_path / "checkpoint.json", "--key")
    assert "unknown signer" in kept.refuses(9, *words, tmp_path / "other.pub").err
    kept.does(*words, tmp_path / "other.pub", "--key", tmp_path / "key.pub")


def test_an_export_is_checked_by_a_stranger_with_nothing_of_ours(kept: Label, tmp_path: Path) -> None:
    said = kept.data("log", "export", tmp_path / "log.jsonl")
    words = [sys.executable, "-I", str(VERIFIER), *(str(tmp_path / name) for name in ("log.jsonl", "checkpoint.json"))]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, f"{said['events']} events, 1 checkpoints")


def test_keys_and_checkpoints_never_enter_the_store_and_are_never_written_over(kept: Label, tmp_path: Path) -> None:
    inside = kept.folder / ".takesheet"
    assert "key.place" in kept.refuses(3, "log", "keygen", inside / "key").err
    assert "checkpoint.place" in kept.refuses(3, "log", "checkpoint", inside / "checkpoint.json").err
    assert "file.exists" in kept.refuses(3, "log", "keygen", tmp_path / "key").err
    assert "file.exists" in kept.refuses(3, "log", "checkpoint", tmp_path / "checkpoint.json").err
    assert "file.exists" in kept.refuses(3, "log", "export", tmp_path / "key").err
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    secret = (tmp_path / "key").read_bytes().splitlines()[1]
    assert not any(secret in file.read_bytes() for file in inside.rglob("*") if file.is_file())


@pytest.mark.parametrize(
    ("words", "code", "rule"),
    [
        (("log", "verify", "--checkpoint", "none"), 4, "checkpoint.file"),
        (("log", "verify", "--checkpoint", "."), 4, "checkpoint.file"),
        (("log", "verify", "--checkpoint", "mix.toml"), 2, "checkpoint.file"),
        (("log", "verify", "--key", "none"), 4, "key.file"),
        (("log", "verify", "--key", "mix.toml"), 2, "key.file"),
        (("log", "checkpoint", "new", "--sign", "none"), 4, "key.file"),
        (("log", "checkpoint", "new", "--sign", "mix.toml"), 2, "key.file"),
        (("log", "checkpoint", "no/such/folder"), 4, "file.folder"),
        (("log", "export", "no/such/folder"), 4, "file.folder"),
        (("store", "backup", "no/such/folder"), 4, "file.folder"),
        (("store", "restore", "mix.toml", "new"), 9, "store.damaged.backup"),
        (("vault", "mirror", ".takesheet/vault"), 3, "vault.mirror"),
        (("vault", "usage", "nobody"), 4, "address"),
    ],
)
def test_every_wrong_input_is_one_line_with_its_rule(
    label: Label, words: tuple[str, ...], code: int, rule: str
) -> None:
    label.mix_recipe("drums")
    said = label.refuses(code, *words)
    assert rule in said.err
    assert sorted(entry.name for entry in label.folder.iterdir()) == [".takesheet", "mix.toml"]


def test_a_lost_take_is_named_with_the_songs_and_masters_that_need_it(released: Label) -> None:
    events = released.data("log", "show")
    assert events
    exported = released.folder / "log.jsonl"
    released.does("log", "export", exported)
    lines = [json.loads(line) for line in exported.read_bytes().split(b"\n")[1:-1]]
    first = next(json.loads(line["data"]) for line in lines if line["kind"] == "take-ingested")
    blob = first["tracks"][0]["sound"]["blob"]
    file = released.folder / ".takesheet" / "vault" / "blobs" / blob[:2] / blob[2:]
    file.chmod(0o644)
    data = file.read_bytes()
    file.write_bytes(b"x" + data[1:])
    released.does("log", "verify")  # of equal size: only the hash reveals it
    assert f"needed by {SONG}, night-bus@master1" in released.refuses(9, "log", "verify", "--audio=").err
    file.unlink()
    said = released.refuses(9, "log", "verify").err
    assert f"{first['take']}.{first['tracks'][0]['name']}: blob {blob[:12]} is missing" in said
    assert f"needed by {SONG}, night-bus@master1" in said


def test_a_vault_is_mirrored_and_measured(kept: Label, tmp_path: Path) -> None:
    assert kept.data("vault", "mirror", tmp_path / "mirror")["copied"] == 1
    assert kept.data("vault", "mirror", tmp_path / "mirror")["held"] == 1
    (row,) = kept.data("vault", "usage")
    size = sum(file.stat().st_size for file in (tmp_path / "mirror" / "blobs").glob("*/*"))
    assert (row["record"], row["files"], row["bytes"]) == ("night-bus", 1, size)
    assert [row["what"] for row in kept.data("vault", "usage", "night-bus")] == [f"{SONG} takes"]
    assert kept.data("vault", "usage", "--as-of", "1") == []
    os.truncate(next((kept.folder / ".takesheet" / "vault" / "blobs").glob("*/*")), 10)
    os.truncate(next((tmp_path / "mirror" / "blobs").glob("*/*")), 10)
    assert kept.refuses(9, "vault", "mirror", tmp_path / "mirror", "--check").code == 9
