"""The stand-alone verifier, on real exports and on exports changed in every way."""

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from domain.label.people import PersonAdded
from domain.status.events.event_types import KINDS as ALL_KINDS
from orchestrator.log.database.columns import COLUMNS
from orchestrator.log.hash_chain import event_hash
from orchestrator.log.proof.checkpoints import Checkpoint
from orchestrator.log.proof.export import export
from orchestrator.log.store import Log
from orchestrator.new_file import new_file
from tests.orchestrator.log.given import KINDS, book, drafted, spend, take
from tests.orchestrator.written import house
from tests.paths import ROOT

PROGRAM = ROOT / "tools" / "verify_log.py"
Lines = list[dict[str, object]]


@dataclass(frozen=True)
class Exported:
    """An export and a checkpoint of the same log, and the program's output on them."""

    file: Path
    checkpoint: Path

    @property
    def lines(self) -> Lines:
        return [json.loads(line) for line in self.file.read_bytes().split(b"\n")[:-1]]

    def write(self, lines: Lines) -> None:
        self.file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")

    def says(self, *, checkpoint: bool = False) -> tuple[int, str]:
        # -I: no environment, no user site-packages, nothing of ours to import
        words = [sys.executable, "-I", str(PROGRAM), str(self.file), *([str(self.checkpoint)] if checkpoint else [])]
        done = subprocess.run(words, capture_output=True, text=True, check=False, cwd="/", timeout=60)
        assert done.stderr == ""
        return done.returncode, done.stdout


@pytest.fixture
def exported(tmp_path: Path) -> Exported:
    history = [
        take(note='Größe "\u2028\n\t\x7f𝄞'),
        spend(),
        book(),
        take("ferry/rain", 2),
        spend("ferry", 7),
        book(day=3),
    ]
    with Log.create(tmp_path / "log.sqlite", kinds=KINDS) as log:
        log.append(drafted(*history[:3], why="said", correlation=uuid4(), cause=uuid4()))
        log.append(drafted(*history[3:], occurred_at=datetime(2026, 12, 7, tzinfo=UTC)))
        with new_file(tmp_path / "log.jsonl") as draft, draft.open("xb") as out:
            head = export(log, out)
    found = Exported(tmp_path / "log.jsonl", tmp_path / "checkpoint.json")
    identity = UUID(hex=str(found.lines[0]["log"]))
    checkpoint = Checkpoint(identity, head.position, head.hash, datetime(2026, 12, 7, tzinfo=UTC))
    found.checkpoint.write_text(checkpoint.text(), encoding="utf-8")
    return found


def test_a_real_export_holds_by_itself_and_against_its_checkpoint(exported: Exported) -> None:
    assert exported.says() == (0, "6 events, 0 checkpoints\nall of it holds\n")
    assert exported.says(checkpoint=True) == (0, "6 events, 1 checkpoints\nall of it holds\n")


def test_an_empty_log_holds(tmp_path: Path) -> None:
    with Log.create(tmp_path / "log.sqlite", kinds=KINDS) as log, (tmp_path / "log.jsonl").open("xb") as out:
        export(log, out)
    assert Exported(tmp_path / "log.jsonl", tmp_path / "none").says()[0] == 0


def test_an_export_holds_every_column_as_it_is_stored_and_is_the_same_each_time(
    exported: Exported, tmp_path: Path
) -> None:
    with Log.open(tmp_path / "log.sqlite", kinds=KINDS) as log:
        with (tmp_path / "again.jsonl").open("xb") as out:
            export(log, out)
        with closing(log.database.connect()) as connection:
            rows = connection.execute(f"SELECT {COLUMNS} FROM events ORDER BY position").fetchall()  # noqa: S608 - constants
    assert (tmp_path / "again.jsonl").read_bytes() == exported.file.read_bytes()
    stored = [[value.hex() if isinstance(value, bytes) else value for value in row] for row in rows]
    assert [list(line.values()) for line in exported.lines[1:]] == stored
    assert all(", ".join(line) == COLUMNS for line in exported.lines[1:])


