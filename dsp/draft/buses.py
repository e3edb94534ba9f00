"""The buses of a first mix: who is grouped with whom, and the rooms that are sent to."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dsp.draft.balance import Drafted

GLUE = "compressor = { threshold_db = -18, ratio = 2, attack_ms = 30, release_ms = 150 }"
FAMILIES = {"drums": "drum-bus", "vocals": "vocal-bus"}
COMMENTS = {
    "drums": "All drums together; the compressor holds them as one.",
    "vocals": "All voices together: one fader for them against the band.",
}
REVERBS = {
    "room": """\
# One room for all that send to it.
[buses.room]
high_pass_hz = 200
reverb = { size = 0.5, damping = 0.5, width = 1, pre_delay_ms = 20 }
""",
    "plate": """\
# Brighter and longer, for what stands in front.
[buses.plate]
high_pass_hz = 300
reverb = { size = 0.7, damping = 0.25, width = 1, pre_delay_ms = 35 }
""",
}


@dataclass(frozen=True, slots=True)
class Buses:
    """What a draft groups.

    Attributes:
        groups: family to the group's name, for each family of two parts or more.
        of: the group of each part that has one.
        lead: the parts that sing the song.
        backing: those that sing with it.
    """

    groups: Mapping[str, str]
    of: Mapping[str, str]
    lead: tuple[str, ...]
    backing: tuple[str, ...]


def buses_of(strips: Sequence[Drafted]) -> Buses:
    """The groups of a draft's strips; one part alone needs none, for its own strip is its bus."""
    roles: dict[str, set[str]] = {}
    families: dict[str, set[str]] = {}
    for strip in strips:
        if not strip.group:
            roles.setdefault(strip.part, set()).add(strip.role.name)
            families.setdefault(strip.part, set()).add(strip.role.family)
    parts = {family: sorted(part for part in families if families[part] == {family}) for family in FAMILIES}
    groups = {family: _free(FAMILIES[family], families) for family, members in parts.items() if len(members) > 1}
    of = {part: name for family, name in groups.items() for part in parts[family]}
    backing = tuple(part for part in parts["vocals"] if "vocal" not in roles[part])
    return Buses(groups, of, tuple(part for part in parts["vocals"] if part not in backing), backing)


def _free(name: str, taken: Mapping[str, object]) -> str:
    """*name*, or with the first number that no part has in its name."""
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    return free


def voices(buses: Buses) -> Iterator[str]:
    """Who sings, and what can be printed with and without them; nothing of it is printed unasked."""
    for field, parts in (("lead_vocals", buses.lead), ("backing_vocals", buses.backing)):
        if parts:
            yield f"{field} = {json.dumps(list(parts), ensure_ascii=False)}"
    kinds = ["stems", "listen"]
    kinds += ["instrumental", "a-cappella"] if buses.lead or buses.backing else []
    kinds += ["tv"] if buses.lead and buses.backing else []
    yield f"# prints = {json.dumps(kinds)}"


def groups(buses: Buses) -> Iterator[str]:
    """The groups, as TOML."""
    for family, name in buses.groups.items():
        glue = f"{GLUE}\n" if family == "drums" else ""
        yield f"# {COMMENTS[family]}\n[groups.{name}]\n{glue}"


def key(name: str) -> str:
    """A key of TOML: bare where it may be, else quoted as a basic string, whose escapes are JSON's."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)
