"""Random decisions of a production in any order, for properties that hold for every history."""

from collections.abc import Callable
from contextlib import suppress

from hypothesis import strategies as st

from domain.core.event import Event
from domain.core.refusal import Refusal
from domain.label.catalog import PartAdded
from domain.label.catalog_edits import rename_entry, restore_entry, take_entry_away
from domain.label.corrections import Absence
from domain.label.notes import NoteAdded, note
from domain.mixes.mixes import Mixes, submit
from domain.render.jobs import Named, RenderAsked
from domain.status.revision_edits import rename_revision, restore_revision, take_revision_away
from domain.takes.moved_takes import move_take
from domain.takes.take_verdicts import set_comp
from domain.takes.takes import ingest
from tests.domain.night_shift import RECORD, NightShift
from tests.domain.paper import DRUMS, ROOF, sound, spans, take, tin_roof, track
from tests.domain.production import Production

Wish = Callable[[Production], list[Event]]
PARTS = st.sampled_from([DRUMS, f"{ROOF}/choir"])
TAKES = st.integers(1, 3)


def judging(part: str, number: int, verdict: str) -> Wish:
    return lambda paper: paper.judge(f"{part}/{number}", verdict)


def painting(part: str, number: int, first: int, length: int) -> Wish:
    return lambda paper: paper.judge(f"{part}/{number}", "approved", (first, first + length))


def setting(part: str, painted: dict[int, int | None]) -> Wish:
    def wish(paper: Production) -> list[Event]:
        state = paper.state
        takes, judged = state.takes_of(part), state.judgements.get(part, ())
        return said(paper, set_comp(takes, judged, part=part, spans=spans(painted), by="pat", role="producer"))

    return wish


def taking(part: str, number: int) -> Wish:
    def wish(paper: Production) -> list[Event]:
        tracks = (track("one", part, number),)
        return said(paper, ingest(paper.state.takes_of(part), part=part, tracks=tracks, bits=24, starts_at=number)[1])

    return wish


def revising(gain: int, part: str) -> Wish:
    return lambda paper: paper.revise(f"[strips.{part.rpartition('/')[2]}]\ngain_db = {gain}\n")


def submitting(words_: int) -> Wish:
    def wish(paper: Production) -> list[Event]:
        state = paper.state
        given_ = {"drums": plan} if (plan := state.edit_plan(DRUMS)) else {}
        prints = (Named(name="main", sound=sound(words_, channels=2)),)
        mixes, song = state.mixes.get(ROOF, Mixes()), state.catalog.song(ROOF)
        return said(paper, submit(mixes, song, prints=prints, maker="Lou", given=given_))

    return wish


def hearing(number: int, verdict: str) -> Wish:
    return lambda paper: paper.verdict(paper.mix(number), verdict)


def finishing(verdict: str) -> Wish:
    return lambda paper: paper.verdict(paper.master(), verdict)


def planning(*, as_mixed: bool) -> Wish:
    return lambda paper: paper.plan("cd", as_mixed=as_mixed)


def noting(text: str) -> Wish:
    def wish(paper: Production) -> list[Event]:
        known = [recorded.event for recorded in paper.history if isinstance(recorded.event, NoteAdded)]
        return said(paper, note(DRUMS, text=text, by="pat", known=known))

    return wish


def moving(part: str, number: int, to: str) -> Wish:
    def wish(paper: Production) -> list[Event]:
        state = paper.state
        new = move_take(state.takes_of(part), state.takes_of(to), take=f"{part}/{number}", part=to)[1]
        return said(paper, list(new))

    return wish


def renaming(entry: str, title: str) -> Wish:
    if "@" in entry:
        return lambda paper: said(paper, rename_revision(paper.state, entry, title=title))
    return lambda paper: said(paper, rename_entry(paper.state.catalog, entry, title=title))


def leaving(entry: str, absence: Absence) -> Wish:
    if "@" in entry:
        return lambda paper: said(paper, take_revision_away(paper.state, entry, absence=absence))
    return lambda paper: said(paper, take_entry_away(paper.state.catalog, entry, absence=absence, reason="no"))


def restoring(entry: str) -> Wish:
    if "@" in entry:
        return lambda paper: said(paper, restore_revision(paper.state, entry))
    return lambda paper: said(paper, restore_entry(paper.state.catalog, entry, reason="yes"))


def said(paper: Production, events: list[Event]) -> list[Event]:
    paper.say(*events)
    return events


VERDICTS = st.sampled_from(["approved", "rejected", "held"])
WISHES: st.SearchStrategy[Wish] = st.one_of(
    st.builds(judging, PARTS, TAKES, st.sampled_from(["approved", "kept", "held", "rejected"])),
    st.builds(painting, PARTS, TAKES, st.integers(0, 9), st.integers(1, 9)),
    st.builds(setting, PARTS, st.just({0: 1, 5: None, 7: 2})),
    st.builds(taking, PARTS, TAKES),
    st.builds(moving, PARTS, TAKES, PARTS),
    st.builds(revising, st.integers(0, 1), PARTS),
    st.builds(submitting, st.integers(0, 1)),
    st.builds(hearing, st.integers(1, 3), VERDICTS),
    st.builds(finishing, VERDICTS),
    st.builds(planning, as_mixed=st.booleans()),
    st.builds(noting, st.sampled_from(["late", "early"])),
)
ENTRIES = st.sampled_from([RECORD, ROOF, DRUMS, f"{ROOF}/choir"])
REVISIONS = st.sampled_from([f"{ROOF}@mix1", f"{ROOF}@mix2", f"{RECORD}@master1"])
CORRECTIONS: st.SearchStrategy[Wish] = st.one_of(
    st.builds(renaming, ENTRIES | REVISIONS, st.sampled_from(["Roof", "Drums", "Bus"])),
    st.builds(leaving, ENTRIES | REVISIONS, st.sampled_from(["removed", "shelved"])),
    st.builds(leaving, st.sampled_from([RECORD, ROOF]), st.just("dropped")),
    st.builds(restoring, ENTRIES | REVISIONS),
)
ACTS = st.lists(WISHES | CORRECTIONS | st.sampled_from(["undo", "night", "again", "fail"]), max_size=10)


def studio() -> Production:
    parts = (PartAdded(part=DRUMS, name="Drums"), PartAdded(part=f"{ROOF}/choir", name="Choir", stack=True))
    paper = Production(tin_roof(*parts).history)
    paper.say(take(1), take(2), take(1, f"{ROOF}/choir"), take(2, f"{ROOF}/choir"))
    paper.judge(f"{DRUMS}/1", "approved")
    paper.revise()
    night = NightShift(paper)
    night.work()
    paper.verdict(paper.mix())
    paper.plan("cd", as_mixed=False)
    night.work()
    return paper


def act(paper: Production, night: NightShift, wish: Wish | str) -> None:
    """Carry out *wish* if the rules allow it; repeated, the decision must yield nothing new."""
    with suppress(Refusal):
        match wish:
            case "undo":
                paper.undo()
            case "night":
                night.work()
            case "again":
                paper.say(RenderAsked(record=RECORD, plans=tuple(list(paper.state.reports)[:1])))
            case "fail":
                for song in night.owes().songs:
                    for job in song.edits:
                        night.fail(job)
            case _:
                wish(paper)
                assert granted_again(paper, wish) == []


def granted_again(paper: Production, wish: Wish) -> list[Event] | str:
    try:
        return wish(paper)
    except Refusal as refusal:
        return f"a decision that was just granted is refused: {refusal}"
