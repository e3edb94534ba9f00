"""Instalments of deals fall due on agreement, on a day, or in a stage, and each reader of money tells it."""

from pathlib import Path
from typing import Any

import pytest

from tests.orchestrator.hand_clock import HandClock
from tests.orchestrator.label import SONG, Label, open_label

NIGHT_BUS, D1 = "night-bus", "night-bus/D1"
ADD = ("deal", "add", NIGHT_BUS, "--who", "vic", "--role", "mixer", "--line", "mixing", "--fee")


@pytest.fixture
def clock() -> HandClock:
    return HandClock("2027-01-04T09:00")


@pytest.fixture
def planned(tmp_path: Path, clock: HandClock) -> Label:
    """A budget with 1,000.00 for mixing, for a record of one song, and somebody who looks after the money."""
    label = open_label(tmp_path, "Drums", clock=clock)
    label.does("budget", "set", NIGHT_BUS, "mixing=1000")
    label.does("user", "add", "kit", "--role", "finance")
    return label


def due(label: Label, *words: object) -> int | None:
    """The sum due from the mixing line, in cents; ``why`` and ``next`` add up to the same."""
    [row] = label.data("budget", "show", NIGHT_BUS, *words)
    told = [row["change"] for row in label.data("why", "budget", f"{NIGHT_BUS}/mixing", *words) if not row["when"]]
    cents = [int(change.removesuffix(" EUR due").replace(".", "")) for change in told if change.endswith(" due")]
    assert sum(cents) == row["due"]["minor"]
    return int(row["due"]["minor"])


def told(label: Label) -> dict[str, Any]:
    """The row of ``next`` that is for finance; empty without one."""
    return next(iter(label.data("next", "--mine", "--as", "kit")), {})


def test_a_middle_instalment_falls_due_on_its_day(planned: Label, clock: HandClock) -> None:
    planned.does(*ADD, "400", "--pay", "30/40@2027-01-15/30")
    assert planned.data("deal", "show", D1)["due"] == [
        "1 of 3, 30%, on agreement: 120.00 EUR, 120.00 EUR due",
        "2 of 3, 40%, on 2027-01-15: 160.00 EUR, not due yet",
        "3 of 3, 30%, on delivery: 120.00 EUR, not due yet",
    ]
    assert due(planned) == 12_000
    clock.set("2027-01-14T23:59")
    assert due(planned) == 12_000
    clock.set("2027-01-15T00:00")
    assert due(planned) == 28_000
    assert due(planned, "--as-of", "2027-01-14T12:00") == 12_000


def test_one_of_which_nothing_is_stated_falls_due_as_the_record_is_in_mixing_and_the_last_on_delivery(
    planned: Label,
) -> None:
    planned.does(*ADD, "400", "--pay", "30/40/30")
    planned.does("song", "stage", SONG, "editing", "--opening")
    assert due(planned) == 12_000
    planned.does("song", "stage", SONG, "mixing", "--opening")
    assert due(planned) == 28_000
    planned.does("song", "stage", SONG, "delivered", "--opening")
    assert due(planned) == 40_000


def test_finance_is_told_what_to_pay_with_the_command_that_pays_it(planned: Label, clock: HandClock) -> None:
    planned.does(*ADD, "400", "--pay", "30/40@2027-01-15/30@2027-02-01")
    assert told(planned) | {"mine": True} == {
        "what": "due", "address": D1, "why": "instalment 1 of 3, 30%, on agreement: 120.00 EUR due to vic",
        "next": "takesheet budget spend night-bus mixing 120.00 --deal D1 --payee vic --invoice NUMBER", "mine": True,
    }  # fmt: skip
    planned.does(*told(planned)["next"].removeprefix("takesheet ").replace("NUMBER", "1").split())
    assert told(planned) == {}
    clock.set("2027-01-15T08:00")
    pay = ("budget", "invoice", NIGHT_BUS, "mixing", "--payee", "vic", "--deal", "D1")
    planned.does(*pay, "100", "--invoice", "2")
    assert told(planned)["why"] == "instalment 2 of 3, 40%, on 2027-01-15: 60.00 EUR due to vic"
    assert due(planned) == 6_000
    planned.does("deal", "end", D1)
    assert told(planned)["what"] == "unpaid", "only the invoice that was received before"


@pytest.mark.parametrize(
    ("fee", "pay", "amounts"),
    [
        ("100.01", "30/40/30", [3000, 4001, 3000]), ("0.01", "50/50", [1, 0]), ("0.03", "50/50", [2, 1]),
        ("100", "33.33/33.33/33.34", [3333, 3333, 3334]), ("0.02", "30/40/30", [1, 0, 1]),
        ("1000", "12.5/12.5/75", [12_500, 12_500, 75_000]),
    ],
)  # fmt: skip
def test_odd_cents_are_rounded_so_that_the_instalments_add_up(
    planned: Label, fee: str, pay: str, amounts: list[int]
) -> None:
    planned.does(*ADD, fee, "--pay", pay)
    shown = planned.data("deal", "show", D1)["due"]
    cents = [int(line.partition(": ")[2].partition(" EUR")[0].replace(",", "").replace(".", "")) for line in shown]
    assert cents == amounts
    planned.does("song", "stage", SONG, "delivered", "--opening")
    assert due(planned) == sum(amounts)


def test_changed_instalments_have_terms_of_their_own_and_others_stay(planned: Label) -> None:
    planned.does(*ADD, "400", "--pay", "50@recording/50@agreed")
    assert due(planned) == 20_000
    planned.does("deal", "change", D1, "--fee", "600")
    assert due(planned) == 30_000
    planned.does("deal", "change", D1, "--pay", "20/30/50")
    assert due(planned) == 12_000


@pytest.mark.parametrize("pay", ["50@mixxing/50", "50@/50", "50@2027-13-01/50", "50@2027-01-15", "@mixing/50"])
def test_a_term_that_is_none_is_a_slip(planned: Label, pay: str) -> None:
    planned.refuses(2, *ADD, "400", "--pay", pay)
