"""Invoices received, moves, overruns and deals."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, get_args

from domain.booking import budget, invoices
from domain.core.fold import fold_events
from domain.finance import agreements, allocation, finances, invoice_receipt
from domain.finance.deals import Fee, FeePer, StatedTerms
from domain.finance.exchange import parse_charge
from domain.finance.finances import Finances
from domain.label.catalog import SongAdded
from tests.domain.cases.booking import COMMITTED, RECORD, eur
from tests.domain.cases.case import Case, Decide

TWO_LINES = fold_events(
    budget.evolve, COMMITTED, budget.set_lines(COMMITTED, record=RECORD, lines={"mixing": eur("1000")})
)
RECEIVED = fold_events(
    budget.evolve, TWO_LINES,
    invoice_receipt.receive(
        TWO_LINES, record=RECORD, line="studio", payee="room", invoice="1", charge=parse_charge("100", "19%", "EUR"),
        session=f"{RECORD}/S1",
    ),
)  # fmt: skip
PARTLY_PAID = fold_events(
    budget.evolve, RECEIVED,
    invoices.spend(RECEIVED, record=RECORD, line="mixing", amount=eur("5"), payee="vic", invoice="2"),
)  # fmt: skip
SONGS = fold_events(
    finances.evolve, Finances(TWO_LINES), [SongAdded(song=f"{RECORD}/song-{n}", title="A") for n in (1, 2)]
)
PER: Final[tuple[FeePer, ...]] = get_args(FeePer)
DEAL: Mapping[str, Any] = {"record": RECORD, "role": "mixer", "line": "mixing"}


def agreed() -> Finances:
    _, events = agreements.agree(SONGS, person="vic", stated=StatedTerms(Fee(eur("400"), "song")), **DEAL)
    return fold_events(finances.evolve, SONGS, events)


CASES: Final[Mapping[Decide, Case]] = {
    allocation.move_amount: Case(
        TWO_LINES,
        budget.evolve,
        [
            {"record": RECORD, "source": source, "target": target, "amount": eur(amount)}
            for source in ("studio", "mixing", "no-line")
            for target in ("studio", "mixing")
            for amount in ("0", "100", "700")
        ],
    ),
    allocation.authorise_overrun: Case(
        TWO_LINES,
        budget.evolve,
        [
            {
                "record": RECORD, "line": line, "amount": eur(amount), "until": date(2027, 1, day),
                "today": date(2027, 1, 5),
            }
            for line in ("studio", "mixing")
            for amount in ("0", "100")
            for day in (4, 5, 9)
        ],
    ),
    invoice_receipt.receive: Case(
        TWO_LINES,
        budget.evolve,
        [
            {
                "record": RECORD, "line": line, "payee": "room", "invoice": invoice,
                "charge": parse_charge(amount, tax, "EUR"), "session": session, "final": final, "correct": correct,
            }
            for line in ("studio", "mixing")
            for invoice in ("1", "2")
            for amount, tax in (("100", "19%"), ("2000", None))
            for session in (None, f"{RECORD}/S1")
            for final in (False, True)
            for correct in (False, True)
        ],
    ),
    invoice_receipt.withdraw: Case(
        PARTLY_PAID,
        budget.evolve,
        [
            {"record": RECORD, "invoice": invoice, "payee": payee}
            for invoice in ("1", "2", "3")
            for payee in (None, "room", "vic")
        ],
    ),
    agreements.agree: Case(
        SONGS,
        finances.evolve,
        [
            {
                "record": RECORD, "person": person, "role": "mixer", "line": line,
                "stated": StatedTerms(Fee(eur(fee), per), revisions, eur("150") if revisions else None),
            }
            for person in ("vic", "max")
            for fee in ("400", "700")
            for per in PER
            for line in (None, "mixing")
            for revisions in (None, 3)
        ],
    ),
    agreements.change_terms: Case(
        agreed(),
        finances.evolve,
        [
            {
                "deal": f"{RECORD}/D{number}",
                "stated": StatedTerms(
                    Fee(eur(fee), "song") if fee else None, pay=pay, recoupable_bp=recoupable, due=due
                ),
            }
            for number in (1, 2)
            for fee in (None, "450", "700")
            for recoupable in (None, 10_000)
            for pay in (None, (5000, 5000), (5000, 4000))
            for due in ((), ("agreed", "mixing"), ("agreed",))
        ],
    ),
    agreements.end_deal: Case(
        agreed(), finances.evolve, [{"deal": f"{RECORD}/D{number}"} for number in (1, 2)]
    ),
}  # fmt: skip
