"""Explanation of a sound: a tree of its sources and decisions, with who decided, when and why.

Tests: ``tests/orchestrator/cli/test_release.py``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from domain.booking.session_events import SessionBooked
from domain.completion.signed_outputs import outputs_of_master
from domain.core.address import Address, clock, frames_of
from domain.core.event import Event, Recorded
from domain.core.frames import Range
from domain.core.ids import record_of, slug_of, song_of
from domain.core.refusal import NotFound
from domain.label.corrections import Correction, TakeMoved
from domain.label.curtain import sees
from domain.masters.masters import MasterPlanned, Masters
from domain.mixes.mixes import FromOutside, Mixes, MixRevised
from domain.mixes.versions import VersionSummed, null_line
from domain.recipe import midi_words
from domain.song.arrangement import SongArranged
from domain.song.edit_orders import is_of_another_order
from domain.song.passes import BasicSet
from domain.status.chosen_mixes import mix_remark
from domain.status.master_status import MasterFile, master_files, master_status
from domain.status.note_list import NumberedNote, notes_of, notes_on
from domain.status.record_state import RecordState, mix_inputs, mix_prints, mix_status, parts_of, summed_versions
from domain.status.reproducibility import not_reproducible
from domain.status.review.ratings import SoundRated
from domain.status.undo import effective_events
from domain.status.verdicts import VerdictGiven
from domain.takes.midi_takes import MidiPlayed
from domain.takes.outside_comps import CompSubmitted
from domain.takes.take_edits import NOTHING, Edits, TakeEdited, edited, in_words
from domain.takes.takes import CompSet, Take, TakeIngested, TakeJudged
from domain.takes.takes_at_time import takes_at
from orchestrator.desk.addressing.addresses import noun_of
from orchestrator.desk.addressing.register import EVERYBODY, everybody
from orchestrator.desk.addressing.times import shown
from orchestrator.desk.booking.booking import sessions_of
from orchestrator.desk.curtain import shown_status, shown_verdict
from orchestrator.desk.masters.references import describe_match
from orchestrator.desk.mixes.impulses import describe_impulse
from orchestrator.desk.record_state.note_rows import note_lines
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.desk.record_state.signoff_list import given_in, signoff_lines, signoff_query
from orchestrator.desk.record_state.sound_ratings import recorded_ratings
from orchestrator.studio import Studio

NEAR_S: Final = 2
"""Greatest distance in seconds of a note from the given song time."""


@dataclass(slots=True)
class Branch:
    """A node of the tree: a sound or group of sounds, facts about it, and the sources it was made from."""

    what: str
    facts: list[str] = field(default_factory=list)
    made_from: list["Branch"] = field(default_factory=list)

    def lines(self, depth: int = 0) -> Iterator[str]:
        """The tree as indented lines."""
        yield "  " * depth + " ".join(self.what.split())
        for fact in self.facts:
            yield "  " * depth + "· " + " ".join(fact.split())  # a reason may hold line breaks; a fact is one line
        for branch in self.made_from:
            yield from branch.lines(depth + 1)

    def as_dict(self) -> dict[str, Any]:
        """The tree for ``--json``."""
        return {"what": self.what, "facts": self.facts, "made_from": [branch.as_dict() for branch in self.made_from]}


def tree(studio: Studio, address: Address, *, second: str | None = None) -> Branch:
    """The tree behind a take, a part's comp, a mix or a master.

    Args:
        studio: the store.
        address: a full address.
        second: a song time such as ``1:12``; limits the tree to the sound at that time, with the time within each take.

    Raises:
        Misused: ``time``; *second* does not parse.
        NotFound: nothing has this address; ``why.what`` for an address that has no sound of its own.
    """
    read = read_record(studio, address.path[0])
    names = everybody(studio.read(EVERYBODY)).names
    teller = Explanation(
        studio,
        read.state,
        effective_events(read.history),
        sessions_of(studio, address.path[0]),
        names,
        notes_of(read.history, studio.reader),
        second,
        recorded_ratings(studio, address.path[0]),
    )
    noun, number = noun_of(address), address.revision[1] if address.revision else 0
    if noun == "master":
        return teller.master(address.path[0], number)
    if noun == "mix":
        return teller.mix("/".join(address.path), number)
    if noun == "part":
        branch = teller.comp("/".join(address.path))
        branch.facts += teller.arranged("/".join(address.path[:2]))
        return branch
    if noun == "take":
        return teller.take("/".join(address.path), address.take or 0)
    raise NotFound("why.what", f"{address} has no sound of its own: name a take, a part, a mix or a master")


@dataclass(frozen=True, slots=True)
class Explanation:
    """Builds trees for one record from its events."""

    studio: Studio
    state: RecordState
    history: list[Recorded[Event]]
    sessions: list[SessionBooked]
    names: Mapping[str, str]
    """People's names by their ids."""
    notes: list[NumberedNote]
    """The notes of the record that the reader may see."""
    second: str | None = None
    """The given song time, as typed; None for the whole sound."""
    ratings: Sequence[Recorded[SoundRated]] = ()
    """The ratings in the record that the reader may see."""

    def master(self, record: str, number: int) -> Branch:
        """A master: its plan, its files, its mixes."""
        master = self.state.masters.get(record, Masters()).master(record, number)
        status = master_status(self.state, record, number)
        branch = Branch(f"{record}@master{number}: {shown_status(self.studio, status)}")
        came = f"taken in from {master.outside.maker}" if master.outside else "planned"
        branch.facts += [self._by(came, one) for one in self._of(MasterPlanned) if one.event == master]
        branch.facts += self._verdicts(f"{record}@master", f"master{number}", "")
        for output in outputs_of_master(self.state, master):
            branch.facts += self._signed(record, output.target, output.hash)
        branch.facts += self._ratings(f"{record}@master{number}")
        branch.facts += filter(None, [status.remark])
        branch.facts += self._corrections(record, f"{record}@master{number}")
        for file in master_files(self.state, master):
            if master.reference and file.number == 1:
                branch.facts.append(f"{file.target}: matched to {describe_match(master.reference, file.curve)}")
            branch.facts.append(f"{file.target} {file.number:02d} {slug_of(file.song)}: {_made(file)}")
        branch.made_from = [self.mix(bound.song, bound.revision) for bound in master.songs]
        return branch

    def mix(self, song: str, number: int) -> Branch:
        """A mix: its revision, its verdicts, its parts."""
        revision = self.state.mixes.get(song, Mixes()).revision(song, number)
        status = mix_status(self.state, song, number)
        told = f"{song}@mix{number}: {shown_status(self.studio, status)}"
        branch = Branch(", ".join(filter(None, [told, mix_remark(self.state, status)])))
        branch.facts += [self._by("revised", one) for one in self._of(MixRevised) if one.event == revision]
        branch.facts += self._verdicts(f"{song}@mix", f"mix{number}", status.output or "")
        branch.facts += self._signed(record_of(song), status.address, status.output or "")
        branch.facts += self._ratings(f"{song}@mix{number}")
        branch.facts += self._corrections(song, f"{song}@mix{number}")
        if isinstance(revision.made, FromOutside):
            branch.facts.append(f"made outside by {revision.made.maker}, bytes kept")
        else:
            branch.facts += [
                f"{print_.name}: {print_.sound.pcm[:12]}" for print_ in mix_prints(self.state, song, number)
            ]
            branch.facts += [describe_impulse(impulse) for impulse in revision.made.impulses]
            branch.facts += not_reproducible(self.state, song, number)
            missing = mix_inputs(self.state, song, revision).missing
            branch.facts += [f"no keeper of {part}" for part in missing]
        branch.facts += self._summed(song, number)
        branch.facts += self.arranged(song)
        branch.facts += self._notes(f"{song}@mix{number}", song)
        branch.made_from = [self.comp(f"{song}/{part}") for part in parts_of(self.state, revision)]
        return branch

    def _summed(self, song: str, number: int) -> list[str]:
        """The versions summed from a mix's current stems: who summed each, of which stems, and their null."""
        today = summed_versions(self.state, song, number)
        return [
            f"{one.event.version} ({' + '.join(stem.name for stem in one.event.stems)}): "
            f"{self._by('summed', one)}; {null_line(one.event)}"
            for one in self._of(VersionSummed)
            if one.event in today
        ]

    def comp(self, part: str) -> Branch:
        """A part's comp: the ranges of each take in it, and the takes."""
        there = self.state.catalog.part(part)
        player = f", {self.names.get(there.player, there.player)}" if there.player else ""
        branch = Branch(f"{part} ({there.name}{player})")
        self._brought(branch, part)
        used = self._painted(branch, part) if self.second is None else self._sounding(branch, part)
        branch.facts += [self._by("comp set", one) for one in self._of(CompSet) if one.event.part == part]
        branch.facts += self._basic(part)
        branch.facts += self._corrections(part)
        branch.made_from = [self.take(part, number) for number in used]
        return branch

    def _brought(self, branch: Branch, part: str) -> None:
        """Add to *branch* the outside comp in force, or the fact that none of them holds any more."""
        sound = self.state.sound(part)
        rules = sound.submitted if sound else None
        for one in self._of(CompSubmitted):
            if one.event.part == part:
                branch.facts.append(self._by(f"edit taken in from {one.event.maker}", one))
        if rules:
            tracks = ", ".join(f"{track.name} {track.sound.pcm[:12]}" for track in rules.tracks)
            branch.facts.append(f"edited outside by {rules.maker}, bytes kept: {tracks}")
            branch.facts.append(f"{rules.maker} worked from the following; only the files show how it was edited")
        elif sound and sound.arranged:
            maker = sound.arranged.submitted.maker
            branch.facts.append(
                f"edited outside by {maker} for another order of the song, and put into the present one"
            )
            branch.facts.append(f"{maker} worked from the following; only the files show how it was edited")
        elif submitted := self.state.submitted.get(part):
            branch.facts.append(f"no edit made outside holds any more: {self._lapse(part, submitted[-1])}")

    def _lapse(self, part: str, submitted: CompSubmitted) -> str:
        """The reason why *submitted*, the last edit of *part* made outside, no longer sounds."""
        song, comp, takes = song_of(part), self.state.comp(part), self.state.takes_of(part)
        rows = [one.event.row for one in self._of(SongArranged) if one.event.song == song]
        rows += [submitted.order] if submitted.order else []  # one that was undone is not among those of the song
        if is_of_another_order(submitted, comp, takes, self.state.arrangement(song), rows):
            return f"the song's sections are in another order than {submitted.maker} was given"
        return "the takes in use have changed since"

    def _painted(self, branch: Branch, part: str) -> Sequence[int]:
        """Add the whole comp to *branch*; return the numbers of its takes."""
        comp, takes = self.state.comp(part), self.state.takes_of(part)
        for layer in comp.sounding_layers(takes):
            for stroke in layer:
                if stroke.take:
                    rate = takes.takes[stroke.take].rate
                    branch.facts.append(f"{clock(stroke.start, rate)}-{clock(stroke.end, rate)} take {stroke.take}")
        for start, end in comp.gaps(takes):
            rate = takes.takes[comp.used[0]].rate
            branch.facts.append(f"{clock(start, rate)}-{clock(end, rate)} silence: no take is set there (comp.gap)")
        return comp.used

    def _sounding(self, branch: Branch, part: str) -> Sequence[int]:
        """Add the takes that sound at *second* to *branch*; return their numbers."""
        recipe = self.state.edit(part)
        if recipe is None:
            return ()
        heard = list(takes_at(recipe, frames_of(self.second or "", recipe.rate)))
        branch.facts += [f"take {one.span.take}, at its own {clock(max(0, one.frame), recipe.rate)}" for one in heard]
        branch.facts += [] if heard else ["silence"]
        return [one.span.take for one in heard]

    def take(self, part: str, number: int) -> Branch:
        """A take: its source, its edits and its verdicts."""
        take = self.state.takes_of(part).take(part, number)
        branch = Branch(f"{part}/{number}: {shown_verdict(self.studio, take.verdict, record_of(part)) or 'not judged'}")
        for one in self._of(TakeIngested):
            if one.event.take == take.ingested.take:
                files = ", ".join(dict.fromkeys(track.file for track in one.event.tracks))
                branch.facts.append(self._by(f"ingested from {files[:200]}", one))
        branch.facts += [
            self._by(f"played by {midi_words(one.event.recipe)}", one)
            for one in self._of(MidiPlayed)
            if one.event.take == take.ingested.take
        ]
        branch.facts += [
            self._by(f"moved from {one.event.take}", one)
            for one in self._of(TakeMoved)
            if one.event.to == take.ingested.take
        ]
        branch.facts += filter(None, [take.lossy_remark])
        branch.facts += self._session(take.ingested)
        branch.facts += [f"take check: {warning}" for warning in take.ingested.warnings]
        branch.facts += [f"note {line}" for line in note_lines(self.state, notes_on(self.notes, take.ingested.take))]
        branch.facts += self._edits(take)
        for judged in self._of(TakeJudged):
            if judged.event.take == take.ingested.take:
                span = judged.event.range
                where = f" {clock(span.start, take.rate)}-{clock(span.end, take.rate)}" if span else ""
                branch.facts.append(self._by(f"{judged.event.verdict}{where}", judged))
        branch.facts += self._ratings(take.ingested.take)
        return branch

    def _basic(self, part: str) -> list[str]:
        """Facts about the passes that a part was cut from."""
        song, slug = song_of(part), slug_of(part)
        found = []
        for one in self._of(BasicSet):
            if one.event.song == song and any(slug in piece.takes for piece in one.event.pieces):
                passes = ", ".join(
                    f"{' '.join(section.name for section in piece.sections)} of pass {piece.pass_number}"
                    for piece in one.event.pieces
                )
                found.append(self._by(f"band comp from {passes}", one))
        return found

    def arranged(self, song: str) -> list[str]:
        """The song's running order and the edits that led to it; empty if it was never edited as a whole."""
        there = self.state.arrangement(song)
        if not there.stretches:
            return []
        edits = [one for one in self._of(SongArranged) if one.event.song == song]
        return [f"running order: {' '.join(there.row)}"] + [
            self._by(f"{one.event.section or 'the song'} {one.event.deed}", one) for one in edits
        ]

    def _notes(self, address: str, song: str) -> list[str]:
        """Facts about the notes on *address* and, with a *second*, about notes on the *song* near that time."""
        set_, notes = self.state.catalog.song(song).clock, self.notes
        found = notes_on(notes, address)
        if self.second is not None and set_ is not None:
            frame = frames_of(self.second, set_.rate)
            found = [
                note for note in notes
                if note.added.song == song and note.added.at is not None
                and abs(note.added.at - frame) <= NEAR_S * set_.rate
            ]  # fmt: skip
        return [f"note {line}" for line in note_lines(self.state, found)]

    def _edits(self, take: Take) -> Iterator[str]:
        """Yield a fact for each edit of a take, with the edits in force after it."""
        edits: Edits = {}
        for one in self._of(TakeEdited):
            if one.event.take == take.ingested.take:
                edits, place = edited(edits, one.event), one.event.range
                done = ", ".join(in_words(edits.get(place, NOTHING), take.rate)) or "as recorded"
                yield self._by(f"edited{_where(take, place)}: {done}", one)

    def _session(self, take: TakeIngested) -> list[str]:
        told = f", recorded {take.recorded_on}" if take.recorded_on else ""
        for booked in self.sessions:
            if booked.session == take.session:
                begin = shown(self.studio, booked.slots[0].start)
                return [f"session {booked.session} in {', '.join(booked.resources)}, {begin}{told}"]
        return [told.removeprefix(", ")] if told else []

    def _verdicts(self, subject: str, revision: str, output: str) -> list[str]:
        """Facts about the verdicts on a revision, or on another revision with its present output."""
        own = [one for one in self._of(VerdictGiven) if one.event.subject == subject]
        found = [one for one in own if one.event.revision == revision or one.event.output == output]
        return [self._by(_verdict(one.event), one) for one in found]

    def _ratings(self, address: str) -> list[str]:
        """Facts about how much the sound at *address* moved people."""
        return [self._by(one.event.in_words, one) for one in self.ratings if one.event.target == address]

    def _corrections(self, *entries: str) -> list[str]:
        """Facts about the corrections of *entries*: renamed, removed, shelved, restored or edited."""
        found = (one for one in self.history if isinstance(one.event, Correction) and one.event.address in entries)
        return [self._by(one.event.describe(), one) for one in found]

    def _signed(self, record: str, target: str, hash_: str) -> list[str]:
        """Facts about each yes to an output in a sign-off."""
        history = given_in(self.studio.read(signoff_query(record)))
        return [self._by(words, one) for words, one in signoff_lines(history, target, hash_)]

    def _of(self, kind: type[Any]) -> list[Recorded[Any]]:
        reader = self.studio.reader
        return [one for one in self.history if isinstance(one.event, kind) and sees(reader, one.event)]

    def _by(self, what: str, recorded: Recorded[Event]) -> str:
        why = f': "{recorded.why}"' if recorded.why else ""
        return f"{what} by {recorded.who}, {shown(self.studio, recorded.recorded_at)}, #{recorded.position}{why}"


def _verdict(given: VerdictGiven) -> str:
    word = f"{given.verdict} as an alternate" if given.alternate else given.verdict
    return f"{word} as {given.role}, {given.revision}, output {given.output[:12]}"


def _made(file: MasterFile) -> str:
    if file.sound is None:
        return "not rendered"
    loudness = file.measures.get("integrated_lufs")
    measured = f"{loudness} LUFS, {file.measures.get('true_peak_dbtp')} dBTP" if loudness else "silence"
    report = file.report
    by = f"engine {report.engine.takesheet} epoch {report.epoch}" if report else "made outside, bytes kept"
    return f"{measured}, {file.sound.pcm[:12]}, {by}"


def _where(take: Take, place: Range | None) -> str:
    """The edited range of a take in song time, at the take's present position; empty for the whole take."""
    if place is None:
        return ""
    start, end = (clock(max(0, take.begins + frame), take.rate) for frame in (place.start, place.end))
    return f" {start}-{end}"
