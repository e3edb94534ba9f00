"""Deals through the command line: committed, following the songs, paid by invoice, changed and ended."""

import pytest

from tests.orchestrator.label import Label

NIGHT_BUS, D1 = "night-bus", "night-bus/D1"
ADD = ("deal", "add", NIGHT_BUS, "--who", "Vic Lane", "--role", "mixer", "--fee")


@pytest.fixture
def planned(label: Label) -> Label:
    """A budget with 1,000.00 for mixing, for a record of one song."""
    label.does("budget", "set", NIGHT_BUS, "mixing=1000", "studio=100")
    return label


@pytest.fixture
def agreed(planned: Label) -> Label:
    """A mixer gets 400.00 a song, in two instalments, with three revisions and 150.00 for each further one."""
    planned.does(*ADD, "400/song", "--line", "mixing", "--revisions", 3, "--extra", "150", "--pay", "50/50")
    return planned


def mixing(label: Label) -> tuple[int, ...]:
    """Committed, invoiced, spent and left of the line that pays."""
    [row] = [row for row in label.data("budget", "report", NIGHT_BUS) if row["line"] == "mixing"]
    return tuple(row[name]["minor"] for name in ("committed", "invoiced", "spent", "left"))


def test_a_person_not_yet_known_is_added_and_that_is_said(planned: Label) -> None:
    said = planned.run(*ADD, "400/song", "--line", "mixing")
    assert said.code == 0
    assert "vic-lane was not known and is in the register now, without a role" in said.err
    assert "400.00 EUR committed from mixing, 600.00 EUR left there" in said.out
    head = planned.head
    assert planned.run(*ADD, "400/song", "--line", "mixing").err == ""
    assert planned.head == head
    assert planned.data("user", "show", "vic-lane")["roles"] == ""


def test_the_commitment_follows_the_songs(agreed: Label) -> None:
    assert mixing(agreed) == (40_000, 0, 0, 60_000)
    agreed.does("song", "add", NIGHT_BUS, "Paper Boats", "Low Tide")
    assert mixing(agreed) == (120_000, 0, 0, -20_000)
    agreed.does("song", "shelve", "night-bus/low-tide")
    assert mixing(agreed) == (80_000, 0, 0, 20_000)
    [row] = [row for row in agreed.data("budget", "list") if row["record"] == NIGHT_BUS]
    assert row["committed"]["minor"] == 80_000
    agreed.does("song", "drop", "night-bus/paper-boats", "--why", "no voice for it")
    assert mixing(agreed) == (40_000, 0, 0, 60_000)
    agreed.does("song", "restore", "night-bus/paper-boats", "--why", "a voice was found")
    assert mixing(agreed) == (80_000, 0, 0, 20_000)


def test_a_line_that_cannot_pay_refuses_the_deal(planned: Label) -> None:
    said = planned.run(*ADD, "1000.01", "--line", "mixing")
    assert said.code == 3
    assert said.rule == "budget.guard"
    assert "mixing needs 1,000.01 EUR, left 1,000.00 EUR, short 0.01 EUR" in said.err
    planned.does(*ADD, "1000", "--line", "mixing")


def test_its_invoice_settles_it_and_paying_that_settles_nothing_again(agreed: Label) -> None:
    agreed.does("budget", "invoice", NIGHT_BUS, "mixing", "200", "--invoice", "1", "--payee", "vic", "--deal", "D1")
    assert mixing(agreed) == (20_000, 20_000, 0, 60_000)
    agreed.does("budget", "spend", NIGHT_BUS, "mixing", "200", "--invoice", "1", "--payee", "vic")
    assert mixing(agreed) == (20_000, 0, 20_000, 60_000)
    assert agreed.data("deal", "show", D1)["open"]["minor"] == 20_000
    agreed.refuses(4, "budget", "invoice", NIGHT_BUS, "mixing", "1", "--invoice", "2", "--payee", "vic", "--deal", "D7")


def test_a_payment_for_a_deal_settles_it_and_the_final_one_frees_the_rest(agreed: Label) -> None:
    pay = ("budget", "spend", NIGHT_BUS, "mixing", "100", "--payee", "vic", "--deal", "D1")
    said = agreed.run(*pay, "--invoice", "1")
    assert "300.00 EUR stays committed to night-bus/D1" in said.err
    assert mixing(agreed) == (30_000, 0, 10_000, 60_000)
    head = agreed.head
    agreed.does(*pay, "--invoice", "1")
    assert agreed.head == head
    agreed.does(*pay, "--invoice", "2", "--final")
    assert mixing(agreed) == (0, 0, 20_000, 80_000)
    assert agreed.refuses(4, *pay[:-1], "D7", "--invoice", "3").rule == "budget.commitment"


