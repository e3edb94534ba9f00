"""``--as-of`` a position equals, for every reader, the store that contains only the events up to there."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.correspondence.handoffs import GivenSound, HandoffGiven
from domain.correspondence.signoffs import Signatory, SignedOutput, SignoffOpened
from orchestrator.cli.main import WORDS, load
from orchestrator.desk.addressing.current_place import set_current_path
from orchestrator.log.query import Query
from orchestrator.studio import Studio
from tests.orchestrator.label import Label, open_label
from tests.orchestrator.sounds import note
from tests.orchestrator.written import MASTER, MIX, production

SONG, FERRY = "night-bus/tin-roof", "night-bus/ferry-song"
DRUMS = f"{SONG}/drums"

MONTH = f"{datetime.now(UTC):%Y-%m}"
"""A month that has begun, whatever the zone of the label."""
CALLS = (
    ("board",), ("next",), ("next", SONG), ("search", "night"), ("search", "song", "pat"),
    ("log", "show"), ("log", "show", SONG), ("log", "show", DRUMS, "--limit", 3), ("log", "list"),
    ("why", MASTER), ("why", MIX), ("why", DRUMS), ("why", f"{DRUMS}/2"), ("why", "drums/1"),
    ("vault", "usage"), ("vault", "usage", "night-bus"),
    ("user", "list"), ("user", "show", "lea"), ("rule", "list"),
    ("record", "list"), ("record", "show", "night-bus"),
    ("song", "list", "night-bus"), ("song", "show", SONG), ("song", "show", "ferry-song"),
    ("part", "list", SONG), ("part", "show", DRUMS), ("part", "show", "bass"),
    ("resource", "list"), ("resource", "show", "room-a"),
    ("plan", "conflicts"), ("plan", "free", "--on", "2026-12-07"), ("plan", "ics"), ("plan", "ics", "room-a"),
    ("room", "show", "room-a"), ("person", "show", "jo"), ("gear", "show", "piano"),
    ("budget", "list"), ("budget", "show", "night-bus"), ("budget", "report", "night-bus"),
    ("budget", "payments", "night-bus"), ("budget", "versions", "night-bus"),
    ("budget", "invoices", "night-bus"), ("deal", "list", "night-bus"), ("deal", "show", "night-bus/D1"),
    ("why", "budget", "night-bus"), ("why", "duration", "writing"), ("label", "report", MONTH),
    ("send", "list", "night-bus"), ("note", "list", "night-bus"), ("note", "list", MIX, "--all"),
    ("session", "list", "night-bus"), ("session", "show", "night-bus", "S1"),
    ("session", "overtime", "night-bus", "S1", "--at", "2027-01-04T20:00"),
    ("session", "ready", "night-bus", "S1", "--tracks", "1"), ("part", "parked", "night-bus"),
    ("session", "goal", "night-bus/S1"),
    ("session", "report", "night-bus/S1"), ("setup", "list", "night-bus"), ("setup", "show", DRUMS),
    ("session", "call", "night-bus/S1"), ("session", "runorder", "night-bus/S1"),
    ("session", "call", "night-bus/S1", "--format", "html"), ("session", "call", "night-bus/S1", "--format", "ics"),
    ("take", "list", "night-bus"), ("take", "list", "night-bus", "--unclaimed"),
    ("take", "list", "drums"), ("take", "show", f"{DRUMS}/2"),
    ("take", "show", "bass/1"), ("take", "check", f"{DRUMS}/1"), ("take", "align", f"{DRUMS}/1", "--to", f"{DRUMS}/2"),
    ("pass", "list", SONG), ("comp", "band", SONG), ("edit", "list", DRUMS), ("show", f"{DRUMS}/1"), ("show", MIX),
    ("comp", "list", SONG), ("comp", "show", DRUMS), ("comp", "manifest", SONG),
    ("mix", "list", SONG), ("mix", "show", MIX), ("mix", "show", "@mix2"),
    ("mix", "diff", MIX, "@mix2"), ("mix", "compare", MIX, "@mix2"),
    ("master", "list", "night-bus"), ("master", "manifest", "night-bus"), ("master", "show", MASTER),
    ("master", "advice", MASTER), ("song", "form", SONG), ("edit", "song", SONG), ("review", "--no-input"),
    ("review", SONG, "--no-input"), ("song", "stage", SONG), ("take", "coverage", SONG),
    ("take", "sheet", SONG), ("comp", "sheet", DRUMS),
    ("brief", "night-bus"), ("idea", "list"), ("split", "show", SONG), ("plan", "critical"),
    ("plan", "critical", "night-bus"), ("plan", "durations"),
    ("song", "describe", SONG),
    ("song", "check", SONG), ("record", "check", "night-bus"),
    ("handoff", "list"), ("handoff", "list", "night-bus"), ("handoff", "show", "night-bus/H1"),
    ("signoff", "list"), ("signoff", "list", "night-bus"), ("signoff", "show", "night-bus/G1"),
)  # fmt: skip
"""Every reading command, with addresses that did not always exist."""


HANDED_OUT = HandoffGiven(
    record="night-bus", song=SONG, handoff="H1", to="ann", purpose="mix",
    given=(GivenSound(target=DRUMS, hash="a" * 64),), manifest="b" * 64, files=1,
    at=datetime(2026, 12, 8, 9, tzinfo=UTC),
)  # fmt: skip

ASKED = SignoffOpened(
    record="night-bus", signoff="G1", signatories=(Signatory(person="pat", role="producer"),), quorum=1,
    outputs=(SignedOutput(target=f"{SONG}@mix1", hash="a" * 64),),
)  # fmt: skip


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Label:
    """A label with a history: people, money, sessions, takes, mixes, masters, notes, and undone verdicts."""
    label, *_ = production(tmp_path_factory.mktemp("lived"))
    label.does("resource", "add", "room-a", "--rate", "600/day")
    label.does("budget", "set", "night-bus", "studio=700")
    session = ("session", "book", "night-bus", "--room", "room-a", "--line", "studio", "--hours", "10-18", "--on")
    label.does(*session, "2026-12-07")
    assert label.run(*session, "2026-12-08").rule == "budget.guard"
    label.does("budget", "set", "night-bus", "studio=7200")
    label.does("budget", "spend", "night-bus", "studio", "600", "--invoice", "7", "--session", "S1")
    label.does("resource", "add", "room-a", "--rate", "650/day")
    label.does("note", MIX, "the night is too bright", "--as", "lea")
    label.does("note", DRUMS, "a private thought", "--as", "lea", "--private")
    label.does("take", "reject", f"{DRUMS}/2", "--as", "pat", "--why", "a click")
    label.does("undo", "--as", "pat")
    label.does("comp", "set", DRUMS, "0:00=1", "0:02=2", "--as", "pat")
    label.does("mix", "revise", SONG, label.mix_recipe("drums"), "--as", "pat", "--why", "drier")
    label.does("mix", "reject", f"{FERRY}@mix1", "--as", "lea")
    label.does("room", "add", "room-a", "--hour", "60", "--minimum", "2h", "--setup", "1h")
    label.does("person", "add", "jo", "--call", "250/3h")
    label.does("gear", "add", "piano")
    label.does("room", "block", "room-a", "--from", "2027-01-01T00:00", "--to", "2027-01-02T00:00")
    label.does("user", "add", "Ada", "--role", "engineer")
    with Studio.at(str(label.folder), "pat") as studio:
        studio.decide(Query.of(HandoffGiven), lambda *_: (None, [HANDED_OUT]), deed="mix")  # the tapes are not there
        studio.decide(Query.of(SignoffOpened), lambda *_: (None, [ASKED]), deed="record")  # nor is an approved mix
    return label


@pytest.fixture(scope="module")
def head(lived: Label) -> int:
    return lived.head


def cut(lived: Label, folder: Path, position: int) -> Label:
    """The store of *lived* cut to its first events, as if nothing had followed."""
    shutil.copytree(lived.folder, folder)
    with closing(sqlite3.connect(folder / ".takesheet" / "log.db", isolation_level=None)) as hand:
        guards = hand.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            hand.execute(f"DROP TRIGGER {name}")
        (genesis,) = hand.execute("SELECT prev_hash FROM events WHERE position = 1").fetchone()
        for table in ("events", "event_tags"):
            hand.execute(f"DELETE FROM {table} WHERE position > ?", (position,))  # noqa: S608 - a test's own words
        hand.execute("DELETE FROM tags WHERE id > 0 AND id NOT IN (SELECT tag FROM event_tags)")
        hand.execute("DELETE FROM kinds WHERE id NOT IN (SELECT kind FROM event_tags)")
        (last,) = hand.execute("SELECT hash FROM events WHERE position = ?", (position,)).fetchone() or (genesis,)
        hand.execute("UPDATE log_head SET position = ?, hash = ?", (position, last))
        for _, statement in guards:
            hand.execute(statement)
    return Label(folder)


def stand_at(label: Label, place: str) -> None:
    with Studio.at(str(label.folder)) as studio:
        set_current_path(studio, () if place == "-" else tuple(place.split("/")))


def readers() -> Iterator[str]:
    """Yield every command that takes ``--as-of``."""
    for word in WORDS:
        command = load(word)
        for verb, leaf in getattr(command, "commands", {"": command}).items():
            if any(parameter.name == "as_of" for parameter in leaf.params):
                yield f"{word} {verb}".strip()


def test_every_reading_command_is_asked_here() -> None:
    asked = {" ".join(map(str, call[:depth])) for call in CALLS for depth in (1, 2)}
    left = [reader for reader in readers() if reader not in asked]
    assert left == []


@pytest.mark.parametrize("share", [0, 0.02, 0.3, 0.6, 0.9, 1])
def test_as_of_a_position_is_the_store_that_holds_just_those_events(
    lived: Label, head: int, tmp_path: Path, share: float
) -> None:
    position = round(share * head)
    young = cut(lived, tmp_path / "young", position)
    assert young.head == position
    for place, how in (("-", ()), (SONG, ("--json",))):  # a song that may not have existed yet
        for label in (lived, young):
            stand_at(label, place)
        for call in CALLS:
            then, just = lived.run(*call, "--as-of", position, *how), young.run(*call, *how)
            assert then == just, (position, place, call)


@pytest.mark.parametrize(
    "call",
    [
        ("record", "show", "night-bus"), ("song", "show", SONG), ("part", "show", DRUMS),
        ("take", "show", f"{DRUMS}/1"),
        ("why", MIX), ("why", MASTER), ("budget", "show", "night-bus"), ("session", "show", "night-bus", "S1"),
        ("user", "show", "ada"), ("resource", "show", "room-a"), ("take", "list", SONG), ("comp", "show", "drums"),
    ],
)  # fmt: skip
def test_an_address_that_was_not_there_yet_is_not_found_then(lived: Label, call: tuple[str, ...]) -> None:
    stand_at(lived, SONG)
    assert lived.run(*call).code == 0
    said = lived.refuses(4, *call, "--as-of", 3)
    assert "unknown" in said.rule or said.rule == "address"


def test_a_command_that_shows_without_options_shows_an_earlier_moment_and_decides_nothing_there(tmp_path: Path) -> None:
    label = open_label(tmp_path, "Drums")
    label.does("take", "ingest", DRUMS, note(tmp_path / "drums.wav", 100, seconds=2.0))
    label.does("song", "form", SONG, "verse=0:00", "chorus=0:01", "end=0:02")
    then = label.head
    readers = (("song", "form", SONG), ("edit", "song", SONG), ("review", SONG))
    before = [label.data(*words) for words in readers]
    label.does("song", "form", SONG, "verse=0:00", "end=0:02")
    label.does("take", "approve", f"{DRUMS}/1")
    assert [label.data(*words, "--as-of", then) for words in readers] == before
    assert [label.data(*words) for words in readers] != before
    listed = label.run("review", "--as-of", then)
    assert f"take {DRUMS}/1" in listed.out
    assert listed.code == 8, "as it was in the store of that moment, without a terminal"
    for words in (("song", "form", SONG, "verse=0:00", "end=0:01"), ("edit", "song", SONG, "--repeat", "chorus")):
        assert label.refuses(3, *words, "--as-of", then).rule == "time.past"


def test_a_time_means_the_last_position_recorded_at_or_before_it(lived: Label, head: int) -> None:
    times = [row["time"] for row in lived.data("log", "show")]
    assert lived.data("log", "show", "--as-of", "2020-01-01") == []
    assert len(lived.data("log", "show", "--as-of", "2200-01-01")) == head == len(times)


def test_a_position_that_nothing_stands_at_yet_is_no_earlier_moment(lived: Label, head: int) -> None:
    for beyond in (head + 1, 10**30):
        said = lived.refuses(2, "board", "--as-of", beyond)
        assert said.rule == "when"
        assert f"the log ends at position {head}" in said.err
    assert lived.data("board", "--as-of", head) == lived.data("board")


@pytest.mark.parametrize("target", [(), ("night-bus",), (SONG,), (DRUMS,)])
def test_the_last_so_many_decisions_are_the_end_of_all_of_them(lived: Label, target: tuple[str, ...]) -> None:
    rows = lived.data("log", "show", *target)
    for limit in (1, 3, 2**63 - 1):
        assert lived.data("log", "show", *target, "--limit", limit) == rows[-limit:]
    then = rows[len(rows) // 2]["position"]
    assert lived.data("log", "show", *target, "--limit", 1, "--as-of", then) == [rows[len(rows) // 2]]


def test_to_show_the_last_decisions_no_earlier_ones_are_read(lived: Label, tmp_path: Path) -> None:
    shutil.copytree(lived.folder, tmp_path / "damaged")
    with closing(sqlite3.connect(tmp_path / "damaged" / ".takesheet" / "log.db", isolation_level=None)) as hand:
        hand.execute("DROP TRIGGER events_guards_update")
        hand.execute("UPDATE events SET data = 'unreadable' WHERE kind = 'note-added'")
    damaged, fine = Label(tmp_path / "damaged"), lived.data("log", "show", "--limit", 1)
    damaged.refuses(9, "log", "show")
    assert damaged.data("log", "show", "--limit", 1) == fine


def test_what_was_taken_back_is_said_in_words(lived: Label) -> None:
    rows = lived.data("log", "show")
    (back,) = [row for row in rows if row["kind"] == "decision-undone"]
    (judged,) = [row for row in rows if row["why"] == "a click"]
    assert back["what"] == f"takes back {judged['position']}: {judged['what']}"


def test_asking_about_the_past_changes_nothing_in_the_store(lived: Label) -> None:
    store = lived.folder / ".takesheet" / "log.db"
    before = store.read_bytes()
    for call in CALLS:
        lived.run(*call, "--as-of", 9)
    assert store.read_bytes() == before
