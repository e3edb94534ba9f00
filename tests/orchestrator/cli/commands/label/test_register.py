"""Whoever plays, is booked or decides is one person of one register."""

import pytest

from tests.orchestrator.label import SONG, Label

BOOK = ("session", "book", "night-bus", "--on", "2127-12-06", "--hours", "10-18")


def register(label: Label) -> dict[str, tuple[str, str]]:
    """Name and roles by person, without the founder."""
    rows = label.data("user", "list")
    return {row["person"]: (row["name"], row["roles"]) for row in rows[1:]}


def test_a_player_enters_the_register_without_a_role_and_is_granted_one_later(label: Label) -> None:
    said = label.run("part", "add", SONG, "Choir", "Whistle", "--player", "Ann Lee")
    assert (said.code, "ann-lee is new among the people of this label" in said.err) == (0, True)
    assert register(label) == {"ann-lee": ("Ann Lee", "")}
    assert label.refuses(3, "part", "add", SONG, "Gong", "--as", "ann-lee").rule == "person.role"
    head = label.head
    assert "is new" not in label.run("part", "add", SONG, "Choir", "--player", "Ann Lee").err
    assert label.head == head
    label.does("user", "add", "Ann Lee", "--role", "musician")
    assert register(label) == {"ann-lee": ("Ann Lee", "musician")}
    assert label.data("user", "show", "ann-lee")["roles"] == "musician"


def test_a_player_who_is_known_is_the_person_there_is(label: Label) -> None:
    label.does("user", "add", "Pat", "--role", "producer")
    assert "is new" not in label.run("part", "add", SONG, "Choir", "--player", "PAT").err
    assert register(label) == {"pat": ("Pat", "producer")}
    assert label.data("part", "show", f"{SONG}/choir")["player"] == "pat"


def test_a_person_who_can_be_booked_is_in_the_register(label: Label) -> None:
    said = label.run("resource", "add", "Eli", "--kind", "person", "--rate", "40/hour")
    assert (said.out, "eli is new among the people of this label" in said.err) == ("eli\n", True)
    assert register(label) == {"eli": ("Eli", "")}
    head = label.head
    label.does("resource", "add", "Eli", "--kind", "person", "--rate", "40/hour")
    assert label.head == head
    label.does("resource", "add", "room-a")
    assert "room-a" not in register(label)
    label.does("user", "add", "eli", "--role", "engineer")
    assert register(label) == {"eli": ("Eli", "engineer")}


def test_whoever_is_in_the_register_is_booked_by_name_and_a_rate_may_follow(label: Label) -> None:
    label.does("part", "add", SONG, "Choir", "--player", "Ann")
    label.does("user", "add", "Pat", "--role", "producer")
    said = label.run(*BOOK, "--with", "ann, Pat")
    assert (said.code, "not priced, for want of a rate: ann, pat" in said.err) == (0, True)
    rows = {row["resource"]: (row["kind"], row["rate"]) for row in label.data("resource", "list")}
    assert rows == {"ann": ("person", ""), "pat": ("person", "")}
    head = label.head
    label.does(*BOOK, "--with", "ann, Pat")
    assert label.head == head
    assert label.refuses(5, *BOOK, "--with", "pat").rule == "schedule.conflict"
    label.does("resource", "add", "ann", "--kind", "person", "--rate", "40/hour")
    assert len(register(label)) == 2


def test_a_name_that_nobody_has_is_not_booked(label: Label) -> None:
    label.does("user", "add", "Pat", "--role", "producer")
    assert label.refuses(4, *BOOK, "--with", "pta").rule == "resource.unknown"
    assert label.data("resource", "list") == []


@pytest.mark.parametrize(
    "words", [("part", "add", SONG, "Choir", "--player"), ("resource", "add", "--kind", "person")], ids=" ".join
)
def test_contact_data_is_no_name_of_a_person(label: Label, words: tuple[str, ...]) -> None:
    assert label.refuses(2, *words, "ann@example.org").rule == "person.name"