@pytest.mark.parametrize("column", COLUMNS.split(", "))
def test_one_value_changed_in_any_column_is_found_where_it_is(exported: Exported, column: str) -> None:
    lines, others = exported.lines, {"id", "cause", "correlation", "prev_hash", "hash"}
    value = lines[3][column]
    lines[3][column] = "00" * 16 if column in others else 7 if isinstance(value, int) else "changed"
    exported.write(lines)
    code, said = exported.says()
    assert code == 9
    assert said.splitlines()[1].startswith("position 3: ")


@pytest.mark.parametrize("value", [True, 3.0, "3", None, [3], 1 << 70])
def test_a_value_of_another_type_is_found(exported: Exported, value: object) -> None:
    lines = exported.lines
    lines[3]["position"] = value
    exported.write(lines)
    code, said = exported.says()
    assert (code, said.splitlines()[1][:11]) == (9, "position 3:")


def rechained(lines: Lines, position: int) -> Lines:
    """Rewrite everything from *position* on, with every hash in order."""
    last = bytes.fromhex(str(lines[position]["prev_hash"]))
    for line in lines[position:]:
        line |= {"why": "said otherwise", "prev_hash": last.hex()}
        binary = {"id", "cause", "correlation", "prev_hash", "hash"}
        row = [bytes.fromhex(str(value)) if name in binary and value else value for name, value in line.items()]
        last = event_hash(tuple(row[:14]))  # type: ignore[arg-type]  # a row as it is stored
        line["hash"] = last.hex()
    lines[0]["hash"] = last.hex()
    return lines


def cut(lines: Lines) -> Lines:
    """Drop the last event, and correct the first line."""
    return [lines[0] | {"position": 5, "hash": lines[5]["hash"]}, *lines[1:6]]


STRUCTURE: dict[str, tuple[Callable[[Lines], Lines], int]] = {
    "swapped": (lambda lines: [*lines[:2], lines[5], *lines[3:5], lines[2], lines[6]], 2),
    "taken out": (lambda lines: [*lines[:3], *lines[4:]], 3),
    "twice": (lambda lines: [*lines[:4], *lines[3:]], 4),
    "cut off": (lambda lines: lines[:6], 6),
    "slipped in": (lambda lines: [*lines, lines[6] | {"position": 7, "prev_hash": lines[6]["hash"]}], 7),
    "another id of the log": (lambda lines: [lines[0] | {"log": "00" * 16}, *lines[1:]], 1),
    "a column more": (lambda lines: [*lines[:4], lines[4] | {"more": 1}, *lines[5:]], 4),
    "a column less": (lambda lines: [*lines[:4], {"position": 4, "prev_hash": lines[3]["hash"]}, *lines[5:]], 4),
}


@pytest.mark.parametrize(("change", "position"), STRUCTURE.values(), ids=STRUCTURE)
def test_events_moved_missing_or_slipped_in_are_found_at_the_first(
    exported: Exported, change: Callable[[Lines], Lines], position: int
) -> None:
    exported.write(change(exported.lines))
    code, said = exported.says()
    assert code == 9
    assert said.splitlines()[1].startswith(f"position {position}: ")


@pytest.mark.parametrize("change", [cut, lambda lines: rechained(lines, 3), lambda lines: rechained(lines, 1)])
def test_what_an_export_cannot_know_by_itself_is_found_by_a_checkpoint(
    exported: Exported, change: Callable[[Lines], Lines]
) -> None:
    exported.write(change(exported.lines))
    assert exported.says()[0] == 0
    code, said = exported.says(checkpoint=True)
    assert code == 9
    assert said.splitlines()[1].startswith("position 6: ")


def test_a_checkpoint_of_another_log_is_told(exported: Exported) -> None:
    point = json.loads(exported.checkpoint.read_text())
    exported.checkpoint.write_text(json.dumps(point | {"log": "00" * 16}))
    assert exported.says(checkpoint=True)[0] == 9


@pytest.mark.parametrize("end", [b'{"position": 7', b"\xff\xfe\n", b"null\n", b"[]\n", b"\n"])
def test_a_line_that_is_no_event_is_found(exported: Exported, end: bytes) -> None:
    with exported.file.open("ab") as file:
        file.write(end)
    code, said = exported.says()
    assert (code, said.splitlines()[1][:11]) == (9, "position 7:")


