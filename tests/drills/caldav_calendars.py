"""The calendar in other programs: `plan ics` to a CalDAV server and on to a calendar, and again after every change.

vdirsyncer uploads the file to Radicale, as a subscriber does, and fetches it anew from there; khal shows what came.
The three read iCalendar files in ways of their own.  Debian packages: radicale, vdirsyncer, khal.
"""

import os
import socket
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Calendar

from orchestrator.studio import Studio
from tests.orchestrator.label import Label, open_label

HOST: Final = "127.0.0.1"
COLLECTION: Final = "/drill/sessions/"
ACCOUNT: Final = ("drill", "any")
"""Name and password; the server takes any."""
PATIENCE_S: Final = 60.0
BERLIN: Final = ZoneInfo("Europe/Berlin")
LINE_OCTETS: Final = 75
"""Longest line of an iCalendar file without its end, octets: RFC 5545, section 3.1."""
TIMES: Final = ("DTSTAMP", "DTSTART", "DTEND")
PRIVATE: Final = ("500", "250", "4711", "EUR", "hush")
"""Amounts, currency and words of notes, which stand in the log and may stand in no calendar."""
VDIRSYNCER: Final = """\
[general]
status_path = "{folder}/status"
[pair publish]
a = "file"
b = "server"
collections = null
conflict_resolution = "a wins"
[pair subscribe]
a = "server"
b = "local"
collections = null
conflict_resolution = "a wins"
[storage file]
type = "singlefile"
path = "{file}"
read_only = true
[storage server]
type = "caldav"
url = "http://{host}:{port}{collection}"
username = "{name}"
password = "{password}"
[storage local]
type = "filesystem"
path = "{folder}/local"
fileext = ".ics"
"""
KHAL: Final = """\
[calendars]
[[sessions]]
path = {folder}/local
readonly = True
[sqlite]
path = {folder}/khal.db
[locale]
local_timezone = Europe/Berlin
default_timezone = Europe/Berlin
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """One event as a calendar program shows it: times by the clock of Berlin."""

    start: str
    end: str
    summary: str
    location: str
    status: str


Events = dict[str, Shown]


def shown(start: str, end: str, summary: str, *, location: str = "room-a", status: str = "CONFIRMED") -> Shown:
    return Shown(start, end, summary, location, status)


def calendars(rounds: int) -> None:
    """In each round, publish a label's sessions, and again after each change of them."""
    for _ in range(rounds):
        with TemporaryDirectory(prefix="takesheet-calendar-") as place:
            (folder := Path(place) / "label").mkdir()
            label = prepare(folder)
            with caldav_server(Path(place)) as port:
                subscriber = Subscriber.of(Path(place), label, port)
                subscriber.check(BOOKED)
                assert true_hours(subscriber.ask("GET", 200)) == HOURS
                change(label)
                subscriber.check(CHANGED)
                label.does("session", "restore", "night-bus/S5")
                subscriber.check(RESTORED)


BOOKED: Final[Events] = {
    # The clocks go back on 2027-10-31 at 03:00, so the night from Saturday to Sunday has an hour more.
    "night-bus/S1.1": shown("2027-10-30 10:00", "2027-10-30 18:00", "Night Bus S1"),
    "night-bus/S1.2": shown("2027-10-31 10:00", "2027-10-31 18:00", "Night Bus S1"),
    "night-bus/S1.3": shown("2027-11-01 10:00", "2027-11-01 18:00", "Night Bus S1"),
    "night-bus/S2.1": shown("2027-10-30 20:00", "2027-10-31 06:00", "Night Bus S2"),
    "night-bus/S3.1": shown("2027-11-03 10:00", "2027-11-03 18:00", "Night Bus S3", status="TENTATIVE"),
    "night-bus/S4.1": shown("2027-11-05 10:00", "2027-11-05 18:00", "Night Bus S4 · Strings; first, second: Zoë"),
    "night-bus/S5.1": shown("2027-11-08 10:00", "2027-11-08 13:00", "Night Bus S5", location=""),
    # They go forward on 2028-03-26 at 02:00: the night has an hour less.
    "night-bus/S6.1": shown("2028-03-25 22:00", "2028-03-26 06:00", "Night Bus S6"),
}
HOURS: Final = dict.fromkeys(BOOKED, 8.0) | {"night-bus/S2.1": 11.0, "night-bus/S5.1": 3.0, "night-bus/S6.1": 7.0}
"""True hours of the events."""
CHANGED: Final[Events] = BOOKED | {
    "night-bus/S1.3": shown("2027-11-01 10:00", "2027-11-01 18:00", "Night Bus S1", status="CANCELLED"),
    "night-bus/S1.1": shown("2027-11-11 10:00", "2027-11-11 18:00", "Night Bus S1"),
    "night-bus/S1.2": shown("2027-11-12 10:00", "2027-11-12 18:00", "Night Bus S1"),
    "night-bus/S2.1": shown("2027-10-30 20:00", "2027-10-31 06:00", "Night Bus S2", status="CANCELLED"),
    "night-bus/S3.1": shown("2027-11-03 10:00", "2027-11-03 18:00", "Night Bus S3", status="CANCELLED"),
    "night-bus/S5.1": shown("2027-11-08 10:00", "2027-11-08 13:00", "Night Bus S5", location="", status="CANCELLED"),
}
RESTORED: Final[Events] = CHANGED | {"night-bus/S5.1": BOOKED["night-bus/S5.1"]}


