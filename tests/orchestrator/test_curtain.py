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
