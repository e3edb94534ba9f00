"""The studio: reads the log, decides and appends; every change of a store goes through it."""

import os
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from operator import itemgetter
from pathlib import Path
from shlex import quote
from types import TracebackType
from typing import Final, NamedTuple, Self, TypeVar, cast, get_args
from uuid import UUID, uuid4

from pydantic import ValidationError

from domain.booking.spending_limit import above_limit
from domain.core.address import slug
from domain.core.amount_limits import refuse_negative_amounts
from domain.core.event import STANDING_IN, Event, Recorded
from domain.core.fold import fold_events
from domain.core.ids import record_of
from domain.core.plain_errors import plain_words
from domain.core.refusal import Clash, Misused, Refused, Suggestion
from domain.core.text_limits import NAME, REASON, refuse_long, refuse_long_texts, too_long
from domain.label import people
from domain.label.corrections import AbsenceEvent
from domain.label.curtain import Reader, reader_of
from domain.label.erasure import TextsErased
from domain.label.people import MAY, LeaveNoted, People, PeopleEvent, Permission, Role
from domain.label.permissions import RoleGrant, beyond_record, grants_for, permission_advice
from domain.status.absences import records_bound, refuse_absent
from domain.status.events.event_permissions import beyond_role, refuse_work
from domain.status.events.event_types import KINDS
from domain.status.record_fold import RecordFold
from domain.store.clocks import Drift
from domain.store.upgrade import StoreUpgraded
from orchestrator.log.append_condition import Condition, Draft
from orchestrator.log.codec import Unknown
from orchestrator.log.database.connection import Connection
from orchestrator.log.migrations.migrate import RUNGS
from orchestrator.log.query import Query
from orchestrator.log.refusals import Conflict
from orchestrator.log.sqlite.filesystem import refuse_network
from orchestrator.log.store import Clock, Log, utc_now
from orchestrator.origin import user_at_host
from orchestrator.readmodels.base.read_model import ReadModel
from orchestrator.readmodels.base.record_folds import RecordFolds
from orchestrator.readmodels.models import MODELS
from orchestrator.readmodels.storage.model_store import ModelStore
from orchestrator.store import config as settings
from orchestrator.store import permissions, trust
from orchestrator.store.config import Settings
from orchestrator.store.create import found_log, foundation

History = Sequence[Recorded[Event]]
T = TypeVar("T")
Decision = Callable[[History, Role], tuple[T, Sequence[Event]]]

TRIES: Final = 20
"""Most attempts at a decision when others append in between; each reads all that was recorded before it."""
ROBOT: Final = "robot"
LONGEST_LABEL: Final = 200
REMEMBERED: Final = 4
"""Queries whose results are cached: a prompt repeats its queries at each key, and a decision at each attempt."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller of a command: the name claimed, and ``user@host`` from the operating system."""

    actor: str
    via: str


def caller(claimed: str | None) -> Caller:
    """The caller: the name *claimed*, or else the operating system's user.  Raises: Misused ``text.long``."""
    refuse_long("the name you speak as", claimed, NAME)
    via = user_at_host()
    return Caller(actor=slug(via.rpartition("@")[0] if claimed is None else claimed), via=via)


def unfit(error: ValidationError) -> Misused:
    """The refusal for text that no event can hold: too long, empty, or not text at all."""
    first = error.errors(include_url=False)[0]
    where = ".".join(str(word) for word in first["loc"])
    if first["type"] == "string_too_long":
        return too_long(where[:100], len(first["input"]), first["ctx"]["max_length"])
    return Misused("text.unfit", f"{where[:100]}: {plain_words(first)}")


def records_named(query: Query) -> frozenset[str]:
    """Ids of the records that *query* names, or whose songs, parts or sessions it names."""
    tags = (tag.partition(":") for item in query.items for tag in item.tags)
    return frozenset(record_of(id_) for noun, _, id_ in tags if noun in {"record", "song", "part", "session"})


