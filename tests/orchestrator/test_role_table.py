"""The table of roles and deeds: each role tries each deed, through the command line and through Python."""

import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest

from domain.booking.budget import BudgetSet
from domain.booking.budget_line import BudgetMoved
from domain.booking.payments import MoneySpent
from domain.booking.session_events import SessionBooked
from domain.booking.terms.rate_cards import OnCost, RateCard, RateCardSet
from domain.core.event import Event
from domain.core.money import Money
from domain.core.refusal import Misused, Refusal, Refused
from domain.label.people import MAY, Permission, Role, RolesGranted
from domain.mixes.mixes import MixRevised
from domain.song.splits import SplitsAgreed, SplitsProposed, proposal_hash
from domain.status.events.event_authors import has_author
from domain.status.verdicts import VerdictGiven
from domain.takes.takes import TakeIngested, TakeJudged
from orchestrator.desk.booking.budget import budget_rows
from orchestrator.desk.upkeep.log_proof import verify_store
from orchestrator.desk.upkeep.log_texts import export_log
from orchestrator.log.query import Query
from orchestrator.studio import Studio
from tests.orchestrator.label import Label
from tests.orchestrator.sounds import note
from tests.orchestrator.written import MASTER, MIX, production

SONG = "night-bus/tin-roof"
DRUMS, SHAKER = f"{SONG}/drums", f"{SONG}/shaker"
ROLES: tuple[Role, ...] = get_args(Role)
TABLE: Mapping[str, set[Role]] = {
    "budget": {"label"},
    "spend": {"label", "coordinator", "producer", "finance"},
    "book": {"label", "coordinator", "producer"},
    "ingest": {"coordinator", "producer", "engineer", "robot"},
    "approve-take": {"producer"},
    "revise-mix": {"producer", "engineer", "mixer"},
    "approve-mix": {"label", "producer", "artist"},
    "approve-master": {"label", "producer", "artist"},
    "see-money": {"label", "coordinator", "producer", "finance", "auditor"},
    "verify": {"label", "auditor"},
    "export": {"label", "auditor"},
}
"""The roles that may, by deed.  Nobody reads the private notes of others (``test_curtain.py``)."""
EVENTS: Mapping[str, Permission] = {
    "budget": "budget", "spend": "spend", "book": "book", "ingest": "ingest", "approve-take": "judge-take",
    "revise-mix": "mix", "approve-mix": "judge-mix", "approve-master": "judge-master",
}  # fmt: skip
"""The permission of each deed that records something."""


def _staffed(folder: Path) -> Label:
    """A finished record with a budget, and a person of each role who is called like it."""
    label, *_ = production(folder)
    for role in ROLES:
        label.does("user", "add", role, "--role", role)
    label.does("budget", "set", "night-bus", "studio=9000")
    label.does("resource", "add", "room-z", "--rate", "1/day")
    label.mix_recipe("drums")
    label.does("part", "add", SONG, "shaker")
    label.does("take", "ingest", SHAKER, note(folder / "shaker.wav", 150.0))
    return label


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Label:
    return _staffed(tmp_path_factory.mktemp("by-command"))


@pytest.fixture(scope="module")
def studio_house(tmp_path_factory: pytest.TempPathFactory) -> Label:
    return _staffed(tmp_path_factory.mktemp("by-python"))


def _words(label: Label, deed: str, role: Role) -> tuple[object, ...]:
    """The command of *deed*; what it records is new for each role."""
    number = ROLES.index(role) + 1
    sound = note(label.folder / f"{role}.wav", 200.0 + number)
    day = f"2027-12-{number:02}"
    words: Mapping[str, tuple[object, ...]] = {
        "budget": ("budget", "set", "night-bus", f"studio={9000 + number}"),
        "spend": ("budget", "spend", "night-bus", "studio", "1", "--invoice", f"I{number}"),
        "book": ("session", "book", "night-bus", "--room", "room-z", "--line", "studio", "--on", day,
                 "--hours", "10-18"),
        "ingest": ("take", "ingest", SHAKER, sound),
        "approve-take": ("take", "approve", f"{SHAKER}/1"),
        "revise-mix": ("mix", "revise", SONG, label.folder / "mix.toml"),
        "approve-mix": ("mix", "approve", MIX),
        "approve-master": ("master", "approve", MASTER),
        "see-money": ("budget", "report", "night-bus"),
        "verify": ("log", "verify"),
        "export": ("log", "export", label.folder / f"{role}.jsonl"),
    }  # fmt: skip
    return words[deed]


REFUSALS = {"see-money": "curtain.money", "verify": "curtain.verify", "export": "curtain.export"}
"""Refusal of each deed that reads; others are refused by the role."""


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("deed", TABLE)
def test_a_command_does_what_the_table_allows_its_role_and_refuses_the_rest(
    house: Label, deed: str, role: Role
) -> None:
    words = *_words(house, deed, role), "--as", role
    if deed == "verify":  # the audio of a written log is nowhere, and damage is told to anybody
        assert house.run(*words).rule == "store.damaged"
    elif role in TABLE[deed]:
        house.does(*words)
    else:
        assert house.refuses(3, *words).rule == REFUSALS.get(deed, "person.role")


