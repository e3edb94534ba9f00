"""Versions of a budget, moves, and the events behind each figure, through the command line."""

import pytest

from tests.orchestrator.label import Label

NIGHT_BUS = "night-bus"
MOVE = ("budget", "move", NIGHT_BUS, "contingency", "studio")


@pytest.fixture
def planned(label: Label) -> Label:
    """A budget of two lines, and a move of 600.00 from one to the other."""
    label.does("budget", "set", NIGHT_BUS, "studio=7200", "contingency=1200")
    label.does(*MOVE, "600", "--why", "drums took longer")
    return label


def test_each_change_of_approved_amounts_is_a_version_of_one_total(planned: Label) -> None:
    rows = planned.data("budget", "versions", NIGHT_BUS)
    assert [(row["version"], row["total"]["minor"]) for row in rows] == [(1, 840_000), (2, 840_000)]
    assert (rows[1]["change"], rows[1]["why"]) == (
        "600.00 EUR moved from contingency to studio", "drums took longer",
    )  # fmt: skip


def test_an_earlier_version_is_reported_with_the_costs_of_now(planned: Label) -> None:
    planned.does("budget", "spend", NIGHT_BUS, "studio", "7300", "--invoice", "1")
    [now, _] = planned.data("budget", "report", NIGHT_BUS)
    [then, _] = planned.data("budget", "report", NIGHT_BUS, "--version", 1)
    assert [row["approved"]["minor"] for row in (now, then)] == [780_000, 720_000]
    assert [row["left"]["minor"] for row in (now, then)] == [50_000, -10_000]
    assert planned.refuses(4, "budget", "report", NIGHT_BUS, "--version", 3).rule == "budget.version"


def test_a_move_needs_what_the_line_has_left_and_repeated_it_moves_nothing(planned: Label) -> None:
    head = planned.head
    planned.does(*MOVE, "600")
    assert planned.head == head
    refused = planned.refuses(3, *MOVE, "600.01")
    assert "contingency has 600.00 EUR left, 600.01 EUR cannot be moved: short 0.01 EUR" in refused.err
    planned.does(*MOVE, "600", "--again")
    [studio, contingency] = planned.data("budget", "report", NIGHT_BUS)
    assert (studio["approved"]["minor"], contingency["left"]["minor"]) == (840_000, 0)


def test_only_a_label_role_moves_and_authorises(planned: Label) -> None:
    planned.does("user", "add", "pat", "--role", "producer")
    assert planned.refuses(3, *MOVE, "1", "--as", "pat").rule == "person.role"


def test_an_overrun_has_a_reason_and_a_day_to_come(planned: Label) -> None:
    over = ("budget", "authorise", NIGHT_BUS, "studio", "10")
    assert planned.refuses(2, *over, "--until", "2999-01-01", "--why", " ").rule == "budget.why"
    assert planned.refuses(2, *over, "--until", "2020-01-01", "--why", "x").rule == "budget.until"
    planned.refuses(2, *over, "--until", "friday", "--why", "x")


def test_a_report_shows_its_forecast_and_hides_money_from_who_may_not_see_it(planned: Label) -> None:
    planned.does("budget", "invoice", NIGHT_BUS, "studio", "8000", "--invoice", "1", "--payee", "Room A")
    [studio, _] = planned.data("budget", "report", NIGHT_BUS)
    assert (studio["forecast"]["minor"], studio["left"]["minor"]) == (800_000, -20_000)
    planned.does("user", "add", "lou", "--role", "engineer")
    for reader in ("report", "versions", "invoices"):
        assert planned.refuses(3, "budget", reader, NIGHT_BUS, "--as", "lou").rule == "curtain.money"


def test_why_lists_every_event_that_makes_a_figure_with_the_sums_after_it(planned: Label) -> None:
    planned.does("resource", "add", "room-a", "--kind", "room", "--rate", "600/day")
    planned.does("session", "book", NIGHT_BUS, "--room", "room-a", "--on", "2027-12-06", "--hours", "10-18", "--line",
                 "studio")  # fmt: skip
    planned.does("budget", "invoice", NIGHT_BUS, "studio", "500", "--invoice", "1", "--payee", "A", "--session", "S1")
    planned.does("budget", "spend", NIGHT_BUS, "studio", "500", "--invoice", "1", "--payee", "A", "--final")
    planned.does("budget", "authorise", NIGHT_BUS, "studio", "50", "--until", "2999-01-01", "--why", "strings")
    planned.does("note", NIGHT_BUS, "of no matter here")
    rows = planned.data("why", "budget", f"{NIGHT_BUS}/studio")
    assert [row["change"] for row in rows] == [
        "approved +7,200.00 EUR", "approved +600.00 EUR", "committed +600.00 EUR",
        "committed -500.00 EUR, invoiced +500.00 EUR",
        "committed -100.00 EUR, invoiced -500.00 EUR, spent +500.00 EUR", "overrun +50.00 EUR",
    ]  # fmt: skip
    assert [row["left"]["minor"] for row in rows] == [720_000, 780_000, 720_000, 720_000, 730_000, 730_000]
    [studio, _] = planned.data("budget", "report", NIGHT_BUS)
    for name in ("approved", "committed", "invoiced", "spent", "forecast"):
        assert rows[-1][name] == studio[name]
    assert (rows[1]["why"], rows[-1]["why"]) == ("drums took longer", "strings")


def test_why_tells_of_a_deal_which_song_changed_its_price_and_of_what_no_line_pays(planned: Label) -> None:
    planned.does("deal", "add", NIGHT_BUS, "--who", "Vic", "--role", "mixer", "--fee", "400/song")
    planned.does("song", "add", NIGHT_BUS, "Paper Boats")
    rows = planned.data("why", "budget", f"{NIGHT_BUS}/unbudgeted")
    assert [row["committed"]["minor"] for row in rows] == [40_000, 80_000]
    assert rows[1]["event"] == "night-bus/paper-boats: Paper Boats"
    assert {row["line"] for row in planned.data("why", "budget", NIGHT_BUS)} == {"studio", "contingency", "unbudgeted"}


def test_why_refuses_an_unknown_line_another_word_and_who_sees_no_money(planned: Label) -> None:
    assert planned.refuses(4, "why", "budget", f"{NIGHT_BUS}/catering").rule == "budget.line"
    assert planned.refuses(2, "why", "money", f"{NIGHT_BUS}/studio").rule == "why.what"
    planned.does("user", "add", "lou", "--role", "engineer")
    assert planned.refuses(3, "why", "budget", f"{NIGHT_BUS}/studio", "--as", "lou").rule == "curtain.money"
