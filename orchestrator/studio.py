"""The studio: reads the log, decides, appends; everything that changes a store goes through it."""

import os
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from shlex import quote
from types import TracebackType
from typing import Final, NamedTuple, Self, TypeVar
from uuid import UUID, uuid4

from pydantic import ValidationError

from domain.core.address import slug
from domain.core.event import Event, Recorded
from domain.core.plain_errors import plain_words
from domain.core.refusal import Clash, Misused, Refused
from domain.core.text_limits import NAME, REASON, refuse_long, refuse_long_texts, too_long
from domain.label import people
from domain.label.people import (
    People,
    Permission,
    PersonAdded,
    Role,
    RolesGranted,
    StoreOpened,
    StoreUpgraded,
    role_for,
)
from domain.status.event_types import KINDS
from domain.store.clocks import Drift
from orchestrator.log.append_condition import Condition, Draft
from orchestrator.log.codec import Unknown
from orchestrator.log.database.connection import Connection
from orchestrator.log.database.views import View
from orchestrator.log.migrations.migrate import RUNGS
from orchestrator.log.query import Query
from orchestrator.log.refusals import Conflict
from orchestrator.log.sqlite.filesystem import refuse_network
from orchestrator.log.store import Log
from orchestrator.origin import user_at_host
from orchestrator.store import config as settings
from orchestrator.store import permissions, trust
from orchestrator.store.config import Settings
from orchestrator.store.create import found_log, foundation
from orchestrator.views.board import BOARD

History = Sequence[Recorded[Event]]
T = TypeVar("T")
Decision = Callable[[History, Role], tuple[T, Sequence[Event]]]

TRIES: Final = 20
"""How often a decision is taken anew when somebody else's came between; each try sees all recorded before it."""
ROBOT: Final = "robot"
LONGEST_LABEL: Final = 200
REMEMBERED: Final = 4
"""Queries whose answers are kept: a prompt asks the same ones at each key, and a decision at each try."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who gives a command: the name claimed, and the user and host the operating system knows."""

    actor: str
    via: str


def caller(claimed: str | None) -> Caller:
    """Who calls: the name *claimed*, or else the operating system's user.  Raises: Misused ``text.long``."""
    refuse_long("the name you speak as", claimed, NAME)
    via = user_at_host()
    return Caller(actor=slug(via.rpartition("@")[0] if claimed is None else claimed), via=via)


def _unfit(error: ValidationError) -> Misused:
    """What is wrong with an event that somebody's words would make: too long, empty, no text at all."""
    first = error.errors(include_url=False)[0]
    where = ".".join(str(word) for word in first["loc"])
    if first["type"] == "string_too_long":
        return too_long(where[:100], len(first["input"]), first["ctx"]["max_length"])
    return Misused("text.unfit", f"{where[:100]}: {plain_words(first)}")


class CachedQuery(NamedTuple):
    """What a query was found to match; as nothing recorded ever changes, only what came since is read again."""

    upto: int = 0
    history: tuple[Recorded[Event], ...] = ()


