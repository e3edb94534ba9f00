"""Stages of songs."""

from collections.abc import Mapping
from typing import Final

from domain.completion import song_stages
from domain.core.event import Event
from domain.label.stages import STAGES
from tests.domain.cases.case import Case, Decide
from tests.domain.paper import ROOF, Paper, take, tin_roof


def with_event(paper: Paper, event: Event) -> Paper:
    """A paper with one event more."""
    more = Paper(list(paper.history))
    more.say(event)
    return more


RECORDED: Final = tin_roof()
RECORDED.say(take(1))

CASES: Final[Mapping[Decide, Case]] = {
    song_stages.set_stage: Case(
        RECORDED,
        with_event,
        [
            {"song": ROOF, "stage": stage, "opening": opening, "reason": "anew"}
            for stage in STAGES
            for opening in (False, True)
        ],
        lambda paper, **command: song_stages.set_stage(paper.state, **command),
    ),
}
