"""Planted secrets: what the curtain hides from a reader is in no output of any command that reads."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from domain.core.refusal import Refused
from domain.correspondence.signoffs import Signatory, SignedOutput, SignoffOpened
from orchestrator.desk.addressing.addresses import find
from orchestrator.desk.review.notes import add_note
from orchestrator.log.query import Query
from orchestrator.studio import Studio
from tests.orchestrator.desk.addressing.test_times import CALLS
from tests.orchestrator.label import Label, open_label
from tests.orchestrator.sounds import note
from tests.orchestrator.studio_day import open_day, recording
from tests.orchestrator.written import MASTER, MIX, production

SONG = "night-bus/tin-roof"
DRUMS = f"{SONG}/drums"
OWN, TEAM, ARTIST, COACH = "zebra thought", "quokka remark", "lemur wish", "otter praise"
MONEY, REJECTION = ("73,19", "7319", "73.19"), "gnu click"
READERS = {
    "pat": {TEAM, ARTIST, COACH, "money", REJECTION},
    "eve": {TEAM, ARTIST, COACH, REJECTION},
    "ari": {ARTIST, COACH},
    "mus": {COACH},
    "fin": {TEAM, ARTIST, COACH, "money", REJECTION},
    "stranger": set[str](),
}
"""A producer, an engineer, the artist, a musician, finance, and somebody whom the label does not know."""
MORE = (
    ("log", "outbox"), ("note", "list", DRUMS), ("note", "list", SONG, "--all"), ("search", "zebra"),
    ("search", "quokka"), ("search", "gnu"), ("search", "lemur"), ("search", "otter"), ("budget", "list"),
    ("session", "list", "night-bus"), ("resource", "list"), ("why", f"{DRUMS}/1"), ("take", "list", SONG),
    ("log", "show", "--kind", "note-added"), ("log", "show", "--by", "pat"),
)  # fmt: skip

VIEWED = tuple(call for call in (*CALLS, *MORE) if call != ("log", "outbox"))
"""Every reader that takes --view-as; the outbox is for the program that sends its notices."""


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Label:
    """A label with a secret of each sort, and one reader of each role."""
    label, *_ = production(tmp_path_factory.mktemp("planted"))
    roles = {"eve": "engineer", "ari": "artist", "mus": "musician", "fin": "finance"}
    for person, role in roles.items():
        label.does("user", "add", person, "--role", role)
    label.does("note", DRUMS, OWN, "--private", "--as", "lea")
    label.does("note", DRUMS, TEAM, "--as", "lea")
    label.does("note", MIX, ARTIST, "--artist", "--as", "lea")
    label.does("note", SONG, COACH, "--coach", "--as", "lea")
    label.does("resource", "add", "room-z", "--rate", "73.19/day")
    label.does("budget", "set", "night-bus", "studio=73.19")
    label.does("session", "book", "night-bus", "--room", "room-z", "--line", "studio", "--on", "2027-12-07",
               "--hours", "10-18")  # fmt: skip
    label.does("budget", "spend", "night-bus", "studio", "73.19", "--invoice", "z1", "--session", "S1")
    label.does("take", "reject", f"{DRUMS}/1", "--why", REJECTION, "--as", "lea")
    return label


def shown(label: Label, *who: str, calls: Sequence[Sequence[str]] = (*CALLS, *MORE)) -> str:
    """Everything that the reading commands print with the options *who*, as text and as JSON."""
    found = []
    for call in calls:
        for flags in ((), ("--json",)):
            said = label.run(*call, *flags, *who)
            assert said.rule != "usage", (call, said)
            found.append(said.out + said.err)
    return "\n".join(found)


def what_is_shown(text: str) -> set[str]:
    """The planted secrets in *text*."""
    found = {word for word in (OWN, TEAM, ARTIST, COACH, REJECTION) if word in text}
    return found | ({"money"} if any(amount in text for amount in MONEY) else set())


@pytest.mark.slow
@pytest.mark.parametrize("person", READERS)
def test_a_reader_sees_what_the_curtain_shows_and_nothing_else(planted: Label, person: str) -> None:
    assert what_is_shown(shown(planted, "--as", person)) == READERS[person]


@pytest.mark.slow
@pytest.mark.parametrize("person", sorted(set(READERS) - {"stranger"}))
def test_every_reader_shows_what_somebody_else_sees(planted: Label, person: str) -> None:
    told = shown(planted, "--view-as", person, calls=VIEWED)
    assert what_is_shown(told) == what_is_shown(shown(planted, "--as", person, calls=VIEWED))


def test_a_private_note_stays_its_authors_when_others_view_as_them(planted: Label) -> None:
    assert OWN in planted.does("note", "list", DRUMS, "--as", "lea", "--view-as", "lea")
    assert OWN not in shown(planted, "--view-as", "lea", calls=(("note", "list", DRUMS), ("log", "show")))


@pytest.mark.slow
def test_nobody_sees_more_by_viewing_as_another(planted: Label) -> None:
    for caller in ("mus", "ari", "eve"):
        told = what_is_shown(shown(planted, "--as", caller, "--view-as", "pat", calls=VIEWED))
        assert told == what_is_shown(shown(planted, "--as", caller, calls=VIEWED))
    said = planted.refuses(3, "budget", "report", "night-bus", "--as", "eve", "--view-as", "pat")
    assert (said.rule, "eve (engineer) does not see money" in said.err) == ("curtain.money", True)
    said = planted.refuses(3, "budget", "report", "night-bus", "--view-as", "mus")
    assert "mus (musician) does not see money" in said.err


def test_only_who_sees_money_has_it_on_the_board(planted: Label) -> None:
    money = {"planned", "committed", "actual", "forecast", "left", "money"}
    for person, role in READERS.items():
        [row] = [one for one in planted.data("board", "--as", person) if one["record"] == "night-bus"]
        assert (money & row.keys()) == (money if "money" in role else set()), person
        heading = planted.does("board", "--plain", "--as", person).splitlines()[0].split()
        assert ("money" in heading) == ("money" in role), person


def test_on_the_board_a_producer_of_one_record_sees_its_money_alone(planted: Label) -> None:
    planted.does("record", "new", "Slow Ferry", "--artist", "The Ferrymen")
    planted.does("budget", "set", "slow-ferry", "studio=77")
    planted.does("user", "add", "sue", "--role", "producer", "--record", "slow-ferry")
    rows = {row["record"]: row for row in planted.data("board", "--as", "sue")}
    assert rows["slow-ferry"]["money"] == "77.00 EUR left"
    assert (rows["night-bus"]["money"], rows["night-bus"]["planned"]) == ("", None)


def test_who_is_not_there_is_not_viewed_as(planted: Label) -> None:
    assert planted.refuses(4, "board", "--view-as", "stranger").rule == "person.unknown"


def test_a_view_decides_nothing(planted: Label, tmp_path: Path) -> None:
    assert planted.refuses(2, "take", "approve", f"{DRUMS}/1", "--view-as", "pat").code == 2
    with Studio.at(str(planted.folder)) as studio:
        studio.view_as("pat")
        with pytest.raises(Refused, match=r"studio\.viewed"):
            add_note(studio, find(studio, SONG), "louder")
    assert planted.refuses(2, "log", "export", tmp_path / "log", "--view-as", "pat").code == 2


@pytest.mark.slow
@pytest.mark.parametrize("person", ["ari", "mus", "stranger"])
def test_a_rejected_take_looks_like_one_that_was_not_judged(planted: Label, person: str) -> None:
    assert "rejected" not in shown(planted, "--as", person)


def test_a_mix_that_was_turned_down_looks_like_one_that_was_not_approved(released: Label, tmp_path: Path) -> None:
    for person, role in (("mus", "musician"), ("ari", "artist")):
        released.does("user", "add", person, "--role", role)
    released.does("mix", "reject", MIX, "--as", "pat")
    readers = (
        ("why", MIX), ("why", MASTER), ("record", "show", "night-bus"), ("next",), ("master", "list", "night-bus"),
        ("mix", "list", SONG), ("export", MIX, tmp_path), ("export", MASTER, tmp_path), ("rebuild", MASTER),
        ("log", "show"), ("master", "approve", MASTER),
    )  # fmt: skip
    for call in readers:
        assert "reject" not in (told := released.run(*call, "--as", "mus")).out + told.err, call
        assert "reject" not in (told := released.run(*call, "--as", "ari")).out + told.err, call
    assert f"{MIX}: not approved" in released.does("why", MIX, "--as", "mus")
    assert f"blocked ({MIX} is rejected)" in released.does("next", "--as", "pat")


def test_help_says_that_a_reader_is_a_claim(planted: Label) -> None:
    assert "nobody checks it" in " ".join(planted.run("board", "--help").out.split())


def test_an_author_reads_the_private_note(planted: Label) -> None:
    assert OWN in planted.does("note", "list", DRUMS, "--as", "lea")


def test_a_note_file_for_another_program_has_no_private_note(planted: Label, tmp_path: Path) -> None:
    planted.does("note", MIX, OWN, "--private", "--as", "lea")
    planted.does("note", "export", MIX, tmp_path / "notes.csv", "--as", "lea")
    assert OWN not in (tmp_path / "notes.csv").read_text("utf-8")


def test_what_is_sent_tells_no_note_no_money_and_no_rejection(released: Label, tmp_path: Path) -> None:
    released.does("note", MIX, OWN, "--private", "--as", "pat")
    released.does("note", MIX, TEAM, "--as", "pat")
    released.does("note", DRUMS, COACH, "--coach", "--as", "pat")
    released.does("budget", "set", "night-bus", "studio=73.19")
    released.does("take", "reject", f"{DRUMS}/1", "--why", REJECTION, "--as", "pat")
    told = ""
    for words in (("--format", "wav"), ("--format", "m4a"), ("--what", "main"), ("--for", "pitch", "--format", "flac")):
        said = released.run("send", MIX, "--to", "kim", "--out", tmp_path / "sent", *words, "--as", "pat")
        assert said.code == 0, said
        told += said.out + said.err
    told += "".join(file.name + file.read_bytes().decode("latin-1") for file in (tmp_path / "sent").iterdir())
    assert what_is_shown(told) == set()
    assert not [word for word in ("reject", "approved", "budget", "Joe") if word in told]


def test_that_an_artist_asks_for_changes_is_told_to_the_team_and_to_the_artist_alone(released: Label) -> None:
    for person, role in (("mus", "musician"), ("ari", "artist"), ("eve", "engineer")):
        released.does("user", "add", person, "--role", role)
    (released.folder / "answer.txt").write_text("0:01 thinner", "utf-8")
    released.does("answer", MIX, "answer.txt", "--from", "ari", "--verdict", "changes", "--as", "eve")
    for person, sees in (("mus", False), ("ari", True), ("eve", True)):
        told = "".join(
            released.does(*call, "--as", person) for call in (("log", "show"), ("why", MIX), ("search", "thinner"))
        )
        assert ("says changes" in told) == sees, person
        assert ("thinner" in told) == sees, person


@pytest.mark.parametrize("person", ["eve", "ari", "mus", "stranger"])
def test_who_does_not_see_money_exports_no_log_and_no_receipt_of_a_payment(
    planted: Label, person: str, tmp_path: Path
) -> None:
    file = tmp_path / "log.jsonl"
    assert planted.refuses(3, "log", "export", file, "--as", person).rule == "curtain.export"
    assert not file.exists()
    paid = next(row["position"] for row in planted.data("log", "show", "--kind", "money-spent"))
    assert planted.refuses(3, "log", "receipt", paid, "--as", person).rule == "curtain.export"


def test_a_sign_off_and_its_page_hold_no_note_no_money_and_no_rejection(planted: Label, tmp_path: Path) -> None:
    asked = SignoffOpened(
        record="night-bus", signoff="G1", signatories=(Signatory(person="pat", role="producer"),), quorum=1,
        outputs=(SignedOutput(target=f"{SONG}@mix1", hash="a" * 64),),
    )  # fmt: skip
    with Studio.at(str(planted.folder), "pat") as studio:
        studio.decide(Query.of(SignoffOpened), lambda *_: (None, [asked]), deed="record")  # no mix is approved there
    page = tmp_path / "page.html"
    planted.does("signoff", "show", "night-bus/G1", "--html", page)
    told = planted.does("signoff", "show", "night-bus/G1") + planted.does("signoff", "list", "--json")
    assert what_is_shown(told + page.read_text("utf-8")) == set()


def test_a_handoff_holds_no_private_note_no_money_and_no_rejection(tmp_path: Path) -> None:
    label = open_label(tmp_path, "drums")
    for pitch in (60, 64):
        label.does("take", "ingest", DRUMS, note(tmp_path / f"{pitch}.wav", pitch, seconds=0.5))
    label.does("take", "approve", f"{DRUMS}/1")
    label.does("take", "reject", f"{DRUMS}/2", "--why", REJECTION)
    label.does("note", SONG, OWN, "--private")
    label.does("note", SONG, TEAM)
    label.does("budget", "set", "night-bus", "studio=73.19", "--why", MONEY[2])
    label.renders()
    done = label.data("handoff", SONG, tmp_path / "out", "--to", "Ann", "--for", "mix")
    told = "".join(file.read_bytes().decode("latin-1") for file in Path(done["folder"]).iterdir())
    assert what_is_shown(told + label.does("handoff", "show", "H1") + label.does("handoff", "list")) == {TEAM}
    assert "reject" not in told


@pytest.fixture(scope="module")
def session_day(tmp_path_factory: pytest.TempPathFactory) -> tuple[Label, Path]:
    """A day with a keeper, a pass that is not this one, money and doubts; and the recorder's card."""
    folder = tmp_path_factory.mktemp("day")
    day, card = open_day(folder / "label", "Drums", "Bass"), folder / "card"
    label = day.label
    for person, role in (("pat", "producer"), ("ari", "artist"), ("mus", "musician")):
        label.does("user", "add", person, "--role", role)
    label.does("room", "add", "Room Z", "--day", "73.19")
    label.does("person", "add", "Jo", "--day", "73.19")
    label.does("budget", "set", "night-bus", "studio=731.90")
    label.does("session", "book", "night-bus", "--room", "room-z", "--with", "jo", "--on", "2026-12-07", "--hours",
               "20-22", "--line", "studio")  # fmt: skip
    day.keys("10:00:00", "drums", "roll")
    day.keys("10:00:40", "roll", "not-this-one")
    day.keys("10:10:00", "roll")
    day.keys("10:10:40", "roll", "keeper")
    for number, time in enumerate(("10:00:02", "10:10:02"), start=1):
        recording(card / f"{number}.wav", time, seconds=3)
    day.clock.set("2026-12-07T20:30")
    label.does(*slate_table(card), "--yes")
    label.does("take", "reject", f"{DRUMS}/1", "--why", REJECTION, "--as", "pat")
    for address in (SONG, DRUMS, "night-bus"):
        label.does("note", address, OWN, "--private", "--as", "pat")
    label.does("part", "park", f"{SONG}/bass", "--reason", OWN, "--as", "pat")
    return label, card