class Studio:
    """A store opened for one command.

    Whoever reads reads through here, so that every reader can be asked as of an earlier moment: ``upto`` is the
    position after which nothing is known to it.  One that ``only_shows`` goes without events of newer programs; whoever
    decides is stopped by them.
    """

    only_shows = False

    def __init__(self, log: Log, config: Settings, who: Caller, *, upto: int | None = None) -> None:
        self.log, self.config, self.who, self.upto = log, config, who, upto
        self.correlation: UUID = uuid4()
        self.not_shown: set[str] = set()
        """The kinds of events that were read and not understood."""
        self.on_drift: Callable[[Drift], None] | None = None
        """Called before the first decision where the clock is far from that of the last event; may refuse."""
        self._remembered: dict[Query, CachedQuery] = {}

    @classmethod
    @contextmanager
    def at(
        cls, store: str | None, claimed: str | None = None, say: Callable[[str], None] = lambda _: None
    ) -> Iterator[Self]:
        """Open the store that is found from here, as far as this user trusts it.

        Raises:
            NotFound: ``store.missing``.
            Misused: ``store.config``.
            Untrusted, LinkFound: as :func:`orchestrator.store.trust.admit`.
        """
        config = trust.admit(settings.find(store), say)
        with Log.open(config.log, kinds=KINDS, views=[BOARD]) as log:
            yield cls(log, config, caller(claimed))

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
    ) -> Path:
        """Make a store in *folder*; whoever calls holds every role but the robot's, and trusts it.

        Args:
            folder: where.
            label: its name.
            currency: ISO 4217.
            timezone: IANA name.
            claimed: who calls, if not the operating system's user.
            log: a file in the store, or the address of a PostgreSQL database.
            group: whose members share the store, each with an account of their own; nobody where empty.

        Raises:
            Refused: ``store.exists``, ``store.network``, ``store.group``.
            NotFound: ``store.group``.
            Misused: ``store.timezone``, ``store.currency``, ``store.url``, ``label.name``.
        """
        settings.zone(timezone)
        if not (len(currency) == 3 and currency.isascii() and currency.isupper()):  # noqa: PLR2004 - ISO 4217 has three letters
            raise Misused("store.currency", f"{currency!r} is no currency; write one like EUR")
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
            found_log(settings.place(draft, log), identity, founding, [BOARD])
        with suppress(OSError):  # where nothing can be recorded, what it would start or reach is asked about later
            trust.record(settings.load(place))
        return place

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.log.close()

    def head(self) -> int:
        """The last position that is known here."""
        head = self.log.head().position
        return head if self.upto is None else min(head, self.upto)

    def read(self, query: Query, *, upto: int | None = None) -> list[Recorded[Event]]:
        """What matches *query*, up to and with position *upto*, as far as it is known here."""
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

    def last(self, count: int, query: Query | None = None) -> list[Recorded[Event]]:
        """The last *count* events that are known here, or of those that *query* matches; no others are read."""
        head = self.head()
        if query is None:
            return list(self.log.read_all(after=max(0, head - count), upto=head))
        return self.log.last(query, count, upto=head)

    def read_all(self) -> list[Recorded[Event]]:
        """Every event that is known here."""
        return list(self.log.read_all(upto=self.head()))

    def view(self, view: View) -> Connection:
        """The tables of *view* as of what is known here; the connection is the caller's to close."""
        return self.log.bring(view) if self.upto is None else self.log.replay(view, self.upto)

    def decide(self, query: Query, decision: Decision[T], *, deed: Permission, why: str | None = None) -> T:
        """Read, check the role, decide, append; and again when somebody else's decision came between.

        Args:
            query: the events that matter to the decision.
            decision: from those and the caller's role to a result and what is new.
            deed: what the caller needs a role for.
            why: the reason given.

        Raises:
            Refusal: whatever the decision refuses; a refusal that is to be noted is recorded first.
            Misused: ``text.long``, ``text.unfit``; a text that nobody would keep.
            Clash: ``log.busy`` after too many tries.
        """
        self._look_at_the_clock()
        refuse_long("the reason", why, REASON)
        who = Query.of(PersonAdded, RolesGranted, tags=[f"person:{self.who.actor}"])
        for _ in range(TRIES):
            head = self.log.head().position
            role = role_for(self._people(who, head), self.who.actor, deed)
            history = self.read(query, upto=head)
            try:
                result, events = decision(history, role)
            except ValidationError as error:
                raise _unfit(error) from None
            except Refused as refusal:
                if isinstance(noted := refusal.values.get("noted"), Event):
                    self._append([noted], None, why)
                raise
            try:
                self._append(events, Condition(query | who, head), why)
            except Conflict:
                continue
            return result
        raise Clash("log.busy", f"others decided at the same time, {TRIES} times", next="the same command again")

    def _look_at_the_clock(self) -> None:
        """Let whoever gives the command know, once, that this machine's clock can hardly be right."""
        on_drift, self.on_drift = self.on_drift, None
        if on_drift is not None and (drift := self.log.drift()) is not None:
            on_drift(drift)

    def _people(self, query: Query, upto: int) -> People:
        state = People()
        for recorded in self.read(query, upto=upto):
            if isinstance(recorded.event, PersonAdded | RolesGranted | StoreOpened):
                state = people.evolve(state, recorded.event)
        return state

    def _append(self, events: Sequence[Event], condition: Condition | None, why: str | None) -> None:
        if self.only_shows:
            raise Refused("studio.shows", "this command only shows; nothing is decided by it")
        if self.upto is not None:
            raise Refused("time.past", f"position {self.upto} is past: it is read, and nothing is decided there")
        if not events:
            self.log.refuse_moved()
            return
        for event in events:
            refuse_long_texts(event)
        drafts = [self._draft(event, self.who.actor, why) for event in events]
        self.log.append(drafts, condition=condition)

    def record_work(self, events: Sequence[Event], why: str | None = None) -> None:
        """Append what happened (never a judgement) in the robot's name.  Raises: Misused ``text.long``."""
        refuse_long("the reason", why, REASON)
        self.log.append([self._draft(event, ROBOT, why) for event in events])

    def _draft(self, event: Event, actor: str, why: str | None) -> Draft:
        return Draft(event=event, actor=actor, via=self.who.via, why=why or None, correlation=self.correlation)