def test_a_deal_shows_what_is_due_when(agreed: Label) -> None:
    agreed.does("song", "add", NIGHT_BUS, "Paper Boats")
    assert agreed.data("deal", "show", D1)["due"] == [
        "1 of 2, 50%, on agreement: 400.00 EUR, 400.00 EUR due", "2 of 2, 50%, on delivery: 400.00 EUR, not due yet",
    ]  # fmt: skip


def test_changed_terms_are_committed_anew_and_an_ended_deal_frees_the_rest(agreed: Label) -> None:
    agreed.does("deal", "change", D1, "--fee", "450/song")
    assert mixing(agreed) == (45_000, 0, 0, 55_000)
    head = agreed.head
    agreed.does("deal", "change", D1, "--fee", "450/song")
    assert agreed.head == head
    agreed.does("deal", "end", D1)
    agreed.does("deal", "end", D1)
    assert mixing(agreed) == (0, 0, 0, 100_000)
    assert agreed.head == head + 1
    assert agreed.refuses(3, "deal", "change", D1, "--fee", "1").rule == "deal.ended"
    [row] = agreed.data("deal", "list", NIGHT_BUS)
    assert row["state"] == "ended"


def test_other_terms_for_the_same_work_are_refused(agreed: Label) -> None:
    said = agreed.refuses(3, *ADD, "500/song", "--line", "mixing")
    assert said.rule == "deal.exists"
    assert "takesheet deal show night-bus/D1" in said.err


@pytest.mark.parametrize(
    "words",
    [
        ("400/day",), ("4e2/song",), ("-5",), ("400", "--pay", "50/40"), ("400", "--pay", "x"), ("400", "--extra", "5"),
        ("400", "--recoupable", "100"), ("400", "--revisions", "-1"),
    ],
)  # fmt: skip
def test_terms_that_do_not_add_up_are_slips(planned: Label, words: tuple[str, ...]) -> None:
    planned.refuses(2, *ADD, *words, "--line", "mixing")


def test_without_a_line_the_fee_is_unbudgeted(planned: Label) -> None:
    planned.does(*ADD, "400")
    [row] = [row for row in planned.data("budget", "list") if row["record"] == NIGHT_BUS]
    assert row["unbudgeted"]["minor"] == 40_000


def test_an_extra_revision_is_told_before_it_is_asked_for_and_committed(agreed: Label) -> None:
    agreed.does("part", "add", "night-bus/tin-roof", "drums")
    told = []
    for number in range(1, 5):
        recipe = agreed.folder / "mix.toml"
        recipe.write_text(f"[strips.drums]\ngain_db = -{number}\n", encoding="utf-8")
        told.append(agreed.run("mix", "revise", "night-bus/tin-roof", str(recipe)).err)
    assert "night-bus/D1, vic-lane: round 1 of 3\n" in told[0]
    assert "round 3 of 3; next 150.00 EUR" in told[2]
    assert "round 4 of 3; this one costs 150.00 EUR; next 150.00 EUR" in told[3]
    assert mixing(agreed) == (55_000, 0, 0, 45_000)
    assert agreed.data("deal", "show", D1)["extra_revisions"] == "1 at 150.00 EUR"
    noted = agreed.run("note", "night-bus/tin-roof@mix4", "less reverb")
    assert "another round would be round 5 of 3; it costs 150.00 EUR" in noted.err


def test_only_who_sees_money_sees_deals_and_rounds(agreed: Label) -> None:
    agreed.does("user", "add", "lou", "--role", "engineer")
    assert agreed.refuses(3, "deal", "list", NIGHT_BUS, "--as", "lou").rule == "curtain.money"
    assert agreed.refuses(3, "deal", "show", D1, "--as", "lou").rule == "curtain.money"


def test_a_producer_agrees_deals_up_to_their_limit(planned: Label) -> None:
    planned.does("user", "add", "pat", "--role", "producer", "--limit", "300")
    assert planned.refuses(3, *ADD, "300.01", "--line", "mixing", "--as", "pat").rule == "person.limit"
    planned.does(*ADD, "300", "--line", "mixing", "--as", "pat")