def test_a_name_that_stands_twice_in_a_line_is_found(exported: Exported) -> None:
    text = exported.file.read_text(encoding="utf-8")
    exported.file.write_text(
        text.replace('{"position":2,', '{"position":2,"why":"nobody will look here",'), encoding="utf-8"
    )
    code, said = exported.says()
    assert (code, said.splitlines()[1][:11]) == (9, "position 2:")


@pytest.mark.parametrize("text", ["", "hello", "{}", "[]"])
def test_what_is_no_export_at_all_is_neither_sound_nor_damaged(tmp_path: Path, text: str) -> None:
    (tmp_path / "file").write_text(text)
    assert Exported(tmp_path / "file", tmp_path / "none").says()[0] == 2
    assert Exported(tmp_path / "missing", tmp_path / "none").says()[0] == 2


def test_the_program_is_short_and_imports_the_standard_library_alone() -> None:
    text = PROGRAM.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400, "it is read by people who trust nobody"
    nodes = list(ast.walk(ast.parse(text)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)]
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


HOSTILE: dict[str, Callable[[Lines], object]] = {
    "a steering position": lambda lines: lines[3].update(position="\x1b[2J\x07\u202e"),
    "a steering column": lambda lines: lines[3].update({"\x1b]0;title\x07": 1}),
    "a steering value": lambda lines: lines[3].update(kind={"\x1b[31m": "\x9b"}),
    "half of a character": lambda lines: lines[3].update(actor="\udcff"),
    "a hash that is a list": lambda lines: lines[3].update(hash=["\x1b"]),
    "texts that are a list": lambda lines: lines[3].update(texts=["\x1b"]),
    "a text that is a number": lambda lines: lines[3].update(texts={"why": {"salt": "00" * 32, "text": 5}}),
    "a steering head": lambda lines: lines[0].update(position="\x1b[2J"),
    "a head that is a list": lambda lines: lines[0].update(log=[1]),
    "a long value": lambda lines: lines[3].update(kind="x" * 3_000_000, position="y" * 3_000_000),
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE)
def test_nothing_of_a_file_steers_the_terminal(exported: Exported, change: Callable[[Lines], object]) -> None:
    lines = exported.lines
    change(lines)
    exported.write(lines)
    code, said = exported.says()
    assert code in {2, 9}
    assert said.isascii()
    assert all(line.isprintable() and len(line) < 400 for line in said.splitlines())


@pytest.mark.parametrize(
    "raw",
    [b"[" * 100_000, b'{"position": ' + b"9" * 100_000 + b"}", b"\x1b[2J", b"\xff\xfe", b"{" + b" " * (33 << 20)],
    ids=["depth", "digits", "escape", "no UTF-8", "a line without end"],
)
@pytest.mark.parametrize("where", ["head", "event", "checkpoint"])
def test_a_hostile_line_ends_with_a_sentence(exported: Exported, raw: bytes, where: str) -> None:
    head, *events = exported.file.read_bytes().splitlines()
    if where == "checkpoint":
        exported.checkpoint.write_bytes(raw)
    else:
        exported.file.write_bytes(b"\n".join([raw, *events] if where == "head" else [head, raw, *events[1:]]))
    code, said = exported.says(checkpoint=where == "checkpoint")
    assert code in ({9} if where == "event" and len(raw) < 1 << 20 else {2})
    assert all(line.isprintable() for line in said.splitlines())


def test_a_log_whose_clocks_ran_backwards_and_were_doubted_is_sound(tmp_path: Path) -> None:
    label = house(tmp_path)
    with Log.open(
        tmp_path / ".takesheet" / "log.db", kinds=ALL_KINDS, clock=lambda: datetime(2099, 1, 1, tzinfo=UTC)
    ) as log:
        log.append(drafted(PersonAdded(person="ada", name="Ada")))
    label.does("log", "doubt", 1, 2, "--why", "the clock of the laptop")
    label.does("log", "export", "log.jsonl")
    command = [sys.executable, str(PROGRAM), str(tmp_path / "log.jsonl")]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said
