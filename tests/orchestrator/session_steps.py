"""Random steps of sessions: booked, cancelled, removed, shelved and restored, with their room and their money."""

from tests.orchestrator.label_model import Booking
from tests.orchestrator.label_runner import RECORD, LabelRunner

DAY_CENTS = 60_000


class SessionSteps:
    """Days in room A, each session of one day."""

    def __init__(self, runner: LabelRunner) -> None:
        self.runner, self.label, self.model = runner, runner.label, runner.model
        runner.label.does("resource", "add", "room-a", "--kind", "room", "--rate", "600/day")

    def book(self) -> None:
        """A new day, or one that a cancelled session left, paid by a line if it can."""
        taken = {one.day for one in self.model.sessions.values() if one.state == "booked"}
        free = sorted({one.day for one in self.model.sessions.values()} - taken)
        new = max((one.day for one in self.model.sessions.values()), default=0) + 1
        day = self.runner.random.choice([new, *free])
        line = self.runner.random.choice(list(self.model.approved))
        words = ("session", "book", RECORD, "--room", "room-a", "--on", f"2127-{1 + day // 28:02}-{1 + day % 28:02}",
                 "--hours", "10-18", "--line", line)  # fmt: skip
        fits = self.model.left(line) >= DAY_CENTS
        said = self.runner.says(*words)
        assert said.code == (0 if fits else 3), said
        if fits:
            name = f"S{len(self.model.sessions) + 1}"
            assert said.out == f"{RECORD}/{name}\n"
            self.model.sessions[name] = Booking(line, DAY_CENTS, day)
        self.compare()

    def cancel(self) -> None:
        """A session is cancelled; one that is removed or shelved is refused."""
        if name := self._session():
            booking = self.model.sessions[name]
            if booking.state in {"removed", "shelved"}:
                said = self.label.refuses(3, "session", "cancel", RECORD, name)
                assert said.rule == f"entry.{booking.state}"
            else:
                self.runner.does("session", "cancel", RECORD, name)
                booking.state = "cancelled"
            self.compare()

    def remove_session(self) -> None:
        """A session is removed or shelved, which cancels it."""
        if name := self._session():
            verb, state = self.runner.random.choice((("remove", "removed"), ("shelve", "shelved")))
            self.runner.does("session", verb, f"{RECORD}/{name}")
            booking = self.model.sessions[name]
            booking.was = booking.state if booking.state in {"booked", "cancelled"} else booking.was
            booking.state = state
            self.compare()

    def restore_session(self) -> None:
        """A removed or shelved session comes back as it was, if its day is free and its line can pay."""
        gone = [name for name, one in self.model.sessions.items() if one.state in {"removed", "shelved"}]
        if not gone:
            return
        name = self.runner.random.choice(gone)
        booking = self.model.sessions[name]
        others = [one for one in self.model.sessions.values() if one is not booking and one.state == "booked"]
        before, booking.state = booking.state, booking.was
        code = 0
        if booking.was == "booked":
            code = 5 if booking.day in {one.day for one in others} else 0 if self.model.left(booking.line) >= 0 else 3
        said = self.runner.says("session", "restore", f"{RECORD}/{name}")
        assert said.code == code, (name, booking, said)
        if code:
            booking.state = before
        self.compare()

    def compare(self) -> None:
        """``session list``, the calendar of the room, and ``record show --absent`` against the model."""
        living = {name: one for name, one in self.model.sessions.items() if one.state in {"booked", "cancelled"}}
        rows = {row["session"]: row["state"] for row in self.label.data("session", "list", RECORD)}
        assert rows == {f"{RECORD}/{name}": one.state for name, one in living.items()}
        firm = {f"{RECORD}/{name}" for name, one in living.items() if one.state == "booked"}
        assert {row["session"] for row in self.label.data("resource", "show", "room-a")} == firm
        absent = {row["address"] for row in self.label.data("record", "show", RECORD, "--absent")}
        assert {one for one in absent if "/S" in one} == {
            f"{RECORD}/{name}" for name in self.model.sessions.keys() - living.keys()
        }

    def _session(self) -> str:
        return self.runner.random.choice(["", *self.model.sessions])
