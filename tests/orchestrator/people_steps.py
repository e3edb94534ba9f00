"""Random steps of one person's roles, leave and deputy, and of what they may then decide."""

from datetime import UTC, datetime, timedelta

from tests.orchestrator.label_runner import RECORD, LabelRunner

ANN, BEA, OTHER = "ann", "bea", "low-tide"
PAST, FUTURE = "2020-01-01", "2127-01-01"


class PeopleSteps:
    """Ann is granted roles and loses them, is shelved and comes back; she may decide what her roles hold."""

    def __init__(self, runner: LabelRunner) -> None:
        self.runner, self.label = runner, runner.label
        self._roles: dict[str | None, tuple[str | None, int | None]] = {}
        """Last day and limit in cents of her role as producer, by record."""
        self._is_absent = False
        self._is_away = False
        self._first = ""
        """First day of her leave; the same throughout, though a test may run over midnight."""
        self._has_deputy = False
        """True if Bea stands in for her as a producer."""
        self._spent = 0
        self.label.does("record", "new", "Low Tide", "--artist", "The Ferrymen")
        self.label.does("budget", "set", OTHER, "studio=1000000")
        self.label.does("user", "add", ANN, "--role", "auditor")
        self.label.does("user", "add", BEA, "--role", "musician")

    def change_roles(self) -> None:
        """Ann is granted the role of producer in some scope, or loses it."""
        record = self.runner.random.choice((None, RECORD, OTHER))
        own = ["--record", record] if record else []
        if self.runner.random.random() < 0.4:
            self.runner.does("user", "revoke", ANN, "--role", "producer", *own)
            gone = [record] if record else list(self._roles)
            for name in gone:
                self._roles.pop(name, None)
        elif not self._is_absent:
            until, limit = self.runner.random.choice((None, PAST, FUTURE)), self.runner.random.choice((None, 100))
            words = [*own, *(["--until", until] if until else []), *(["--limit", f"{limit // 100}"] if limit else [])]
            self.runner.does("user", "add", ANN, "--role", "producer", *words)
            self._roles[record] = (until, limit)
        self._compare()

    def change_presence(self) -> None:
        """Ann is shelved, or comes back."""
        self._is_absent = not self._is_absent
        self.runner.does("user", "shelve" if self._is_absent else "restore", ANN)
        self._compare()

    def change_leave(self) -> None:
        """Ann is away, with Bea as her deputy or without one, or is back; what she is deputised in, she must have."""
        if self._is_away and self.runner.random.random() < 0.5:
            self.runner.does("user", "back", ANN)
            self._is_away = self._has_deputy = False
            return
        first, last = (str(datetime.now(UTC).date() + timedelta(days=days)) for days in (-2, 20))
        self._first = self._first or first
        words = ("user", "away", ANN, "--from", self._first, "--to", last)
        if self.runner.random.random() < 0.3:
            self.runner.does(*words)
            self._is_away, self._has_deputy = True, False
        elif self._roles:
            self.runner.does(*words, "--deputy", BEA, "--role", "producer")
            self._is_away = self._has_deputy = True
        else:
            said = self.runner.says(*words, "--deputy", BEA, "--role", "producer")
            assert (said.code, said.rule) == (3, "leave.roles"), said

    def decide(self) -> None:
        """Ann pays an invoice, or Bea for her: the role must be of the record, of today, and wide enough."""
        who = self.runner.random.choice((ANN, BEA))
        cents, self._spent = self.runner.random.choice((100, 101)), self._spent + 1
        said = self.runner.says(
            "budget", "spend", OTHER, "studio", f"{cents / 100:.2f}", "--invoice", f"A{self._spent}", "--as", who
        )
        held = [self._roles[record] for record in (None, OTHER) if record in self._roles]
        valid = [limit for until, limit in held if until != PAST]
        if who == BEA and (self._is_absent or not self._has_deputy):
            valid = []
        if self._is_absent and who == ANN:
            assert (said.code, said.rule) == (3, "entry.shelved"), said
        elif not valid:
            assert (said.code, said.rule) == (3, "person.role"), (said, self._roles)
        elif any(limit is None or cents <= limit for limit in valid):
            assert said.code == 0, (said, self._roles)
        else:
            assert (said.code, said.rule) == (3, "person.limit"), (said, self._roles)

    def _compare(self) -> None:
        told = self.label.data("user", "show", ANN)["roles"].split(", ")
        assert len(told) == 1 + len(self._roles), told
        for record, (until, limit) in self._roles.items():
            role = "producer" + (f" for {record}" if record else "") + (f" until {until}" if until else "")
            assert role + (" up to 1.00 EUR" if limit else "") in told, (told, self._roles)
        assert (ANN in {row["person"] for row in self.label.data("user", "list")}) is not self._is_absent
