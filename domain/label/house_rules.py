"""House rules of the label: who must approve what, and when a session is advised to go on to another part."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal

from pydantic import StringConstraints
from typing_extensions import override

from domain.core.event import Event, Traits
from domain.core.refusal import Misused, suggest
from domain.label.people import MAY, ROLES, Permission, Role

Subject = Literal["mix", "master"]
QUORUM: Final[Mapping[str, Subject]] = {"approve.quorum.mix": "mix", "approve.quorum.master": "master"}
SELF: Final = "approve.self"
PARK_TAKES: Final = "park.takes"
PARK_MINUTES: Final = "park.minutes"
MOST: Final = 999
"""Largest number of a rule."""
RULES: Final[Mapping[str, str]] = {
    "approve.quorum.mix": "roles that must all have approved a mix, such as producer,artist; none: one is enough",
    "approve.quorum.master": "roles that must all have approved a master, such as producer,label; none: one is enough",
    SELF: "on: whoever revised a mix may be the only one who approves it; off: somebody else must, too",
    PARK_TAKES: "takes of a part without a keeper after which session run advises to park it; off: never",
    PARK_MINUTES: "minutes on a part without a keeper after which session run advises to park it; off: never",
}
"""The house rules, and what their values mean."""
UNSET: Final[Mapping[str, str]] = {
    "approve.quorum.mix": "none", "approve.quorum.master": "none", SELF: "on", PARK_TAKES: "8", PARK_MINUTES: "45",
}  # fmt: skip
"""Values as long as the label sets none."""
JUDGED: Final[Mapping[Subject, Permission]] = {"mix": "judge-mix", "master": "judge-master"}


class HouseRuleSet(Event):
    """The label set one of its rules; verdicts given from then on state what it asked for."""

    kind: Literal["house-rule-set"] = "house-rule-set"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ()
    rule: Annotated[str, StringConstraints(pattern=r"^[a-z]+(?:\.[a-z]+)*$", max_length=100)]
    value: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    """In canonical form: roles by priority with commas between them, ``none``, ``on``, ``off`` or a number."""

    @override
    def describe(self) -> str:
        return f"{self.rule}: {self.value}"


@dataclass(frozen=True, slots=True)
class HouseRules:
    """The values of the rules that the label set."""

    values: Mapping[str, str] = field(default_factory=dict)

    def value(self, rule: str) -> str:
        """The value of *rule*, also if it was never set."""
        return self.values.get(rule, UNSET[rule])

    def quorum(self, subject: Subject) -> tuple[Role, ...]:
        """The roles that must all have approved; empty if one verdict is enough."""
        words = self.value(f"approve.quorum.{subject}").split(",")
        return tuple(role for role in ROLES if role in words)

    @property
    def forbids_self_approval(self) -> bool:
        """True if whoever revised a mix may not be the only one who approves it."""
        return self.value(SELF) == "off"

    def most(self, rule: str) -> int | None:
        """The number of *rule*; None if it is off."""
        value = self.value(rule)
        return int(value) if value.isdecimal() else None


def evolve(rules: HouseRules, event: HouseRuleSet) -> HouseRules:
    """Fold one event into the state; a rule of a newer program is kept and means nothing here."""
    return HouseRules({**rules.values, event.rule: event.value})


def set_rule(rules: HouseRules, rule: str, *, value: str) -> list[HouseRuleSet]:
    """Set *rule* to *value*; the value it has yields no event.

    Args:
        rules: as they are.
        rule: one of ``RULES``.
        value: roles with commas between them, or ``none``, of a quorum; ``on`` or ``off`` of ``approve.self``; a
            number or ``off`` of the advice to park.

    Raises:
        Misused: ``rule.unknown``; ``rule.value``.
    """
    if rule not in RULES:
        raise Misused(
            "rule.unknown", f"there is no rule {rule[:100]}; there are {', '.join(RULES)}", next=suggest("rule list")
        )
    if rule in QUORUM:
        wanted = _roles(rule, value, QUORUM[rule])
    else:
        wanted = _switch(rule, value) if rule == SELF else _number(rule, value)
    return [] if rules.value(rule) == wanted else [HouseRuleSet(rule=rule, value=wanted)]


def _switch(rule: str, value: str) -> str:
    if value not in {"on", "off"}:
        raise Misused("rule.value", f"{rule} is on or off, not {value[:100]!r}")
    return value


def _number(rule: str, value: str) -> str:
    """A number without leading zeros, or ``off``."""
    if value == "off":
        return value
    number = int(value) if value.isascii() and value.isdecimal() and len(value) <= len(str(MOST)) else 0
    if not 1 <= number <= MOST:
        raise Misused("rule.value", f"{rule} is a number from 1 to {MOST}, or off, not {value[:100]!r}")
    return str(number)


def _roles(rule: str, value: str, subject: Subject) -> str:
    """Roles in their canonical form."""
    words, may = [word.strip() for word in value.split(",")], MAY[JUDGED[subject]]
    if words == ["none"]:
        return "none"
    wrong = [word for word in words if word not in may]
    if wrong:
        raise Misused("rule.value", f"{rule}: {wrong[0][:100]!r} approves no {subject}; {', '.join(may)} do, or none")
    return ",".join(role for role in ROLES if role in words)