def prepare(folder: Path) -> Label:
    """A label with a session of three days, a night's session, a held, a titled and a short one, and one in spring."""
    label = open_label(folder)
    label.does("room", "add", "room-a", "--day", "500/10h")
    label.does("person", "add", "Jo", "--call", "250/3h")
    label.does("budget", "set", "night-bus", "studio=4711")
    book = ("session", "book", "night-bus", "--room", "room-a")
    label.does(*book, "--with", "jo", "--on", "2027-10-30", "--hours", "10-18", "--days", "3")
    label.does(*book, "--from", "2027-10-30T20:00", "--to", "2027-10-31T06:00")
    label.does("session", "hold", "night-bus", "--room", "room-a", "--on", "2027-11-03", "--hours", "10-18")
    label.does(*book, "--on", "2027-11-05", "--hours", "10-18")
    label.does("session", "book", "night-bus", "--with", "jo", "--on", "2027-11-08", "--hours", "10-13")
    label.does(*book, "--from", "2028-03-25T22:00", "--to", "2028-03-26T06:00")
    label.does("session", "rename", "night-bus/S4", "Strings; first, second: Zoë")
    return label


def change(label: Label) -> None:
    """Move one session and take a day from it, cancel one, release the held one, remove one, and note an answer."""
    label.does("session", "move", "night-bus/S1", "--on", "2027-11-11", "--hours", "10-18", "--days", "2")
    label.does("session", "answer", "night-bus/S1", "jo", "no", "--note", "hush: on tour")
    label.does("session", "cancel", "night-bus/S2", "--why", "hush: the singer is ill")
    label.does("session", "release", "night-bus/S3")
    label.does("session", "remove", "night-bus/S5", "--why", "hush: a slip")


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Another program's copy of the calendar of *label*, by way of a CalDAV server."""

    folder: Path
    label: Label
    port: int
    identity: str
    """Of the log; it ends every UID."""

    @classmethod
    def of(cls, folder: Path, label: Label, port: int) -> "Subscriber":
        """Make the collection and the two programs' settings in *folder*."""
        with Studio.at(str(label.folder)) as studio:
            found = cls(folder, label, port, str(studio.log.identity))
        found.ask("MKCALENDAR", 201)
        (folder / "local").mkdir()
        settings = VDIRSYNCER.format(
            folder=folder, file=found.file, host=HOST, port=port, collection=COLLECTION, name=ACCOUNT[0],
            password=ACCOUNT[1],
        )  # fmt: skip
        (folder / "vdirsyncer.conf").write_text(settings, "utf-8")
        (folder / "khal.conf").write_text(KHAL.format(folder=folder), "utf-8")
        found.publish()
        program("vdirsyncer", "-c", folder / "vdirsyncer.conf", "discover")
        return found

    @property
    def file(self) -> Path:
        """The published calendar."""
        return self.folder / "sessions.ics"

    def publish(self) -> bytes:
        """Write the calendar twice, with the same bytes, and return it."""
        self.label.does("plan", "ics", "-o", self.file)
        first = self.file.read_bytes()
        time.sleep(1.1)  # a time stamp of the writing would be another one now
        self.label.does("plan", "ics", "-o", self.file)
        assert self.file.read_bytes() == first, "a calendar written twice differs"
        return first

    def check(self, wanted: Events) -> None:
        """Publish, upload and fetch the calendar; raise AssertionError unless all programs hold just *wanted*."""
        before = sequences(self.file.read_bytes())
        published = self.publish()
        check_rules(published)
        check_sequences(before, sequences(published))
        for pair in ("publish", "subscribe"):
            program("vdirsyncer", "-c", self.folder / "vdirsyncer.conf", "sync", pair)
        uids = {f"{name}@{self.identity}": event for name, event in wanted.items()}
        assert read_back([published]) == uids, "the published file differs"
        assert read_back([self.ask("GET", 200)]) == uids, "the server's calendar differs"
        local = [path.read_bytes() for path in (self.folder / "local").iterdir()]
        assert len(local) == len(wanted), f"{len(local)} events were fetched instead of {len(wanted)}"
        assert read_back(local) == uids, "the fetched events differ"
        assert self.show() == uids, "khal shows other events"

    def ask(self, method: str, status: int) -> bytes:
        """Send a request about the collection to the server; its answer must have *status*."""
        connection = HTTPConnection(HOST, self.port, timeout=PATIENCE_S)
        key = b64encode(":".join(ACCOUNT).encode()).decode()
        connection.request(method, COLLECTION, headers={"Authorization": f"Basic {key}"})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        assert answer.status == status, (method, answer.status, body)
        return body

    def show(self) -> Events:
        """All events as khal lists them; one that goes over midnight, which it lists on both days, once."""
        columns = "{uid}|{start-long}|{end-long}|{title}|{location}|{status}"
        printed = program(
            "khal", "-c", self.folder / "khal.conf", "list", "--format", columns, "--day-format", "", "2027-10-01",
            "2028-04-30",
        )  # fmt: skip
        lines = {tuple(line.rstrip().split("|")) for line in printed.splitlines()}
        assert len({line[0] for line in lines}) == len(lines), "a UID is there twice"
        return {uid: Shown(start, end, summary, place, status) for uid, start, end, summary, place, status in lines}


