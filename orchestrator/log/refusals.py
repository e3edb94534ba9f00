"""What the log says no to.  Nothing was recorded whenever one of these is raised, but for ``StoreUncertain``."""

from uuid import UUID

from domain.core.refusal import Clash, Misused, NotFound, Refusal, Refused


class Conflict(Clash):
    """Something the decision depends on was recorded after it looked."""

    def __init__(self, position: int, kind: str, *, after: int) -> None:
        detail = f"{kind} was recorded meanwhile, at {position}; this was decided knowing the log up to {after}"
        super().__init__("log.conflict", detail, next="", position=position, kind=kind, after=after)
        self.position, self.kind, self.after = position, kind, after


class IdTaken(Clash):
    """An event's id stands for other content already."""

    def __init__(self, id: UUID, detail: str) -> None:  # noqa: A002 - the column's name
        super().__init__("log.id", f"event {id}: {detail}", id=id)
        self.id = id


class Unstorable(Misused):
    """A value that would not come back from every database as it went in."""

    def __init__(self, where: str, detail: str) -> None:
        super().__init__("text.unstorable", f"{where}: {detail}", where=where)
        self.where = where


class StoreMissing(NotFound):
    """There is no log at this place."""

    def __init__(self, place: str) -> None:
        super().__init__("store.missing", f"no log at {place}", place=place)
        self.place = place


class StoreExists(Refused):
    """A new log is never made over something that is there."""

    def __init__(self, place: str) -> None:
        super().__init__("store.exists", f"{place} is there already", place=place)
        self.place = place


class StoreNewer(Refused):
    """A newer Takesheet wrote what this one does not understand; it reads, and decides nothing."""

    def __init__(self, detail: str, **values: object) -> None:
        super().__init__("store.newer", detail, next="upgrade takesheet", **values)


class StoreMoved(Refused):
    """The log was moved to another place; the one left here is only read.

    Args:
        place: where it was.
        notice: where it went, and who moved it, as far as the log says so.
    """

    def __init__(self, place: str, notice: str) -> None:
        hint = "let log in config.toml name that place, or repeat the store move that was interrupted"
        super().__init__("store.moved", f"the log in {place} was moved away: {notice}", next=hint, place=place)
        self.place, self.notice = place, notice


class StoreReadOnly(Refused):
    """The log was opened for reading."""

    def __init__(self, place: str) -> None:
        super().__init__("store.readonly", f"{place} is open for reading only", place=place)
        self.place = place


class StoreBusy(Clash):
    """Another program holds the database: stopped in its turn, or not queueing at our turnstile."""

    def __init__(self, place: str, holder: str = "another program", waited_s: float = 0.0) -> None:
        waited = f" for {waited_s:.0f} s" if waited_s else ""
        detail = f"{holder} keeps {place} locked{waited}; nothing was recorded"
        super().__init__("store.busy", detail, next="let it go on, or end it; then the same command again", place=place)
        self.place = place


class StoreFull(Refusal):
    """The disk has no room for what was to be recorded."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__("store.full", f"no disk space for {place}: {reason}; nothing was recorded", place=place)
        self.place, self.reason = place, reason


class StoreUnreachable(Refusal):
    """The store cannot be opened, read or written: rights, a mount, a failing disk, a server that does not answer."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__("store.unreachable", f"{place}: {reason}", place=place)
        self.place, self.reason = place, reason


class ConnectionLost(StoreUnreachable):
    """The connection was cut before the server was told to keep anything: nothing was recorded."""


class StoreForbidden(StoreUnreachable, Refused):
    """The server does not let this role do so.

    Args:
        place: the store.
        role: as which the server knows us.
        reason: the server's words; they name the table.
        next: what helps, where it is not a grant.
    """

    def __init__(self, place: str, *, role: str, reason: str, next: str = "") -> None:  # noqa: A002 - the field's name
        hint = next or f"whoever owns the log: takesheet store grant {role}"
        Refusal.__init__(self, "store.rights", f"{place}: the role {role} may not: {reason}", next=hint, place=place)
        self.place, self.role, self.reason = place, role, reason


class StandbyServer(StoreForbidden):
    """The server only follows another one, and records nothing itself."""

    def __init__(self, place: str, reason: str) -> None:
        detail = f"{place}: this server is read-only (a standby, or set so): {reason}"
        hint = "name the primary server, or all of them with ?target_session_attrs=read-write"
        Refusal.__init__(self, "store.standby", detail, next=hint, place=place)
        self.place, self.role, self.reason = place, "", reason


class StorePooled(Refused):
    """A lock that lives as long as a session was asked for where a pooler lends sessions to everybody."""

    def __init__(self, place: str) -> None:
        detail = f"{place} is reached through a connection pooler, and whoever renders holds a lock of one session"
        super().__init__("store.pooled", detail, next="let log in config.toml name the server itself", place=place)
        self.place = place


class StoreDamaged(Refusal):
    """The file is no log of ours, or no longer what it was."""

    def __init__(self, place: str, reason: str, *, position: int | None = None) -> None:
        where = place if position is None else f"{place}, position {position}"
        super().__init__(
            "store.damaged", f"{where}: {reason}", next="takesheet log verify", place=place, position=position
        )
        self.place, self.reason, self.position = place, reason, position


class StoreUncertain(Refusal):
    """The server went away while it was told to keep something; whether it did shows when it is back."""

    def __init__(self, place: str) -> None:
        detail = f"{place}: the connection was lost in the middle of recording; the log shows whether it was recorded"
        super().__init__("store.uncertain", detail, next="takesheet log show --limit 5", place=place)
        self.place = place
