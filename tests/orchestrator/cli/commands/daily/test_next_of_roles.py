"""``next`` in each of the eleven roles, on a label with three records in different states."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.label.people import ROLES
from orchestrator.studio import Studio
from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import note

MIX = f"{SONG}@mix1"
LOW_WATER = "tide/low-water"


@pytest.fixture
def label(tmp_path: Path) -> Label:
    """A record whose mix waits for the artist, one that is recorded next week, over its budget, and one without a song.

    Each person is called by their role.
    """
    label = open_label(tmp_path, "Drums")
    for role in ROLES:
        label.does("user", "add", role, "--role", role)
    label.does("rule", "set", "approve.quorum.mix", "producer,artist")
    label.does("take", "ingest", f"{SONG}/drums", note(label.folder / "drums.wav", 80, seconds=1.0))
    label.does("take", "approve", f"{SONG}/drums/1", "--as", "producer")
    label.does("mix", "revise", SONG, label.mix_recipe("drums"), "--as", "mixer")
    label.renders()
    label.does("mix", "approve", MIX, "--as", "producer")
    label.does("record", "new", "Arbour", "--artist", "The Ferrymen")
    label.does("record", "new", "Tide", "--artist", "The Ferrymen", "--due", day(label, 10))
    label.does("song", "add", "tide", "Low Water")
    label.does("part", "add", LOW_WATER, "Drums")
    label.does("budget", "set", "tide", "studio=1000")
    label.does("resource", "add", "room-a", "--kind", "room", "--rate", "600/day")
    label.does("resource", "add", "musician", "--kind", "person", "--rate", "100/day")
    label.does("session", "book", "tide", "--room", "room-a", "--with", "musician", "--on", day(label, 5),
               "--hours", "10-18", "--line", "studio")  # fmt: skip
    label.does("session", "ask", "tide/S1")
    label.does("budget", "invoice", "tide", "studio", "500", "--invoice", "I 1", "--payee", "Room A")
    label.does("split", "propose", LOW_WATER, "artist=50", "musician=50")
    return label


def day(label: Label, after: int) -> str:
    with Studio.at(str(label.folder)) as studio:
        return str(studio.today() + timedelta(days=after))


def mine(label: Label, role: str) -> dict[str, Any]:
    return next(iter(label.data("next", "--mine", "--as", role)), {})


def test_each_of_eleven_roles_is_told_its_own_one_thing(label: Label) -> None:
    told = {role: (row.get("what"), row.get("address")) for role in ROLES for row in (mine(label, role),)}
    assert told == {
        "label": ("overrun", "tide/studio"),
        "coordinator": ("late", "tide"),
        "producer": ("begin", LOW_WATER),
        "engineer": ("begin", LOW_WATER),
        "mixer": (None, None),
        "mastering": (None, None),
        "artist": ("mix", MIX),
        "musician": ("answer", "tide/S1"),
        "finance": ("overrun", "tide/studio"),
        "auditor": ("proof", ""),
        "robot": ("begin", LOW_WATER),
    }


def test_nobody_is_told_to_do_what_their_role_may_not(label: Label) -> None:
    label.does("song", "remove", LOW_WATER)
    assert mine(label, "producer")["next"] == "takesheet song add tide TITLE"
    assert (mine(label, "engineer"), mine(label, "robot")) == ({}, {}), "neither opens songs"


def test_a_musician_answers_the_session_themselves_and_agrees_to_their_share(label: Label) -> None:
    row = mine(label, "musician")
    assert row["next"] == "takesheet session answer tide/S1 musician yes"
    assert label.refuses(3, "session", "answer", "tide/S1", "musician", "no", "--as", "mixer").rule == "person.role"
    label.does("session", "answer", "tide/S1", "musician", "yes", "--as", "musician")
    row = mine(label, "musician")
    assert (row["what"], row["next"]) == ("split", f"takesheet split agree {LOW_WATER}")
    assert "50.00 %" in row["why"]
    label.does(*row["next"].split()[1:], "--as", "musician")
    assert mine(label, "musician") == {}


def test_an_artist_agrees_to_their_share_after_the_co_signature(label: Label) -> None:
    label.does("mix", "approve", MIX, "--as", "artist")
    assert mine(label, "artist")["what"] == "split"
    label.does("split", "agree", LOW_WATER, "--as", "artist")
    assert mine(label, "artist") == {}


def test_a_declined_session_is_for_those_who_book(label: Label) -> None:
    label.does("session", "answer", "tide/S1", "musician", "no", "--as", "musician")
    assert mine(label, "producer")["next"] == "takesheet session replace tide/S1 musician NEW"
    assert mine(label, "coordinator")["next"] == "takesheet session replace tide/S1 musician NEW"
    assert mine(label, "mixer") == {}


def test_finance_pays_the_invoice_that_is_overdue_or_due_first(label: Label) -> None:
    label.does("budget", "set", "tide", "studio=3000")
    row = mine(label, "finance")
    assert (row["what"], row["address"]) == ("unpaid", "tide/studio")
    assert row["next"] == "takesheet budget spend tide studio 500.00 --invoice 'I 1' --payee 'Room A'"
    label.does(
        "budget", "invoice", "tide", "studio", "20", "--invoice", "2", "--payee", "Cabs", "--due", day(label, -1)
    )
    label.does("budget", "invoice", "tide", "studio", "30", "--invoice", "3", "--payee", "Cabs", "--due", day(label, 9))
    row = mine(label, "finance")
    assert (row["what"], row["why"]) == ("overdue", f"invoice 2 of Cabs: 20.00 EUR, due {day(label, -1)}")
    label.does(*row["next"].split()[1:], "--as", "finance")
    assert "invoice 3 of Cabs" in mine(label, "finance")["why"]
    label.does(*mine(label, "finance")["next"].split()[1:], "--as", "finance")
    assert "invoice I 1 of Room A" in mine(label, "finance")["why"]
    label.does(
        "budget", "spend", "tide", "studio", "500.00", "--invoice", "I 1", "--payee", "Room A", "--as", "finance"
    )
    assert mine(label, "finance") == {}


def test_an_auditor_is_told_how_much_no_checkpoint_proves(
    label: Label, tmp_path_factory: pytest.TempPathFactory
) -> None:
    head = label.head
    assert mine(label, "auditor")["why"] == f"{head} events and no checkpoint yet"
    file = tmp_path_factory.mktemp("outside") / "checkpoint"
    label.does("log", "checkpoint", file, "--as", "auditor")
    assert mine(label, "auditor") == {}
    label.does("note", "tide", "a thought")
    assert mine(label, "auditor")["why"] == f"{label.head - head} events since the checkpoint at position {head}"


def test_a_co_signature_that_others_owe_is_for_nobody_else(label: Label) -> None:
    assert mine(label, "label")["what"] == "overrun"
    assert MIX not in {mine(label, role).get("address") for role in ROLES if role != "artist"}