def read_back(files: Sequence[bytes]) -> Events:
    """The events of iCalendar *files*, as icalendar reads them; each UID may be there once."""
    events = [event for file in files for event in Calendar.from_ical(file.decode()).walk("VEVENT")]
    found = {
        str(event["uid"]): Shown(
            *(f"{event.decoded(name).astimezone(BERLIN):%Y-%m-%d %H:%M}" for name in ("dtstart", "dtend")),
            str(event["summary"]), str(event.get("location", "")), str(event["status"]),
        )
        for event in events
    }  # fmt: skip
    assert len(found) == len(events), "a UID is there twice"
    return found


def true_hours(file: bytes) -> dict[str, float]:
    """How long each event of an iCalendar file truly lasts, by its UID without the log's identity."""
    events = Calendar.from_ical(file.decode()).walk("VEVENT")
    lasts = {str(event["uid"]).partition("@")[0]: event.decoded("dtend") - event.decoded("dtstart") for event in events}
    return {uid: time_.total_seconds() / 3600 for uid, time_ in lasts.items()}


def sequences(file: bytes) -> dict[str, tuple[int, bytes]]:
    """The SEQUENCE of every event by UID, and what moves it: times and status."""
    events = Calendar.from_ical(file.decode()).walk("VEVENT")
    return {
        str(event["uid"]): (
            int(event["sequence"]), b" ".join(event[name].to_ical() for name in ("dtstart", "dtend"))
            + str(event["status"]).encode(),
        )
        for event in events
    }  # fmt: skip


def check_sequences(before: dict[str, tuple[int, bytes]], after: dict[str, tuple[int, bytes]]) -> None:
    """Raise AssertionError unless SEQUENCE rose with every change of times or status, and fell nowhere."""
    for uid, (number, state) in before.items():
        later, changed = after[uid]
        assert later > number if changed != state else later >= number, f"SEQUENCE of {uid}: {number}, then {later}"


def check_rules(file: bytes) -> None:
    """Raise AssertionError where *file* breaks a rule of RFC 5545, or says what is nobody else's business."""
    assert file.endswith(b"END:VCALENDAR\r\n")
    assert file.count(b"\n") == file.count(b"\r\n"), "a line does not end with CRLF"
    lines = file.removesuffix(b"\r\n").split(b"\r\n")
    for line in lines:
        assert len(line) <= LINE_OCTETS, f"a line of {len(line)} octets"
        line.decode()  # a character may be cut by no fold: not every reader unfolds octets
    calendar = Calendar.from_ical(file.decode())
    assert "METHOD" not in calendar, "a server's calendar objects have no METHOD: RFC 4791, section 4.1"
    zones = {str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")}
    for event in calendar.walk("VEVENT"):
        assert {"UID", *TIMES, "SEQUENCE", "STATUS", "SUMMARY"} <= set(event)
        for name in TIMES:
            zone = event[name].params.get("TZID")
            assert zone in zones if zone else event[name].to_ical().endswith(b"Z"), f"{name} without a zone"
    told = [str(part[name]) for part in calendar.walk() for name in part if name not in {"UID", *TIMES}]
    for word in PRIVATE:
        assert not any(word in text for text in told), f"{word} stands in the calendar"


@contextmanager
def caldav_server(folder: Path) -> Iterator[int]:
    """A CalDAV server with no calendar yet, on 127.0.0.1; the value is its port."""
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    words = ["radicale", "--config", "", "--server-hosts", f"{HOST}:{port}", "--auth-type", "none",
             "--storage-filesystem-folder", str(folder / "server")]  # fmt: skip
    with (folder / "server.log").open("wb") as log, subprocess.Popen(words, stdout=log, stderr=log) as server:
        try:
            _await(port, server)
            yield port
        finally:
            server.terminate()


def _await(port: int, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        assert server.poll() is None, f"the CalDAV server ended with {server.returncode}"
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"no CalDAV server after {PATIENCE_S:.0f} s")


def program(*words: object) -> str:
    """Run another program; return what it printed.  Without the program, the drill fails with its name."""
    done = subprocess.run(
        [str(word) for word in words], stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8",
        timeout=PATIENCE_S, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 0, (words, done.stdout, done.stderr)
    return done.stdout


DRILLS = [("calendars in a CalDAV server and in khal, changed and published anew", calendars, 1, 1)]