def slate_table(card: Path) -> tuple[object, ...]:
    return ("take", "import", SONG, card, "--session", "S1", "--clock-ahead", "0")


def test_nothing_that_a_session_hands_out_tells_a_private_note_money_or_a_rejection(
    session_day: tuple[Label, Path], tmp_path: Path
) -> None:
    label, card = session_day
    calls: list[tuple[object, ...]] = [("session", "next", "night-bus/S1")]
    for name in ("a", "b", "sent"):
        (tmp_path / name).mkdir()
    for session in ("night-bus/S1", "night-bus/S2"):
        calls += [("session", "run", session, "--view", "room", *form) for form in ((), ("--json",))]
        calls += [("session", "wrap", session, "--format", form) for form in ("text", "html")]
        calls += [("session", "call", session, "--format", form) for form in ("text", "html", "ics")]
        calls.append(("session", "archive", session, card, "--copies", f"{tmp_path / 'a'},{tmp_path / 'b'}"))
    calls.append(("send", f"{DRUMS}/2", "--to", "kim", "--out", tmp_path / "sent"))
    told = ""
    for call in calls:
        said = label.run(*call, "--as", "pat")
        assert said.code == 0, (call, said)
        told += said.out + said.err
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert len(files) == 2 * 2 * 3 + 1, "two files and a manifest of two sessions in two places, and what is sent"
    told += "".join(file.name + file.read_bytes().decode("latin-1") for file in files)
    assert what_is_shown(told) == set()
    assert not [word for word in ("reject", "not this one", "not-this-one", "EUR") if word in told]
    assert "take 2" in told, "its keeper"
    assert OWN in label.does("note", "list", SONG, "--as", "pat"), "it is planted"
    assert "73.19" in label.does("session", "show", "night-bus/S2", "--as", "pat")


@pytest.mark.parametrize("person", ["ari", "mus"])
def test_a_mark_that_is_a_rejection_is_in_no_table_of_who_sees_none(
    session_day: tuple[Label, Path], person: str
) -> None:
    label, card = session_day
    tables = (
        (*slate_table(card), "--dry-run"), ("take", "list", SONG), ("take", "show", f"{DRUMS}/1"), ("log", "show"),
        ("review",),
    )  # fmt: skip
    for call in tables:
        for form in ((), ("--json",)):
            said = label.run(*call, *form, "--as", person, "--no-input")
            told = said.out + said.err
            assert not [word for word in ("not-this-one", "not this one") if word in told], call
            assert what_is_shown(told) == set(), call
    assert "not-this-one" in label.run(*slate_table(card), "--dry-run", "--as", "pat").out, "it is planted"
