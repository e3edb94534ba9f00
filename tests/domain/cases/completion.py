"""Stages and their durations, briefs, facts of songs, splits, templates, and ideas."""

from collections.abc import Mapping
from typing import Final

from domain.completion import song_stages, templates
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.label import briefs, catalog, stage_durations
from domain.label.catalog import Catalog, CatalogEvent
from domain.label.stage_durations import StageDurations
from domain.label.stages import STAGES
from domain.song import ideas, song_facts, splits
from domain.song.ideas import IdeaCaptured, Ideas
from domain.song.song_facts import SongChanges, SongFile
from domain.song.splits import Splits, SplitsProposed
from tests.domain.cases.case import Case, Decide, appended, latest
from tests.domain.paper import ROOF, Paper, sha, take, tin_roof


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
    briefs.write_brief: Case(
        None,
        latest,
        [
            {"record": "night-bus", "by": by, "intent": intent, "audience": audience}
            for by in ("pat", "ann")
            for intent in (None, "", "the last bus")
            for audience in (None, "night workers")
        ],
    ),
    song_facts.describe_song: Case(
        None,
        latest,
        [
            {"song": ROOF, "changes": SongChanges(key=key, files=files, without=without)}
            for key in (None, "", "Am")
            for files in ((), (SongFile(role="chart", name="a.pdf", blob=sha("a"), size=9),))
            for without in ((), ("b.pdf",))
        ],
    ),
    stage_durations.set_durations: Case(
        StageDurations(),
        stage_durations.evolve,
        [
            {"record": record, "days": days}
            for record in (None, "night-bus")
            for days in ({"mixing": 2}, {"mixing": 3, "recording": 1})
        ],
    ),
    splits.propose_splits: Case(
        Splits(),
        splits.evolve,
        [
            {"song": ROOF, "shares": shares, "by": "pat"}
            for shares in ({"ann": 10_000}, {"ann": 5_000, "lou": 5_000}, {"ann": 3_000, "lou": 7_000}, {"ann": 1})
        ],
    ),
    splits.agree_splits: Case(
        splits.evolve(Splits(), SplitsProposed(song=ROOF, shares={"ann": 5_000, "lou": 5_000}, by="pat")),
        splits.evolve,
        [
            {"song": ROOF, "person": person, "proposal": hash_, "by": by, "evidence": evidence}
            for person in ("ann", "lou", "pat")
            for hash_ in (None, "0")
            for by, evidence in ((None, None), ("pat", sha("letter")), ("pat", None))
        ],
    ),
    templates.open_from_template: Case(
        (),
        appended,
        [
            {
                "template": templates.read_template(templates.BUILT_IN[name], name),
                "title": "Tide",
                "artist": "Ann",
                "currency": "EUR",
                "titles": titles,
            }
            for name in ("single", "ep")
            for titles in ((), ("High Water", "Low Water"))
        ],
        lambda events, **command: templates.open_from_template(
            fold_events(catalog.evolve, Catalog(), (one for one in events if isinstance(one, CatalogEvent))), **command
        ),
    ),
    ideas.capture_idea: Case(
        Ideas(),
        ideas.evolve,
        [
            {"sort": sort, "by": "pat", "text": text, "title": title}
            for sort in ("text", "chords")
            for text in ("Am F C G", "under the tin roof ", " ")
            for title in ("", "Roof")
        ],
    ),
    ideas.promote_idea: Case(
        ideas.evolve(Ideas(), IdeaCaptured(idea="I1", sort="text", text="under the tin roof", by="pat")),
        ideas.evolve,
        [{"idea": idea, "song": song} for idea in ("I1", "i1", "I2") for song in (ROOF, "night-bus/other")],
    ),
}
