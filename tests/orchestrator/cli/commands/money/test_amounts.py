"""No option of any command takes an amount of money that is not plain, and cents add up exactly."""

import shutil
from pathlib import Path
from typing import Final

import pytest

from domain.core.money import Money, parse_money, zero
from tests.orchestrator.label import Label, open_label
from tests.orchestrator.option_sweep import leaves

NIGHT_BUS: Final = "night-bus"
WRONG: Final = (
    "-5", "-0.01", "NaN", "1e3", "12,50", "600 GBP", "GBP600", "600USD", "600.001", "", " 5", "+5", "0x10", "1_000",
    "inf", "\u0663",
)  # fmt: skip
"""Words that are no amount in euros: signs, exponents, commas, other currencies, too many decimals, other digits."""

RATES: Final = {
    "hour": "--hour={}", "day": "--day={}/10h", "call_": "--call={}/3h", "overtime": "--hour=60/8h --overtime=30m={}",
    "on_cost": "--call=250/3h --on-cost=pension={}", "deposit": "--day=500 --deposit={}",
}  # fmt: skip
MONEY: Final = {
    "budget set": {"lines": "night-bus mixing={}"},
    "budget move": {"amount": "night-bus studio mixing -- {}"},
    "budget authorise": {"amount": "night-bus studio --until 2999-01-01 --why x -- {}"},
    "budget spend": {"amount": "night-bus studio --invoice 2 -- {}"},
    "budget correct": {"amount": "night-bus 1 --amount={}"},
    "budget invoice": {
        "amount": "night-bus studio --invoice 2 --payee x -- {}",
        "tax": "night-bus studio 5 --invoice 2 --payee x --tax={}",
        "rate": "night-bus studio 5 --invoice 2 --payee x --currency USD --on 2026-12-01 --rate={}",
    },
    "deal add": {
        "fee": "night-bus --who vic --role mixer --fee={}",
        "extra": "night-bus --who vic --role mixer --fee 5 --revisions 1 --extra={}",
    },
    "deal change": {"fee": "night-bus/D1 --fee={}", "extra": "night-bus/D1 --revisions 1 --extra={}"},
    "user add": {"limit": "pat --role producer --limit={}"},
    "resource add": {"rate": "x --kind room --rate={}/day"},
    **{f"{kind} add": {name: f"x {words}" for name, words in RATES.items()} for kind in ("room", "person", "gear")},
}  # fmt: skip
"""Words of a command by its name and the parameter that is money; the braces are the amount."""

WORDS_OF_MONEY: Final = {
    "amount", "fee", "extra", "tax", "rate", "limit", "hour", "day", "call_", "overtime", "on_cost", "deposit", "price",
    "cost", "sum", "advance", "budget",
}  # fmt: skip
"""Names that a parameter for money has."""
NO_MONEY: Final = {("search", "limit"), ("log show", "limit"), ("take ingest", "rate")}
"""Parameters of such a name that are no money: numbers of rows, and a sampling rate."""
CASES: Final = [(name, words) for name, own in MONEY.items() for words in own.values()]


@pytest.fixture(scope="module")
def priced(tmp_path_factory: pytest.TempPathFactory) -> Label:
    """A record with a budget, a payment and a deal; nothing in this file may change it."""
    folder: Path = tmp_path_factory.mktemp("priced")
    label = open_label(folder)
    label.does("budget", "set", NIGHT_BUS, "studio=1000", "mixing=500")
    label.does("budget", "spend", NIGHT_BUS, "studio", "100", "--invoice", "1")
    label.does("deal", "add", NIGHT_BUS, "--who", "Vic", "--role", "editor", "--fee", "1")
    return label


@pytest.mark.parametrize(("name", "words"), CASES, ids=lambda case: case.split()[-1] if "{" in case else case)
def test_no_command_takes_an_amount_that_is_not_plain(priced: Label, name: str, words: str) -> None:
    for amount in (one for one in WRONG if (one, words.rpartition("--")[2]) != ("600.001", "rate={}")):
        said = priced.refuses(2, *name.split(), *(word.format(amount) for word in words.split()))
        assert said.rule.partition(".")[0] in {"money", "deal", "rate"}, (amount, said.err)


@pytest.mark.parametrize(("name", "words"), CASES, ids=lambda case: case.split()[-1] if "{" in case else case)
def test_the_same_words_with_a_plain_amount_are_understood(
    priced: Label, tmp_path: Path, name: str, words: str
) -> None:
    copy = Label(Path(shutil.copytree(priced.folder, tmp_path / "copy")))
    copy.does(*name.split(), *(word.format("5") for word in words.split()))


def test_every_option_for_money_in_the_command_tree_is_tried() -> None:
    found = {
        (" ".join(words), one.name)
        for words, command in leaves()
        for one in command.params
        if one.name in WORDS_OF_MONEY or "AMOUNT" in (one.metavar or "")
    }
    tried = {(name, parameter) for name, own in MONEY.items() for parameter in own}
    assert found - NO_MONEY == tried


def test_ten_thousand_additions_of_ten_and_twenty_cents_are_exact() -> None:
    total = zero("EUR")
    for _ in range(10_000):
        total += parse_money("0.10", "EUR")
        total += parse_money("0.20", "EUR")
    assert total == Money(minor=300_000, currency="EUR") == parse_money("3000.00", "EUR")
    assert str(total) == "3,000.00 EUR"
