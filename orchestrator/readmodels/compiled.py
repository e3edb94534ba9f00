"""Statements and rows of the read models, compiled from their tables by ``make models``; edit the tables."""

from typing import Final

from orchestrator.readmodels.base.table import ModelTable, Row


class ActivityRow(Row):
    """The kind, actor, place and time of one event."""

    position: int
    kind: str
    actor: str
    record: str
    song: str
    recorded_us: int


ACTIVITY: Final = ModelTable(
    "activity_v3",
    ("position", "kind", "actor", "record", "song", "recorded_us"),
    ("position",),
    (
        """
CREATE TABLE activity_v3 (
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    record TEXT NOT NULL,
    song TEXT NOT NULL,
    recorded_us INTEGER NOT NULL,
    PRIMARY KEY (position)
)
""",
        """
CREATE INDEX activity_v3_actor ON activity_v3 (actor, position)
""",
        """
CREATE INDEX activity_v3_kind ON activity_v3 (kind, position)
""",
        """
CREATE INDEX activity_v3_record ON activity_v3 (record, position)
""",
    ),
)


class BudgetStatusRow(Row):
    """One budget line, or the unbudgeted costs, in minor units, from position *since* to the one before *until*."""

    record: str
    line: str
    since: int
    until: int | None
    place: int
    begun: int
    currency: str
    approved: int
    committed: int
    invoiced: int
    spent: int
    forecast: int
    unbudgeted: int


BUDGET_STATUS: Final = ModelTable(
    "budget_status_v4",
    (
        "record",
        "line",
        "since",
        "until",
        "place",
        "begun",
        "currency",
        "approved",
        "committed",
        "invoiced",
        "spent",
        "forecast",
        "unbudgeted",
    ),
    ("record", "line", "since"),
    (
        """
CREATE TABLE budget_status_v4 (
    record TEXT NOT NULL,
    line TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER,
    place INTEGER NOT NULL,
    begun INTEGER NOT NULL,
    currency TEXT NOT NULL,
    approved INTEGER NOT NULL,
    committed INTEGER NOT NULL,
    invoiced INTEGER NOT NULL,
    spent INTEGER NOT NULL,
    forecast INTEGER NOT NULL,
    unbudgeted INTEGER NOT NULL,
    PRIMARY KEY (record, line, since)
)
""",
        """
CREATE INDEX budget_status_v4_now ON budget_status_v4 (record) WHERE until IS NULL
""",
    ),
)


class CalendarEntryRow(Row):
    """One slot in which a resource is booked or held for a session."""

    session: str
    slot: int
    resource: str
    record: str
    starts_us: int
    ends_us: int
    state: str
    rank: int
    expires_us: int
    deadline_us: int
    answer: str


CALENDAR: Final = ModelTable(
    "calendar_v3",
    (
        "session",
        "slot",
        "resource",
        "record",
        "starts_us",
        "ends_us",
        "state",
        "rank",
        "expires_us",
        "deadline_us",
        "answer",
    ),
    ("session", "slot", "resource"),
    (
        """
CREATE TABLE calendar_v3 (
    session TEXT NOT NULL,
    slot INTEGER NOT NULL,
    resource TEXT NOT NULL,
    record TEXT NOT NULL,
    starts_us INTEGER NOT NULL,
    ends_us INTEGER NOT NULL,
    state TEXT NOT NULL,
    rank INTEGER NOT NULL,
    expires_us INTEGER NOT NULL,
    deadline_us INTEGER NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (session, slot, resource)
)
""",
        """
CREATE INDEX calendar_v3_ends ON calendar_v3 (ends_us)
""",
        """
CREATE INDEX calendar_v3_resource ON calendar_v3 (resource, starts_us)
""",
    ),
)


class DueRenderRow(Row):
    """Count of the due renders of one record, and the position of the last event that could change them."""

    record: str
    moved: int
    opened: int
    due: int
    failed: int
    outputs: str


DUE_RENDERS: Final = ModelTable(
    "due_renders_v3",
    ("record", "moved", "opened", "due", "failed", "outputs"),
    ("record",),
    (
        """
CREATE TABLE due_renders_v3 (
    record TEXT NOT NULL,
    moved INTEGER NOT NULL,
    opened INTEGER NOT NULL,
    due INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    outputs TEXT NOT NULL,
    PRIMARY KEY (record)
)
""",
    ),
)


class JudgementRow(Row):
    """One decision that can be undone, and its present state: in force or undone."""

    position: int
    id: bytes
    actor: str
    record: str
    song: str | None
    part: str | None
    kind: str
    stands: int
    last: int
    command: str


JUDGEMENTS: Final = ModelTable(
    "judgements_v2",
    ("position", "id", "actor", "record", "song", "part", "kind", "stands", "last", "command"),
    ("position",),
    (
        """
CREATE TABLE judgements_v2 (
    position INTEGER NOT NULL,
    id BLOB NOT NULL,
    actor TEXT NOT NULL,
    record TEXT NOT NULL,
    song TEXT,
    part TEXT,
    kind TEXT NOT NULL,
    stands INTEGER NOT NULL,
    last INTEGER NOT NULL,
    command TEXT NOT NULL,
    PRIMARY KEY (position)
)
""",
        """
CREATE INDEX judgements_v2_actor ON judgements_v2 (actor, position)
""",
    ),
)


