"""The events of one song of a generated label: parts, takes, comps, edits, renders on paper, mixes and verdicts.

Every event is the result of a decision of the domain on the state after the events before it.  Renders are only
reports, with the plans that the state requires; audio consists of hashes alone, in no vault.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from typing import Final

from domain.core.event import Event
from domain.core.frames import Range
from domain.core.ids import number_of, part_of, record_of, slug_of
from domain.label import catalog, catalog_additions
from domain.label.catalog import Catalog
from domain.label.notes import Visibility, note
from domain.mixes import mixes, rough_mix
from domain.mixes.mixes import Mixes, MixRevised
from domain.recipe import MidiRecipe
from domain.render.jobs import (
    EditJob,
    Named,
    RenderAsked,
    Rendered,
    RenderFailed,
    Report,
    SongJob,
    Sound,
    key,
    mix_plan,
    subject_of,
)  # fmt: skip
from domain.song import arrangement, band_comp, lyrics, song_edit
from domain.song.band_comp import BandParts
from domain.song.form import Section, read_sections
from domain.song.lyrics import LineTime, Lyrics
from domain.song.song_edit import SongEdit
from domain.song.tempo import read_tempo_map
from domain.status import verdicts
from domain.status.due_renders import RenderNeed, due_renders
from domain.status.record_fold import RecordFold
from domain.status.record_state import RecordState, mix_inputs, mix_status
from domain.status.verdicts import Verdict
from domain.takes import midi_takes, outside_comps, take_edits, take_verdicts
from domain.takes.midi_takes import MidiPlayed
from domain.takes.outside_comps import CompSubmitted
from domain.takes.take_edits import Change
from domain.takes.takes import CompSpan, TakeIngested, TakeVerdict, Track
from tests.orchestrator.generated_material import (
    BAND,
    BY_SLUG,
    PARTS,
    RATE,
    ROBOT,
    Decision,
    Pen,
    Staff,
    edit_outputs,
    mix_outputs,
    recipe_text,
    report_of,
    sha,
    sound,
)


class SongScript:
    """The production of one song; each method yields decisions and folds them into ``state``.

    Args:
        pen: writes the drafts.
        staff: the people who decide.
        song: id of the song.
        state: state of its record, with at least this song in the catalog.
    """

    def __init__(self, pen: Pen, staff: Staff, song: str, state: RecordState) -> None:
        self.pen, self.staff, self.song, self.state = pen, staff, song, state
        self._fold = fold_of(state)
        self.record, self.written, self.main_prints = record_of(song), 0, dict[int, Sound]()
        self.frames = RATE * pen.dice.randint(150, 260)
        self.passes = max(
            (take.ingested.pass_number or 0 for own in state.takes.values() for take in own.takes.values()), default=0
        )
        self._by_producer: Final = {"by": staff.producer, "role": "producer"}

    @property
    def parts(self) -> list[str]:
        """Ids of all parts, guides included."""
        return [f"{self.song}/{part}" for part in self.state.catalog.song(self.song).parts]

    @property
    def non_guides(self) -> list[str]:
        """Ids of the parts that are mixed."""
        return [f"{self.song}/{part}" for part in self.state.catalog.song(self.song).non_guides]

    def _say(self, events: Sequence[Event], by: str, why: str | None = None) -> Iterator[Decision]:
        """One decision, folded into the state; nothing for no events."""
        if events:
            for event in events:
                self._fold.apply(event)
            self.state = self._fold.live
            self.written += len(events)
            yield self.pen.write(events, by, why)

    def _and_back(self, events: Sequence[Event], by: str) -> Iterator[Decision]:
        """One decision and its undo; the state stays."""
        if events:
            decision = self.pen.write(events, by, named=True)
            back = self.pen.taken_back(decision)
            self.written += len(decision) + len(back)
            yield from (decision, back)

    # ---- before the recording

    def plan_parts(self, count: int) -> Iterator[Decision]:
        """Plan the first *count* parts."""
        for part in PARTS[:count]:
            events = catalog_additions.add_part(
                self.state.catalog, song=self.song, name=part.name, instrument=part.name.lower(), guide=part.guide,
                optional=part.optional, stack=part.stack,
            )  # fmt: skip
            yield from self._say(events, self.staff.producer)

    def form(self, *, words: bool) -> Iterator[Decision]:
        """Give the song its sections and tempo, and its lyrics if *words*."""
        bar = 2 * RATE
        names = ("intro", "verse1", "chorus1", "verse2", "chorus2", "bridge", "chorus3")
        step = self.frames // len(names) // bar * bar
        places = [f"{name}={number * step}" for number, name in enumerate(names)]
        sections = read_sections([*places, f"end={self.frames}"], int)
        there = self.state.arrangement(self.song)
        tempo = read_tempo_map([f"{self.pen.dice.randint(70, 150)}"], [])
        yield from self._say(
            arrangement.form(there, song=self.song, sections=sections, tempo=tempo), self.staff.engineer
        )
        if words:
            yield from self._lyrics()

    def _lyrics(self) -> Iterator[Decision]:
        state = Lyrics()
        attached = lyrics.attach(
            state, song=self.song, blob=sha("lyrics", self.song), size=612, file=f"{slug_of(self.song)}.txt", lines=24,
            times=[],
        )  # fmt: skip
        yield from self._say(attached, self.staff.artist)
        times = [LineTime(line=line, at=line * 6 * RATE) for line in range(1, 5)]
        yield from self._say(
            lyrics.time_lines(lyrics.evolve(state, attached[0]), song=self.song, times=times), self.staff.engineer
        )

    # ---- recording

    def play(self, least: int, room: int, *, unjudged: int = 0, session: str | None = None) -> Iterator[Decision]:
        """Record *least* takes or more, up to *room* events of the song, by passes; judge all but the last
        *unjudged*."""
        parts = self._playing()
        for number, part in enumerate(parts):
            if number >= least and self.written + unjudged >= room:
                break
            yield from self._take(part, session)
            yield from self._listen(part)
        for part in islice(parts, unjudged):
            yield from self._take(part, session)

    def _playing(self) -> Iterator[str]:
        """The parts to record next, for ever: all of them first, then the band or one overdub."""
        band = [part for part in self.parts if slug_of(part) in BAND]
        overdubs = [part for part in self.parts if part not in band]
        if not self.state.takes:
            self.passes += 1
            yield from band
            for part in overdubs:
                self.passes += 1
                yield part
        while True:
            if self.pen.dice.random() < 1 / 3:
                self.passes += 1
                yield from band
                continue
            part = self.pen.dice.choice(overdubs)
            for _ in range(self.pen.dice.randint(2, 6)):
                self.passes += 1
                yield part

    def _take(self, part: str, session: str | None) -> Iterator[Decision]:
        song = self.state.catalog.song(self.song)
        if song.clock is None:
            yield from self._say(catalog.set_clock(song, rate=RATE, bits=24, zero=0), self.staff.engineer)
        planned = BY_SLUG[slug_of(part)]
        take = f"{part}/{max(self.state.takes_of(part).takes, default=0) + 1}"
        frames = self.frames - self.pen.dice.randrange(RATE)
        tracks = tuple(
            Track(
                name=name, sound=sound(self.pen.seed, take, name, frames=frames), file=f"{slug_of(take)}.{name}.wav",
                original=sha("midi", take) if planned.midi else None,
            )
            for name in planned.tracks
        )  # fmt: skip
        ingested = TakeIngested(  # as `takes.ingest` makes it, which compares a new take with all earlier ones
            take=take, part=part, tracks=tracks, bits=24, starts_at=0, pass_number=self.passes, session=session,
            warnings=("it clips: 3 samples",) if self.pen.dice.random() < 0.02 else (),
        )  # fmt: skip
        played = midi_takes.play(None, self._midi(take, tracks[0].sound)) if planned.midi else []
        yield from self._say([ingested, *played], self.staff.engineer)

    def _midi(self, take: str, heard: Sound, *, transpose: int = 0) -> MidiPlayed:
        recipe = MidiRecipe(instrument="keys", version=1, transpose=transpose)
        return MidiPlayed(take=take, file=sha("midi", take), size=4711, notes=412, recipe=recipe, sound=heard)

    def _listen(self, part: str) -> Iterator[Decision]:
        """Judge the newest take of *part*, in most cases, and sometimes edit it or write a note."""
        own, dice = self.state.takes_of(part), self.pen.dice
        take = own.takes[max(own.takes)]
        name = take.ingested.take
        if dice.random() < 0.03:
            yield from self._and_back(self._judged(name, "rejected"), self.staff.producer)
        verdict = dice.choices(("kept", "rejected", "held"), (5, 4, 1))[0]
        yield from self._say(self._judged(name, verdict), self.staff.producer)
        if dice.random() < 0.06:
            yield from self.remark(name, at=dice.randrange(self.frames))
        if dice.random() < 0.04:
            change = dice.choice((Change(nudge=240), Change(gain_db=Decimal("1.5")), Change(fade_in=480, fade_out=960)))
            edit = take_edits.edit(take.as_edited, span=None, change=change, **self._by_producer)
            yield from self._say(edit, self.staff.producer)

    def _judged(self, take: str, verdict: TakeVerdict, span: Range | None = None) -> list[Event]:
        part = part_of(take)
        own = self.state.takes_of(part)
        is_new = verdict != "approved" and own.take(part, number_of(take)).verdict is None
        known = () if is_new else self.state.judgements.get(part, ())  # nothing known concerns a new take
        return list(take_verdicts.judge(own, known, take=take, verdict=verdict, span=span, **self._by_producer))

    def remark(self, target: str, *, at: int | None = None, visibility: Visibility | None = None) -> Iterator[Decision]:
        """Write a note about *target*; one in sixty is taken back."""
        by = self.pen.dice.choice((self.staff.producer, self.staff.engineer, self.staff.artist))
        seen = visibility or self.pen.dice.choices(("team", "private", "artist"), (8, 1, 1))[0]
        new = note(target, text=self.pen.text(), by=by, at=at, visibility=seen)
        yield from self._and_back(new, by) if self.pen.dice.random() < 1 / 60 else self._say(new, by)

    def outtakes(self, count: int) -> Iterator[Decision]:
        """Exactly *count* events more that change no sound: takes that are rejected at once, and perhaps a note."""
        parts = [part for part in self.parts if not BY_SLUG[slug_of(part)].midi]
        for number in range(count // 2):
            part = parts[number % len(parts)]
            self.passes += 1
            yield from self._take(part, None)
            take = f"{part}/{max(self.state.takes_of(part).takes)}"
            yield from self._say(self._judged(take, "rejected"), self.staff.producer)
        if count % 2:
            new = note(self.song, text=f"{count // 2} outtakes kept for the box", by=self.staff.engineer)
            yield from self._say(new, self.staff.engineer)

    # ---- editing

    def cut_from_passes(self) -> Iterator[Decision]:
        """Mark two passes of the band and cut the song from them."""
        sections, played = self.state.arrangement(self.song).sections, self._band_passes()
        if not played:
            return
        for number, by in {played[0]: 0, played[-1]: RATE // 4}.items():
            moved = tuple(Section(name=one.name, start=one.start + by, end=one.end + by) for one in sections)
            yield from self._say(band_comp.mark(self._band(), number, moved), self.staff.engineer)
        pieces = [f"@pass{played[0]}:intro-chorus1", f"@pass{played[-1]}:verse2-chorus3"]
        _, basic = band_comp.set_basic(self._band(), pieces, reason=True, **self._by_producer)
        yield from self._say(basic, self.staff.producer, "the second half breathes")

    def _band_passes(self) -> list[int]:
        """Passes whose drums are not rejected, in order."""
        own = self.state.takes_of(f"{self.song}/drums").takes.values()
        return sorted(take.ingested.pass_number or 1 for take in own if take.verdict != "rejected")

    def _band(self) -> BandParts:
        own = {slug_of(part): takes_ for part, takes_ in self.state.takes.items()}
        return BandParts(self.song, RATE, self.state.arrangement(self.song), own)

    def comp(self) -> Iterator[Decision]:
        """Paint every part that is mixed."""
        for part in self.non_guides:
            if not self.state.comp(part).used:  # else the passes say how it sounds
                yield from self._paint(part)
        if self.pen.dice.random() < 0.2:
            wish = SongEdit("repeated", "chorus3")
            edit = song_edit.edit_song(self.state.arrangement(self.song), wish, song=self.song, **self._by_producer)
            yield from self._say(edit, self.staff.producer, "the ending wants to be longer")

    def _paint(self, part: str) -> Iterator[Decision]:
        dice, marked = self.pen.dice, self.state.arrangement(self.song).marks
        own = self.state.takes_of(part).takes.values()
        numbers = sorted(take.number for take in own if take.ingested.pass_number not in marked)
        numbers = numbers or [max(take.number for take in own)]
        best = dice.choice(numbers)
        way = dice.random()
        if len(numbers) > 1 and way < 0.4:
            starts = [0, *sorted(dice.sample(range(RATE, self.frames - 2 * RATE), dice.randint(1, 3)))]
            spans = [CompSpan(start=start, take=dice.choice(numbers)) for start in starts]
            yield from self._say(self._comp_set(part, spans), self.staff.producer, self.pen.text())
            return
        yield from self._say(self._judged(f"{part}/{best}", "approved"), self.staff.producer)
        if len(numbers) > 1 and way < 0.6:
            start = dice.randrange(RATE, self.frames // 2)
            other = dice.choice([number for number in numbers if number != best])
            span = Range(start=start, end=start + self.frames // 4)
            yield from self._say(self._judged(f"{part}/{other}", "approved", span), self.staff.producer)

    def _comp_set(self, part: str, spans: Sequence[CompSpan]) -> list[Event]:
        own, known = self.state.takes_of(part), self.state.judgements.get(part, ())
        return list(take_verdicts.set_comp(own, known, part=part, spans=tuple(spans), **self._by_producer))

    def play_keys_otherwise(self) -> Iterator[Decision]:
        """Transpose a MIDI take that sounds."""
        part = f"{self.song}/keys"
        for number in self.state.comp(part).used[:1]:
            take = self.state.takes_of(part).takes[number]
            assert take.played is not None
            higher = sound(take.played.take, "higher", frames=take.frames)
            new = self._midi(take.played.take, higher, transpose=2)
            yield from self._say(midi_takes.play(take.played, new), self.staff.engineer)

    def edit_outside(self) -> Iterator[Decision]:
        """Bring the lead vocal's comp back from an editor outside."""
        part = f"{self.song}/lead-vocal"
        plan, recipe = self.state.edit_plan(part), self.state.edit(part)
        if plan and recipe:
            tuned = Named(name="u47", sound=sound("tuned", part, plan, frames=recipe.result_frames))
            new = CompSubmitted(part=part, tracks=(tuned,), bits=24, maker="Lou Tuner", given=plan)
            yield from self._say(
                outside_comps.submit(self.state.submitted.get(part, ()), new), self.staff.engineer, "tuned by hand"
            )

    # ---- mixing

    def mix(self, balance: int) -> Iterator[Decision]:
        """Add a revision whose recipe has this *balance*: levels differ with it."""
        song = self.state.catalog.song(self.song)
        text = recipe_text(tuple(song.non_guides), balance)
        new = mixes.revise(self.state.mixes.get(self.song, Mixes()), song, text=text)
        yield from self._say(new, self.staff.mixer, f"balance {balance}: {self.pen.text()}")

    def mix_outside(self) -> Iterator[Decision]:
        """Bring a finished mix of today's comps back from outside."""
        sounds = {slug_of(part): heard for part in self.non_guides if (heard := self.state.sound(part))}
        given = {part: heard.hash for part, heard in sounds.items()}
        print_ = Named(name="main", sound=sound("outside", self.song, *given.values(), frames=self.frames, channels=2))
        song, known = self.state.catalog.song(self.song), self.state.mixes.get(self.song, Mixes())
        self.main_prints[max(known.revisions, default=0) + 1] = print_.sound
        yield from self._say(
            mixes.submit(known, song, prints=(print_,), maker="Studio Elsewhere", given=given), self.staff.producer
        )

    def render(self, *, fails: bool = False) -> Iterator[Decision]:
        """Record the reports of every due render; with *fails*, one fails at first, and somebody asks for it again."""
        need = RenderNeed(self.state)
        for job in due_renders(need, self.record).songs:
            if fails:
                yield from self._fail(job)
            yield from self._rendered(job)

    def _fail(self, job: SongJob) -> Iterator[Decision]:
        first = (*job.edits, *job.mixes)[0]
        failed = RenderFailed(
            record=self.record, song=self.song, job=first.kind, key=key(first.kind, first.plan), failure="input",
            subject=subject_of(first), reason="a track is not in the vault",
        ) if isinstance(first, EditJob) else None  # fmt: skip
        if failed:
            yield from self._say([failed], ROBOT)
            yield from self._say([RenderAsked(record=self.record)], self.staff.engineer, "the disk is back")

    def _rendered(self, job: SongJob) -> Iterator[Decision]:
        edits: dict[str, tuple[Named, ...]] = {}
        for edit in job.edits:
            recipe = self.state.edit(edit.part)
            assert recipe is not None
            edits[slug_of(edit.part)] = outputs = edit_outputs(edit, recipe.result_frames)
            yield from self._report(report_of(edit, edit.plan, outputs))
        for mix in job.mixes:
            inputs = {**mix.inputs, **{part: edits[part] for part in mix.edits}}
            plan = mix_plan(mix.recipe, inputs, mix.impulses)
            report = report_of(mix, plan, mix_outputs(mix, plan, self.frames))
            self.main_prints[mix.revision] = report.outputs[0].sound
            yield from self._report(report)

    def _report(self, report: Report) -> Iterator[Decision]:
        yield from self._say([Rendered(record=self.record, song=self.song, report=report)], ROBOT)

    def judge_mix(self, number: int, verdict: Verdict, *, by: str = "", back: bool = False) -> Iterator[Decision]:
        """Judge a revision that is ready to hear; with *back*, the verdict is taken back."""
        status = mix_status(self.state, self.song, number)
        who = by or self.staff.producer
        new = verdicts.judge(
            self.state.verdicts, status, record=self.record, song=self.song, verdict=verdict, by=who,
            role="artist" if who == self.staff.artist else "producer",
        )  # fmt: skip
        yield from self._and_back(new, who) if back else self._say(new, who, self.pen.text())

    def pin_rough(self, number: int) -> Iterator[Decision]:
        """Pin a revision's main print as the rough mix."""
        main, origin = self.main_prints[number], f"{self.song}@mix{number}"
        new = rough_mix.pin(self.state.roughs.get(self.song), song=self.song, sound=main, origin=origin)
        yield from self._say(new, self.staff.mixer)

    def render_again(self, number: int) -> Iterator[Decision]:
        """Ask for another render of a mix that is rendered already, and record it: another output to hear."""
        revision = self.revision(number)
        assert revision.made.source == "recipe"
        plan = mix_plan(revision.made.text, mix_inputs(self.state, self.song, revision).tracks)
        asked = RenderAsked(record=self.record, target=f"{self.song}@mix{number}", plans=(plan,))
        yield from self._say([asked], self.staff.engineer, "a new machine")
        yield from self.render()

    def revision(self, number: int) -> MixRevised:
        """A mix revision."""
        return self.state.mixes[self.song].revision(self.song, number)


def fold_of(state: RecordState) -> RecordFold:
    """A fold that goes on from *state*."""
    fold = RecordFold()
    for name in (
        "takes", "judgements", "submitted", "arrangements", "mixes", "roughs", "masters", "reports", "failures",
        "again", "subjects",
    ):  # fmt: skip
        getattr(fold.live, name).update(getattr(state, name))
    fold.live = replace(fold.live, catalog=state.catalog, verdicts=state.verdicts)
    return fold


def only(song: str, known: Catalog) -> RecordState:
    """The state of a record of which only *song* is known, and nothing is recorded."""
    return RecordState(catalog=Catalog(records=known.records, songs={song: known.songs[song]}))
