"""House rules of the label: who must approve a mix or a master, and whether approval of one's own mix is enough."""

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
RULES: Final[Mapping[str, str]] = {
    "approve.quorum.mix": "roles that must all have approved a mix, such as producer,artist; none: one is enough",
    "approve.quorum.master": "roles that must all have approved a master, such as producer,label; none: one is enough",
    SELF: "on: whoever revised a mix may be the only one who approves it; off: somebody else must, too",
}
"""The house rules, and what their values mean."""
UNSET: Final[Mapping[str, str]] = {"approve.quorum.mix": "none", "approve.quorum.master": "none", SELF: "on"}
"""Values as long as the label sets none."""
JUDGED: Final[Mapping[Subject, Permission]] = {"mix": "judge-mix", "master": "judge-master"}


class HouseRuleSet(Event):
    """The label set one of its rules; verdicts given from then on state what it asked for."""

    kind: Literal["house-rule-set"] = "house-rule-set"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ()
    rule: Annotated[str, StringConstraints(pattern=r"^[a-z]+(?:\.[a-z]+)*$", max_length=100)]
    value: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    """The value in canonical form: roles by priority with commas between them, ``none``, ``on`` or ``off``."""

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


def evolve(rules: HouseRules, event: HouseRuleSet) -> HouseRules:
    """Fold one event into the state; a rule of a newer program is kept and means nothing here."""
    return HouseRules({**rules.values, event.rule: event.value})


def set_rule(rules: HouseRules, rule: str, *, value: str) -> list[HouseRuleSet]:
    """Set *rule* to *value*; the value it has yields no event.

    Args:
        rules: as they are.
        rule: one of ``RULES``.
        value: roles with commas between them, or ``none``, of a quorum; ``on`` or ``off`` of ``approve.self``.

    Raises:
        Misused: ``rule.unknown``; ``rule.value``.
    """
    if rule not in RULES:
        raise Misused(
            "rule.unknown", f"there is no rule {rule[:100]}; there are {', '.join(RULES)}", next=suggest("rule list")
        )
    wanted = _switch(rule, value) if rule == SELF else _roles(rule, value, QUORUM[rule])
    return [] if rules.value(rule) == wanted else [HouseRuleSet(rule=rule, value=wanted)]


def _switch(rule: str, value: str) -> str:
    if value not in {"on", "off"}:
        raise Misused("rule.value", f"{rule} is on or off, not {value[:100]!r}")
    return value


def _roles(rule: str, value: str, subject: Subject) -> str:
    """Roles in their canonical form."""
    words, may = [word.strip() for word in value.split(",")], MAY[JUDGED[subject]]
    if words == ["none"]:
        return "none"
    wrong = [word for word in words if word not in may]
    if wrong:
        raise Misused("rule.value", f"{rule}: {wrong[0][:100]!r} approves no {subject}; {', '.join(may)} do, or none")
    return ",".join(role for role in ROLES if role in words)