class LabelBoardRow(Row):
    """Counts of one song, or of a record if *song* is empty, valid from position *since* to the one before *until*."""

    record: str
    song: str
    since: int
    until: int | None
    title: str
    artist: str
    due: str | None
    opened: int
    parts: int
    takes: int
    unheard: int
    mixes: int
    masters: int
    stage: str
    mastered: int
    last_us: int


LABEL_BOARD: Final = ModelTable(
    "label_board_v3",
    (
        "record",
        "song",
        "since",
        "until",
        "title",
        "artist",
        "due",
        "opened",
        "parts",
        "takes",
        "unheard",
        "mixes",
        "masters",
        "stage",
        "mastered",
        "last_us",
    ),
    ("record", "song", "since"),
    (
        """
CREATE TABLE label_board_v3 (
    record TEXT NOT NULL,
    song TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER,
    title TEXT NOT NULL,
    artist TEXT NOT NULL,
    due TEXT,
    opened INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    takes INTEGER NOT NULL,
    unheard INTEGER NOT NULL,
    mixes INTEGER NOT NULL,
    masters INTEGER NOT NULL,
    stage TEXT NOT NULL,
    mastered INTEGER NOT NULL,
    last_us INTEGER NOT NULL,
    PRIMARY KEY (record, song, since)
)
""",
        """
CREATE INDEX label_board_v3_now ON label_board_v3 (record, song) WHERE until IS NULL
""",
    ),
)


class NoteRecordRow(Row):
    """One note, and its present state: in force or undone."""

    position: int
    id: bytes
    record: str
    song: str | None
    target: str
    at: int | None
    visibility: str
    by: str
    stands: int


NOTES: Final = ModelTable(
    "notes_v2",
    ("position", "id", "record", "song", "target", "at", "visibility", "by", "stands"),
    ("position",),
    (
        """
CREATE TABLE notes_v2 (
    position INTEGER NOT NULL,
    id BLOB NOT NULL,
    record TEXT NOT NULL,
    song TEXT,
    target TEXT NOT NULL,
    at INTEGER,
    visibility TEXT NOT NULL,
    "by" TEXT NOT NULL,
    stands INTEGER NOT NULL,
    PRIMARY KEY (position)
)
""",
        """
CREATE INDEX notes_v2_record ON notes_v2 (record)
""",
    ),
)


class ReviewQueueRow(Row):
    """One waiting item of a record, valid from position *since* to the one before *until*."""

    record: str
    sort: str
    address: str
    output: str
    since: int
    until: int | None
    why: str
    deed: str
    place: int
    opened: int
    waits: int


REVIEW_QUEUE: Final = ModelTable(
    "review_queue_v4",
    ("record", "sort", "address", "output", "since", "until", "why", "deed", "place", "opened", "waits"),
    ("record", "sort", "address", "output", "since"),
    (
        """
CREATE TABLE review_queue_v4 (
    record TEXT NOT NULL,
    sort TEXT NOT NULL,
    address TEXT NOT NULL,
    output TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER,
    why TEXT NOT NULL,
    deed TEXT NOT NULL,
    place INTEGER NOT NULL,
    opened INTEGER NOT NULL,
    waits INTEGER NOT NULL,
    PRIMARY KEY (record, sort, address, output, since)
)
""",
        """
CREATE INDEX review_queue_v4_now ON review_queue_v4 (record) WHERE until IS NULL
""",
    ),
)


class SearchWordRow(Row):
    """One word of the text of the event at *position*."""

    word: str
    position: int


SEARCH: Final = ModelTable(
    "search_v3",
    ("word", "position"),
    ("word", "position"),
    (
        """
CREATE TABLE search_v3 (
    word TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (word, position)
)
 WITHOUT ROWID
""",
    ),
)


class TakeRecordRow(Row):
    """One take with its state at the log's head."""

    part: str
    number: int
    record: str
    song: str
    pass_number: int | None
    session: str | None
    starts_at: int
    frames: int
    rate: int
    tracks: int
    verdict: str | None
    warnings: str
    recorded_on: str | None


TAKES: Final = ModelTable(
    "takes_v2",
    (
        "part",
        "number",
        "record",
        "song",
        "pass_number",
        "session",
        "starts_at",
        "frames",
        "rate",
        "tracks",
        "verdict",
        "warnings",
        "recorded_on",
    ),
    ("part", "number"),
    (
        """
CREATE TABLE takes_v2 (
    part TEXT NOT NULL,
    number INTEGER NOT NULL,
    record TEXT NOT NULL,
    song TEXT NOT NULL,
    pass_number INTEGER,
    session TEXT,
    starts_at INTEGER NOT NULL,
    frames INTEGER NOT NULL,
    rate INTEGER NOT NULL,
    tracks INTEGER NOT NULL,
    verdict TEXT,
    warnings TEXT NOT NULL,
    recorded_on TEXT,
    PRIMARY KEY (part, number)
)
""",
        """
CREATE INDEX takes_v2_song ON takes_v2 (song)
""",
    ),
)