def _stored(studio: Studio, kind: type[Event]) -> Event:
    return studio.read(Query.of(kind))[-1].event


def _events(studio: Studio, deed: str, role: Role) -> list[Event]:
    """The events of *deed*, as a program might make them for the person *role* without any use case of the desk."""
    one = Money(minor=100, currency="EUR")
    verdicts = [one.event for one in studio.read(Query.of(VerdictGiven))]
    events: Mapping[str, Event] = {
        "budget": BudgetSet(record="night-bus", lines={"studio": one}),
        "spend": MoneySpent(record="night-bus", line="studio", amount=one, payee="", invoice="I1"),
        "book": SessionBooked(session="night-bus/S9", record="night-bus", resources=("room-z",), slots=()),
        "ingest": _stored(studio, TakeIngested),
        "approve-take": _stored(studio, TakeJudged),
        "revise-mix": _stored(studio, MixRevised),
        "approve-mix": next(one for one in verdicts if isinstance(one, VerdictGiven) and one.song),
        "approve-master": next(one for one in verdicts if isinstance(one, VerdictGiven) and not one.song),
    }
    event = events[deed]
    return [event.model_copy(update={"by": role, "role": role}) if has_author(type(event)) else event]


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("deed", EVENTS)
def test_the_python_interface_records_no_more_whichever_permission_a_program_names(
    studio_house: Label, deed: str, role: Role
) -> None:
    named: list[Permission] = [EVENTS[deed], *(one for one in MAY if role in MAY[one])]
    for permission in named:
        with Studio.at(str(studio_house.folder), claimed=role) as studio:
            events, head = _events(studio, deed, role), studio.head()

            def recorded(studio: Studio = studio, events: list[Event] = events, may: Permission = permission) -> None:
                studio.decide(Query.of(RolesGranted, tags=["record:night-bus"]), lambda *_: (None, events), deed=may)

            if role in TABLE[deed] and role in MAY[permission]:
                recorded()
                assert studio.head() == head + 1
            else:
                with pytest.raises(Refused, match=r"person\.role"):
                    recorded()
                assert studio.head() == head


