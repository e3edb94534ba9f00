"""Groups and effect buses of the draft mix."""

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
    """Groups and vocal parts of a draft.

    Attributes:
        groups: name of the group by family, for families of two parts or more.
        of: name of the group by part.
        lead: lead vocal parts.
        backing: backing vocal parts.
    """

    groups: Mapping[str, str]
    of: Mapping[str, str]
    lead: tuple[str, ...]
    backing: tuple[str, ...]


def buses_of(strips: Sequence[Drafted]) -> Buses:
    """The groups of a draft's strips; a single part needs no group."""
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
    """*name*, or *name* with the first number that makes it unique."""
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    return free


def voices(buses: Buses) -> Iterator[str]:
    """TOML lines that name the vocal parts, and a commented-out list of possible prints."""
    for field, parts in (("lead_vocals", buses.lead), ("backing_vocals", buses.backing)):
        if parts:
            yield f"{field} = {json.dumps(list(parts), ensure_ascii=False)}"
    kinds = ["stems", "listen"]
    kinds += ["instrumental", "a-cappella"] if buses.lead or buses.backing else []
    kinds += ["tv"] if buses.lead and buses.backing else []
    yield f"# prints = {json.dumps(kinds)}"


def groups(buses: Buses) -> Iterator[str]:
    """TOML tables of the groups."""
    for family, name in buses.groups.items():
        glue = f"{GLUE}\n" if family == "drums" else ""
        yield f"# {COMMENTS[family]}\n[groups.{name}]\n{glue}"


def key(name: str) -> str:
    """A key of TOML: bare if possible, else a basic string, whose escapes are those of JSON."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)
