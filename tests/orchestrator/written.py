"""A store whose log is written directly: a whole production, renders included, without any sound."""

from collections.abc import Sequence
from pathlib import Path

from domain.core.event import Event, Recorded
from orchestrator.log.append_condition import Draft
from orchestrator.studio import Studio
from tests.domain.night_shift import NightShift
from tests.domain.production import Production, finished
from tests.orchestrator.label import Label

MIX, MASTER = "night-bus/tin-roof@mix1", "night-bus@master1"


def write(folder: Path, history: Sequence[Recorded[Event]]) -> None:
    """Append *history* to the log, each event under its own actor."""
    with Studio.at(str(folder)) as studio:
        studio.log.append(
            [
                Draft(one.event, one.actor, via=f"{one.actor}@desk", id=one.id, correlation=one.correlation)
                for one in history
            ]
        )


def record(folder: Path, events: Sequence[Event], *, actor: str = "pat") -> None:
    """Append *events* to the log as another program might, without any decision."""
    with Studio.at(str(folder)) as studio:
        studio.log.append([Draft(event, actor, via=f"{actor}@desk") for event in events])


def house(folder: Path) -> Label:
    """A label with the producers pat and lea."""
    label = Label(folder)
    label.does("init", ".", "--label", "Harbour Records", "--currency", "EUR", "--timezone", "Europe/Berlin")
    for name in ("pat", "lea"):
        label.does("user", "add", name, "--role", "producer")
    return label


def production(folder: Path) -> tuple[Label, Production, NightShift]:
    """A label whose record of two songs is mixed, mastered and approved; with its history and renderer, to go on."""
    label = house(folder)
    paper, night = finished()
    write(folder, paper.history)
    return label, paper, night