READS: Mapping[str, Callable[[Studio], object]] = {
    "see-money": budget_rows,
    "verify": lambda studio: verify_store(studio, models=False, audio=False),
    "export": lambda studio: export_log(studio, io.BytesIO(), texts=False),
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("deed", READS)
def test_the_python_interface_shows_no_more(tmp_path: Path, deed: str, role: Role) -> None:
    label = Label(tmp_path)
    label.does("init", ".", "--label", "Harbour Records", "--currency", "EUR", "--timezone", "Europe/Berlin")
    label.does("user", "add", role, "--role", role)
    with Studio.at(str(tmp_path), claimed=role) as studio:
        if role in TABLE[deed]:
            READS[deed](studio)
        else:
            with pytest.raises(Refused, match=REFUSALS[deed]):
                READS[deed](studio)


def test_a_robot_approves_nothing_whatever_other_roles_it_holds(released: Label) -> None:
    released.does("user", "add", "kim", "--role", "robot", "--role", "producer", "--role", "label")
    for words in (("take", "approve", f"{DRUMS}/2"), ("mix", "approve", MIX), ("master", "reject", MASTER)):
        said = released.refuses(3, *words, "--as", "kim")
        assert said.rule == "person.robot"
        assert "takesheet user revoke kim --role robot" in said.err
    released.does("song", "add", "night-bus", "Low Tide", "--as", "kim")
    released.does("user", "revoke", "kim", "--role", "robot")
    released.does("take", "keep", f"{DRUMS}/1", "--as", "kim")


def test_the_python_interface_records_no_word_in_the_name_of_another_person_or_role(released: Label) -> None:
    released.does("user", "add", "kim", "--role", "producer", "--role", "artist")
    with Studio.at(str(released.folder), claimed="kim") as studio:
        judged = _stored(studio, TakeJudged)
        shares = {"ann": 10_000}
        proposed = SplitsProposed(song=SONG, shares=shares, by="kim")
        agreed = SplitsAgreed(song=SONG, proposal=proposal_hash(SONG, shares), person="ann")
        pretended: list[tuple[Event, Permission, str]] = [
            (judged, "judge-take", "person.author"),
            (judged.model_copy(update={"by": "kim", "role": "label"}), "judge-take", "person.author"),
            (proposed.model_copy(update={"by": "ann"}), "record", "person.author"),
            (agreed, "note", "person.author"),
            (agreed.model_copy(update={"by": "ann", "evidence": "a" * 64}), "record", "person.author"),
            (agreed.model_copy(update={"by": "kim"}), "record", "split.evidence"),
        ]
        head = studio.head()
        for event, deed, rule in pretended:
            with pytest.raises(Refusal, match=rule):
                studio.decide(
                    Query.of(RolesGranted, tags=["record:night-bus"]),
                    lambda *_, event=event: (None, [event]), deed=deed,
                )  # fmt: skip
        assert studio.head() == head


def test_the_python_interface_records_no_amount_below_zero(released: Label) -> None:
    released.does("budget", "set", "night-bus", "studio=100", "mixing=100")
    less = Money(minor=-1, currency="EUR")
    card = RateCard(basis="hour", amount=Money(minor=1, currency="EUR"), on_costs=(OnCost(name="tax", per_unit=less),))
    events: list[tuple[Event, Permission]] = [
        (BudgetSet(record="night-bus", lines={"studio": less}), "budget"),
        (BudgetMoved(record="night-bus", source="studio", target="mixing", amount=less), "budget"),
        (MoneySpent(record="night-bus", line="studio", amount=less, payee="", invoice="I1"), "spend"),
        (RateCardSet(resource="room-a", card=card), "book"),
    ]
    with Studio.at(str(released.folder)) as studio:
        head = studio.head()
        for event, deed in events:
            with pytest.raises(Misused, match=r"money\.amount"):
                studio.decide(
                    Query.of(RolesGranted, tags=["record:night-bus"]),
                    lambda *_, event=event: (None, [event]), deed=deed,
                )  # fmt: skip
        assert studio.head() == head


def test_work_and_a_cancellation_fee_are_facts_that_no_limit_refuses(released: Label) -> None:
    released.does("user", "add", "kim", "--role", "producer", "--limit", "500")
    released.does("budget", "set", "night-bus", "studio=9000")
    released.does("room", "add", "hall", "--hour", "100/5h", "--overtime", "30m=100", "--cancel", "366d=90")
    book = ("session", "book", "night-bus", "--room", "hall", "--line", "studio", "--on")
    assert released.refuses(3, *book, "2127-03-01", "--hours", "10-16", "--as", "kim").rule == "person.limit"
    session = released.does(*book, "2026-03-02", "--hours", "10-15", "--as", "kim").split()[0]
    released.does("session", "worked", session, "--hours", "10-16", "--as", "kim")
    soon = (datetime.now(UTC) + timedelta(days=30)).date()
    cancelled = released.does(*book, soon, "--hours", "10-18").split()[0]
    released.does("session", "cancel", cancelled, "--as", "kim")
    line = next(row for row in released.data("budget", "report", "night-bus") if row["line"] == "studio")
    assert line["committed"]["minor"] == 70_000 + 99_000


def test_a_deal_is_bound_by_the_price_of_an_extra_revision_too(released: Label) -> None:
    released.does("user", "add", "kim", "--role", "producer", "--limit", "500")
    deal = ("deal", "add", "night-bus", "--who", "vic", "--role", "mixer", "--fee", "100", "--revisions", "1", "--as",
            "kim", "--extra")  # fmt: skip
    assert released.refuses(3, *deal, "500.01").rule == "person.limit"
    released.does(*deal, "500")


def test_what_the_driver_records_about_its_work_is_never_a_verdict(released: Label) -> None:
    with Studio.at(str(released.folder)) as studio:
        given = _stored(studio, VerdictGiven)
        with pytest.raises(Refused, match=r"person\.role"):
            studio.record_work([given])


def test_a_producer_spends_up_to_the_sum_that_the_label_states(released: Label) -> None:
    released.does("user", "add", "kim", "--role", "producer", "--limit", "500")
    released.does("budget", "set", "night-bus", "studio=9000")
    spend = ("budget", "spend", "night-bus", "studio")
    released.does(*spend, "500", "--invoice", "A1", "--as", "kim")
    assert released.refuses(3, *spend, "500.01", "--invoice", "A2", "--as", "kim").rule == "person.limit"


def test_a_musician_sees_their_own_fee_and_nobody_elses(released: Label) -> None:
    for name in ("mus", "sam"):
        released.does("user", "add", name, "--role", "musician")
        released.does("resource", "add", name, "--kind", "person", "--rate", "73.19/call")
    released.does("user", "add", "eve", "--role", "engineer")
    released.does("resource", "add", "eve", "--kind", "person", "--rate", "300/day")

    def rates(person: str) -> dict[str, str]:
        return {row["resource"]: row["rate"] for row in released.data("resource", "list", "--as", person)}

    assert rates("mus") == {"room-a": "", "mus": "73.19 EUR/call", "sam": "", "eve": ""}
    assert set(rates("eve").values()) == {""}
    added = released.data("log", "show", "--kind", "resource-added", "--as", "mus")
    assert ["73.19" in str(row["what"]) for row in added] == [False, True, False, False]
