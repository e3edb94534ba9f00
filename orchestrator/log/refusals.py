"""Refusals of the log.  Nothing was recorded when one of these is raised, except with ``StoreUncertain``."""

from uuid import UUID

from domain.core.refusal import Clash, Misused, NotFound, Refusal, Refused


class Conflict(Clash):
    """An event on which the decision depends was recorded after the decision read the log."""

    def __init__(self, position: int, kind: str, *, after: int) -> None:
        detail = f"{kind} was recorded meanwhile, at {position}; this was decided knowing the log up to {after}"
        super().__init__("log.conflict", detail, next="", position=position, kind=kind, after=after)
        self.position, self.kind, self.after = position, kind, after


class IdTaken(Clash):
    """The id of an event is recorded already, with other content."""

    def __init__(self, id: UUID, detail: str) -> None:  # noqa: A002 - the column's name
        super().__init__("log.id", f"event {id}: {detail}", id=id)
        self.id = id


class Unstorable(Misused):
    """A value that some database would not return unchanged."""

    def __init__(self, where: str, detail: str) -> None:
        super().__init__("text.unstorable", f"{where}: {detail}", where=where)
        self.where = where


class StoreMissing(NotFound):
    """The given place has no log."""

    def __init__(self, place: str) -> None:
        super().__init__("store.missing", f"no log at {place}", place=place)
        self.place = place


class StoreExists(Refused):
    """A new log would overwrite an existing file or table."""

    def __init__(self, place: str) -> None:
        super().__init__("store.exists", f"{place} is there already", place=place)
        self.place = place


class StoreNewer(Refused):
    """A newer Takesheet wrote data unknown to this program, which may therefore read but not write."""

    def __init__(self, detail: str, **values: object) -> None:
        super().__init__("store.newer", detail, next="upgrade takesheet", **values)


class StoreMoved(Refused):
    """The log was moved to another place; the log in the old place is read-only.

    Args:
        place: the old place.
        notice: the new place and the person who moved the log, as far as they are recorded.
    """

    def __init__(self, place: str, notice: str) -> None:
        hint = "let log in config.toml name that place, or repeat the store move that was interrupted"
        super().__init__("store.moved", f"the log in {place} was moved away: {notice}", next=hint, place=place)
        self.place, self.notice = place, notice


class StoreReadOnly(Refused):
    """The log was opened read-only."""

    def __init__(self, place: str) -> None:
        super().__init__("store.readonly", f"{place} is open for reading only", place=place)
        self.place = place


class StoreBusy(Clash):
    """Another program holds the database: it is stopped within its turn, or does not queue at our turnstile."""

    def __init__(self, place: str, holder: str = "another program", waited_s: float = 0.0) -> None:
        waited = f" for {waited_s:.0f} s" if waited_s else ""
        detail = f"{holder} keeps {place} locked{waited}; nothing was recorded"
        super().__init__("store.busy", detail, next="let it go on, or end it; then the same command again", place=place)
        self.place = place


class StoreFull(Refusal):
    """The disk has no space for the new events."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__("store.full", f"no disk space for {place}: {reason}; nothing was recorded", place=place)
        self.place, self.reason = place, reason


class StoreUnreachable(Refusal):
    """The store cannot be opened, read or written: rights, a mount, a failing disk, a server that does not answer."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__("store.unreachable", f"{place}: {reason}", place=place)
        self.place, self.reason = place, reason


class ConnectionLost(StoreUnreachable):
    """The connection was lost before COMMIT was sent: nothing was recorded."""


class StoreForbidden(StoreUnreachable, Refused):
    """The server denies this role a right.

    Args:
        place: the store.
        role: the role that connects.
        reason: the server's message, which names the table.
        next: the remedy, if granting the right is not the remedy.
    """

    def __init__(self, place: str, *, role: str, reason: str, next: str = "") -> None:  # noqa: A002 - the field's name
        hint = next or f"whoever owns the log: takesheet store grant {role}"
        Refusal.__init__(self, "store.rights", f"{place}: the role {role} may not: {reason}", next=hint, place=place)
        self.place, self.role, self.reason = place, role, reason


class StandbyServer(StoreForbidden):
    """The server is read-only, for example a standby."""

    def __init__(self, place: str, reason: str) -> None:
        detail = f"{place}: this server is read-only (a standby, or set so): {reason}"
        hint = "name the primary server, or all of them with ?target_session_attrs=read-write"
        Refusal.__init__(self, "store.standby", detail, next=hint, place=place)
        self.place, self.role, self.reason = place, "", reason


class StorePooled(Refused):
    """A session lock was requested through a connection pooler, which lends one session to many clients."""

    def __init__(self, place: str) -> None:
        detail = f"{place} is reached through a connection pooler, and whoever renders holds a lock of one session"
        super().__init__("store.pooled", detail, next="let log in config.toml name the server itself", place=place)
        self.place = place


class StoreDamaged(Refusal):
    """The database is not a log of ours, or differs from the recorded log."""

    def __init__(self, place: str, reason: str, *, position: int | None = None) -> None:
        where = place if position is None else f"{place}, position {position}"
        super().__init__(
            "store.damaged", f"{where}: {reason}", next="takesheet log verify", place=place, position=position
        )
        self.place, self.reason, self.position = place, reason, position


class StoreUncertain(Refusal):
    """The connection was lost during COMMIT; the log shows whether the events were recorded once the server is back."""

    def __init__(self, place: str) -> None:
        detail = f"{place}: the connection was lost in the middle of recording; the log shows whether it was recorded"
        super().__init__("store.uncertain", detail, next="takesheet log show --limit 5", place=place)
        self.place = place