class CachedQuery(NamedTuple):
    """Events that match a query up to position *upto*; events never change, so only later ones are read again."""

    upto: int = 0
    history: tuple[Recorded[Event], ...] = ()


class Studio:
    """A store opened for one command.

    All reading goes through here, so that every reader can be asked as of an earlier moment: ``upto`` is the last
    position it sees.  With ``only_shows``, events that only a newer program understands are passed over; else they are
    refused.
    """

    only_shows = False

    def __init__(self, log: Log, config: Settings, who: Caller, *, upto: int | None = None) -> None:
        self.log, self.config, self.who, self.upto = log, config, who, upto
        self.correlation: UUID = uuid4()
        self.not_shown: set[str] = set()
        """Kinds of events that were read and not understood."""
        self.on_drift: Callable[[Drift], None] | None = None
        """Called before the first decision if this machine's clock is far from that of the last event; may refuse."""
        self.folds = RecordFolds(log)
        self.models = ModelStore(log, self.folds)
        self._remembered: dict[Query, CachedQuery] = {}
        self.seen_at: datetime | None = None
        """The time that ``upto`` was looked up for; None if a position was named."""
        self.viewed: str | None = None
        """The person whose view is shown (:meth:`view_as`); None for the caller's own."""
        self.delegator: str | None = None
        """The person for whom a decision is being made, in a role of theirs; None if the role is the caller's own."""
        self._reader: tuple[int, Reader] | None = None

    @classmethod
    @contextmanager
    def at(
        cls,
        store: str | None,
        claimed: str | None = None,
        say: Callable[[str], None] = lambda _: None,
        *,
        clock: Clock = utc_now,
    ) -> Iterator[Self]:
        """Open the store found from the working folder, or at *store*, as far as this user trusts it.

        Args:
            store: the store's folder, or None to look for it from the working folder upwards.
            claimed: the caller's name, if not that of the operating system's user.
            say: prints a message.
            clock: the one source of the present: events are dated by it, and ``now`` and ``today`` ask it.

        Raises:
            NotFound: ``store.missing``.
            Misused: ``store.config``.
            Untrusted, LinkFound: see :func:`orchestrator.store.trust.admit`.
        """
        config = trust.admit(settings.find(store), say)
        with Log.open(config.log, kinds=KINDS, clock=clock) as log:
            studio = cls(log, config, caller(claimed))
            studio.models.say = say
            with closing(studio.models):
                yield studio

    @classmethod
    def create(
        cls,
        folder: Path,
        *,
        label: str,
        currency: str,
        timezone: str,
        claimed: str | None = None,
        log: str = settings.LOG,
        group: str = "",
        clock: Clock = utc_now,
    ) -> Path:
        """Make a store in *folder*; the caller gets every role but the robot's, and trusts the store.

        Args:
            folder: the folder that will contain the store.
            label: name of the label.
            currency: ISO 4217.
            timezone: IANA name.
            claimed: the caller's name, if not that of the operating system's user.
            log: a file in the store, or the address of a PostgreSQL database.
            group: Unix group whose members share the store, each with an account of their own; empty for none.
            clock: dates the first events.

        Raises:
            Refused: ``store.exists``, ``store.network``, ``store.group``.
            NotFound: ``store.group``.
            Misused: ``store.timezone``, ``money.currency``, ``store.url``, ``store.folder``, ``label.name``.
        """
        settings.zone(timezone)
        if not label.strip() or not label.isprintable() or len(label) > LONGEST_LABEL:
            raise Misused(
                "label.name", f"{label[:60]!r} is no name of a label: 1 to {LONGEST_LABEL} printable characters"
            )
        if folder.exists() and not folder.is_dir():
            raise Misused("store.folder", f"{folder} is a file; name a folder", next="takesheet init DIR")
        place = folder / settings.FOLDER
        if os.path.lexists(place):
            raise Refused(
                "store.exists", f"{place} is there already", next=f"takesheet board --store {quote(str(folder))}"
            )
        if isinstance(settings.place(folder, log), Path):
            refuse_network(folder)
        who = caller(claimed)
        shared = permissions.group_id(group) if group else None
        events: list[Event] = [
            *people.open_house(People(), label=label, currency=currency, timezone=timezone, founder=who.actor),
            StoreUpgraded(version=RUNGS[-1].number, min_writer=RUNGS[-1].min_writer),
        ]
        founding = [Draft(event=event, actor=who.actor, via=who.via) for event in events]
        with foundation(folder, settings.FOLDER) as (draft, identity):
            permissions.give(draft, shared)
            settings.write(draft, label=label, currency=currency, timezone=timezone, log=log)
            found_log(settings.place(draft, log), identity, founding, clock=clock)
        with suppress(OSError):  # if trust cannot be recorded, the user is asked for it later
            trust.record(settings.load(place))
        return place

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.models.close()
        self.log.close()

    @property
    def reader(self) -> Reader:
        """The caller as a reader, or whoever they view as, with the roles at the moment that this studio sees."""
        if self._reader is None or self._reader[0] != self.head():
            reader = self._reader_named(self.who.actor)
            if self.viewed is not None:
                reader = self._reader_named(self.viewed)._replace(caller=reader)
            self._reader = self.head(), reader
        return self._reader[1]

    def _reader_named(self, person: str) -> Reader:
        query = self._person_query(person, self.head())
        return reader_of(self._people(query, self.head()), person, day=self.today())

    def _person_query(self, person: str, upto: int) -> Query:
        """Query for the entry of *person* in the register, and for those of the people whose deputy they were named."""
        own = Query.of(*get_args(PeopleEvent), tags=[f"person:{person}"])
        leaves = (one.event for one in self.read(own, upto=upto) if isinstance(one.event, LeaveNoted))
        for delegator in dict.fromkeys(leave.person for leave in leaves if leave.person != person):
            own |= Query.of(*get_args(PeopleEvent), tags=[f"person:{delegator}"])
        return own

    def view_as(self, name: str) -> None:
        """Show from now on what the person *name* sees, and nothing that the caller does not see; decide nothing.

        Raises:
            NotFound: ``person.unknown``.
        """
        person = slug(name)
        people.refuse_unknown(
            self._people(Query.of(*get_args(PeopleEvent), tags=[f"person:{person}"]), self.head()), person
        )
        self.viewed, self._reader = person, None

    def head(self) -> int:
        """The last log position that this studio sees."""
        head = self.log.head().position
        return head if self.upto is None else min(head, self.upto)

    def read(self, query: Query, *, upto: int | None = None) -> list[Recorded[Event]]:
        """Events that match *query*, up to and with position *upto*, as far as this studio sees."""
        known = self.head()
        upto = known if upto is None else min(upto, known)
        found = self._remembered.pop(query, None) or CachedQuery()
        if found.upto < upto:
            new = list(self.log.read(query, after=found.upto, upto=upto, strict=not self.only_shows))
            self.not_shown |= {recorded.event.kind for recorded in new if isinstance(recorded.event, Unknown)}
            found = CachedQuery(upto, (*found.history, *new))
        self._remembered[query] = found
        if len(self._remembered) > REMEMBERED:
            del self._remembered[next(iter(self._remembered))]
        return list(found.history[: bisect_right(found.history, upto, key=itemgetter(0))])

    def last(self, count: int, query: Query | None = None, *, upto: int | None = None) -> list[Recorded[Event]]:
        """The last *count* events up to *upto* that this studio sees and *query* matches; no others are read."""
        head = self.head() if upto is None else min(self.head(), upto)
        if query is None:
            return list(self.log.read_all(after=max(0, head - count), upto=head))
        return self.log.last(query, count, upto=head)

    def read_all(self) -> list[Recorded[Event]]:
        """Every event that this studio sees."""
        return list(self.log.read_all(upto=self.head()))

    def asked(self, question: Callable[[Connection], T], *models: ReadModel) -> T:
        """Ask *question* of the tables of *models* at the log's head (:meth:`ModelStore.ask`); return its answer."""
        return self.models.ask(question, *models)

    def fold(self, record: str, *, upto: int) -> RecordFold:
        """Events and state of *record* up to and including *upto*; only the events since the last call are read."""
        found = self.folds.upto(record, upto, strict=not self.only_shows)
        self.not_shown |= self.folds.not_understood
        return found

    def decide(self, query: Query, decision: Decision[T], *, deed: Permission, why: str | None = None) -> T:
        """Read, check the permission, decide and append; repeat if relevant events were recorded in between.

        Args:
            query: the events that matter to the decision.
            decision: from those and the caller's role to a result and new events.
            deed: the permission that the caller needs.
            why: the reason given.

        Raises:
            Refusal: raised by the decision; if it carries an event to note, that is recorded first.
            Refused: ``person.role``, ``person.limit``; the caller's roles do not permit it.  ``entry.removed``,
                ``entry.shelved``; see :func:`domain.status.absences.refuse_absent`.
            Misused: ``text.long``, ``text.unfit``; an event cannot hold a text.  ``money.amount``; one is below zero.
            Clash: ``log.busy``, after ``TRIES`` attempts.
        """
        self._look_at_the_clock()
        refuse_long("the reason", why, REASON)
        for _ in range(TRIES):
            head = self.log.head().position
            who = self._person_query(self.who.actor, head)
            known, history = self._people(who, head), self.read(query, upto=head)
            try:
                result, events, grant = self._decided(known, deed, records_named(query), decision, history)
            except ValidationError as error:
                raise unfit(error) from None
            except Refused as refusal:
                if isinstance(noted := refusal.values.get("noted"), Event):
                    self._append([noted], None, why)
                if refusal.rule == "person.role":
                    refusal.next = self._permission_advice(deed, refusal)
                raise
            absences = self._refuse_absent(events, head)
            try:
                condition = Condition(query | who | absences if absences else query | who, head)
                self._append(events, condition, why, delegator=grant.delegator)
            except Conflict:
                continue
            return result
        raise Clash("log.busy", f"others decided at the same time, {TRIES} times", next="the same command again")

    def _decided(
        self, people: People, deed: Permission, records: Collection[str], decision: Decision[T], history: History
    ) -> tuple[T, Sequence[Event], RoleGrant]:
        """Result and events of *decision* in the first of the caller's roles whose scope covers them, and that role.

        Raises:
            Refused: ``person.role``, ``person.limit``.
        """
        day, person, refusals = self.today(), self.who.actor, list[Refused]()
        for grant in grants_for(people, person, deed, day=day, records=records):
            self.delegator = grant.delegator
            result, events = decision(history, grant.role)
            refusal = (
                beyond_record(people, person, deed, grant, events, day=day)
                or beyond_role(people, person, grant, events, day=day)
                or above_limit(grant.scope.limit, events, person=person, role=grant.role, unlimited=MAY[deed])
            )
            if refusal is None:
                return result, events, grant
            refusals.append(refusal)
        raise refusals[0]

    def _permission_advice(self, deed: Permission, refusal: Refused) -> Suggestion | str:
        """The next step after ``person.role``, which takes everybody's roles and not the caller's alone."""
        everybody = self._people(Query.of(*get_args(PeopleEvent)), self.head())
        records = cast("tuple[str, ...]", refusal.values.get("records", ()))
        return permission_advice(everybody, self.who.actor, deed, day=self.today(), records=records)

    def today(self) -> date:
        """The day in the label's time zone, by the clock of the log."""
        return self.now().astimezone(self.config.zone).date()

    def now(self) -> datetime:
        """The present moment in UTC, by the clock of the log."""
        return self.log.now()

    def moment_seen(self) -> datetime:
        """The moment at which this studio sees its store, in UTC: now, or the moment it looks back to (``upto``).

        That is the time asked for, or else the one at which the event at the position was recorded.
        """
        if self.upto is None:
            return self.now()
        if self.seen_at is not None:
            return self.seen_at.astimezone(UTC)
        last = self.last(1)
        return last[0].recorded_at if last else self.now()

    def day_seen(self) -> date:
        """The day of ``moment_seen`` in the label's time zone, on which overruns, leaves and due days are valued."""
        return self.moment_seen().astimezone(self.config.zone).date()

    def _refuse_absent(self, events: Sequence[Event], upto: int) -> Query | None:
        """Refuse to decide about what is removed or shelved; return the query for that, None where nothing can be.

        Raises:
            Refused: ``entry.removed``, ``entry.shelved``.
        """
        query = None
        for record in sorted(records_bound(events)):
            own = Query.of(*get_args(AbsenceEvent), tags=[f"record:{record}"])
            refuse_absent((one.event for one in self.log.read(own, upto=upto)), events)
            query = own if query is None else query | own
        return query

    def _look_at_the_clock(self) -> None:
        """Call ``on_drift``, once, if this machine's clock is far from that of the last event."""
        on_drift, self.on_drift = self.on_drift, None
        if on_drift is not None and (drift := self.log.drift()) is not None:
            on_drift(drift)

    def _people(self, query: Query, upto: int) -> People:
        history = self.read(query, upto=upto)
        return fold_events(
            people.evolve, People(), (one.event for one in history if isinstance(one.event, PeopleEvent))
        )

    def _refuse_past(self) -> None:
        if self.only_shows:
            raise Refused("studio.shows", "this command only shows; nothing is decided by it")
        if self.viewed is not None:
            raise Refused(
                "studio.viewed",
                f"this shows what {self.viewed} sees; nothing is decided by it",
                next="the same command without --view-as",
            )
        if self.upto is not None:
            raise Refused("time.past", f"position {self.upto} is past: it is read, and nothing is decided there")

    def _append(
        self, events: Sequence[Event], condition: Condition | None, why: str | None, *, delegator: str | None = None
    ) -> None:
        self._refuse_past()
        if not events:
            self.log.refuse_moved()
            return
        for event in events:
            refuse_long_texts(event)
            refuse_negative_amounts(event)
        drafts = [self._draft(event, self.who.actor, why, delegator) for event in events]
        self.log.append(drafts, condition=condition)

    def erase_texts(self, event: TextsErased, why: str | None) -> None:
        """Record *event*, and erase the texts that it names from log, outbox and models; the caller has permission.

        Raises:
            StoreBusy: erased, but a reader keeps a file from being emptied; the same again completes it.
        """
        self._refuse_past()
        refuse_long("the reason", why, REASON)
        draft = self._draft(event, self.who.actor, why)
        self.log.erase_texts(draft, {(one.position, one.field) for one in event.texts})

    def forget_erased(self) -> None:
        """Rebuild the models that repeat erased texts, and drop the events and states that this process has cached."""
        self._remembered.clear()
        self.models.forget_erased(*(model for model in MODELS if model.holds_texts))

    def record_work(self, events: Sequence[Event], why: str | None = None) -> None:
        """Append events about work done with the robot as actor.

        Raises:
            Refused: ``person.role``; a robot may not record one of them, such as a verdict or a payment.
            Misused: ``text.long``.
        """
        refuse_work(ROBOT, events)
        refuse_long("the reason", why, REASON)
        self.log.append([self._draft(event, ROBOT, why) for event in events])

    def _draft(self, event: Event, actor: str, why: str | None, delegator: str | None = None) -> Draft:
        via = f"{self.who.via}{STANDING_IN}{delegator}" if delegator else self.who.via
        return Draft(event=event, actor=actor, via=via, why=why or None, correlation=self.correlation)
