"""Submission of a comp made outside: its files are checked, and it is bound to the edit that its maker was given."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.core.event import Event
from domain.core.ids import record_of, song_of
from domain.core.refusal import NotFound, Refused, Unfit, suggest
from domain.correspondence.handoffs import HandoffGiven
from domain.label.people import Role
from domain.render.jobs import Named, Report, Sound
from domain.song.edit_orders import follow_order
from domain.status.record_fold import fold
from domain.status.record_state import RecordState
from domain.takes.comps import sources_of
from domain.takes.outside_comps import CompForm, CompSubmitted, form_of, submit
from dsp.audio import Source
from dsp.check.prints import PrintFacts, look
from dsp.check.sync import ALIKE, offsets, steady_offset, stretches
from flows.vault.vault import Vault
from orchestrator.desk.record_state.record_state import RecordReading, production_query, read_record
from orchestrator.desk.record_state.revisions import source_of
from orchestrator.desk.submissions.filled_tracks import cut_to_length
from orchestrator.desk.submissions.handoff_list import handoff_returned_to, return_remarks
from orchestrator.desk.submissions.handoffs import edit_given_then
from orchestrator.desk.submissions.match_tracks import MatchedFile, SubmittedTrack, assigned, by_channels, listed
from orchestrator.desk.submissions.outside_mixes import (
    ENOUGH_BITS,
    FEWEST_BITS,
    LONGEST_LEAD_S,
    SubmissionResult,
    facts_of,
    maker_named,
)
from orchestrator.studio import History, Studio


@dataclass(frozen=True, slots=True)
class CompHandoff:
    """The edit that the maker was given."""

    joined: str
    """Plan of the edit with touching stretches of one take as one."""
    form: CompForm
    report: Report | None
    """Report of the edit; None if it is not rendered."""
    order: tuple[str, ...]
    """Sections in the order they sounded; empty for the order as recorded."""


def submit_comp(
    studio: Studio, part: str, files: Sequence[tuple[str, Path]], *, maker: str, made_from: str | None = None,
    why: str | None,
) -> SubmissionResult:  # fmt: skip
    """Record an edit of *part* made outside, based on the edit its maker was given.

    Args:
        studio: the store.
        part: its id.
        files: track and path of each file; the track is empty if the file's name or channels give it.
        maker: name of the maker.
        made_from: number of the handoff to the maker, such as ``H1``; or hash, or its beginning, of the comp given to
            them, as ``comp manifest`` prints it for the part or its song; None for the present comp.
        why: the reason given.

    Raises:
        Unsound, VaultFault: a file is not sound, or cannot be stored.
        Misused: ``comp.submit``, ``comp.from``; a file fits no track, or the track of another file; *made_from* is not
            a hash.
        NotFound: ``comp.empty``, ``comp.from``, ``handoff.unknown``; the part has no comp; the comp never had this
            hash; there is no such handoff.
        Refused: ``comp.submit``, ``rate.match``; tracks, channels, bits or rate differ from those of the part.
        Unfit: ``comp.tracks``; the files are silent, differ in length from the edit, or are out of sync with it.
    """
    read = read_record(studio, record_of(part))
    maker, handoff = maker_named("comp.submit", maker), _handoff(studio, part, made_from)
    given = _given(read, part, handoff.hashes[part] if handoff else made_from)
    vault = Vault(studio.config.vault)
    with vault.scratch() as room:
        if handoff:
            files = [(name, cut_to_length(path, given.form.frames, room)) for name, path in files]
        return _submitted(studio, vault, read, part, files, maker=maker, given=given, handoff=handoff, why=why)


def _submitted(
    studio: Studio, vault: Vault, read: RecordReading, part: str, files: Sequence[tuple[str, Path]], *, maker: str,
    given: CompHandoff, handoff: HandoffGiven | None, why: str | None,
) -> SubmissionResult:  # fmt: skip
    """Check *files* beside what was *given*, and record them.  Raises: as :func:`submit_comp`."""
    brought = [(name, MatchedFile(path, facts_of(path))) for name, path in files]
    tracks = assigned(part, given.form, brought)
    _refuse_other_form(part, given.form, tracks)
    notes = [*_notes(vault, given, tracks), *return_remarks(studio, read, handoff)]
    new = CompSubmitted(
        part=part,
        tracks=tuple(_named(vault, track) for track in tracks),
        bits=min(file.facts.bits for _, file in brought),
        maker=maker,
        given=given.joined,
        order=given.order,
    )

    def decision(history: History, _: Role) -> tuple[SubmissionResult, Sequence[Event]]:
        state = fold(history)
        return SubmissionResult(part, [*notes, *_since(state, new)]), submit(state.submitted.get(part, ()), new)

    return studio.decide(production_query(record_of(part)), decision, deed="edit-take", why=why)


def _handoff(studio: Studio, part: str, made_from: str | None) -> HandoffGiven | None:
    """The handoff that *made_from* names, if it does.  Raises: Refused ``handoff.song``; it does not hold *part*."""
    found = handoff_returned_to(studio, record_of(part), song_of(part), made_from)
    if found and part not in found.hashes:
        raise Refused(
            "handoff.song", f"{found.handoff} does not hold {part}",
            next=suggest("handoff show", f"{found.record}/{found.handoff}"),
        )  # fmt: skip
    return found


def _since(state: RecordState, new: CompSubmitted) -> Iterator[str]:
    """Yield a remark if the part has another edit today than the maker of *new* was given."""
    part, sound = new.part, state.sound(new.part)
    if new.given == state.joined_plan(part):
        return
    if not follow_order(new, state.comp(part), state.takes_of(part), state.arrangement(song_of(part))):
        yield "does not hold: the takes in use have changed since then"
    elif sound and sound.submitted:
        yield f"it does not sound: the edit by {sound.submitted.maker} was made for the present order of the song"
    else:
        yield "the song has another order since then; the edit is put into it"


def _given(read: RecordReading, part: str, made_from: str | None) -> CompHandoff:
    then: RecordState = edit_given_then(read.history, part, made_from) if made_from is not None else read.state
    recipe, plan, joined = then.edit(part), then.edit_plan(part), then.joined_plan(part)
    if recipe is None or plan is None or joined is None:
        raise NotFound(
            "comp.empty", f"{part} has no keeper: nothing of it was ever handed out", next=suggest("take list", part)
        )
    form = form_of(recipe, sources_of(then.comp(part), then.takes_of(part)))
    there = then.arrangement(song_of(part))
    return CompHandoff(joined, form, read.state.report(plan), there.row if there.stretches else ())


def _refuse_other_form(part: str, form: CompForm, tracks: Sequence[SubmittedTrack]) -> None:
    """Check *tracks* against *form*.  Raises: Refused ``comp.submit``, ``rate.match``; Unfit ``comp.tracks``."""
    there = {track.name for track in tracks}
    if there != set(form.channels):
        odd = [f"{name} is missing" for name in sorted(form.channels) if name not in there]
        odd += [f"{name} is none of them" for name in sorted(there - set(form.channels))]
        raise Refused("comp.submit", f"{part} has the tracks {listed(form)}: {', '.join(odd)}")
    for track in tracks:
        facts, channels = track.file.facts, form.channels[track.name]
        if facts.rate != form.rate:
            raise Refused("rate.match", f"the song runs at {form.rate} Hz, {track.file.path.name} at {facts.rate} Hz")
        if facts.bits < FEWEST_BITS:
            raise Refused(
                "comp.submit", f"{track.file.path.name} has {facts.bits} bits; at least {FEWEST_BITS} are asked"
            )
        if track.channels != channels:
            raise Refused("comp.submit", f"{track.name} has {track.channels} channels; it was given with {channels}")
        if facts.frames != form.frames:
            lengths = f"{facts.frames} frames, the edit has {form.frames}: {facts.frames - form.frames:+d}"
            raise Unfit("comp.tracks", f"{track.file.path.name}: a part comes back as long as it was given: {lengths}")


def _notes(vault: Vault, given: CompHandoff, tracks: Sequence[SubmittedTrack]) -> list[str]:
    """Remarks on the tracks.  Silence on all tracks, and tracks out of sync, are refused.

    Raises:
        Unfit: ``comp.tracks``.
    """
    looks = {track.name: look(track.source) for track in tracks}
    if all(one.silent for one in looks.values()):
        raise Unfit("comp.tracks", f"{', '.join(looks)}: there is nothing on {'it' if len(looks) == 1 else 'them'}")
    before = _rendered(vault, given.report)
    notes = list(filter(None, [by_channels(tracks)]))
    for track in tracks:
        old = before.get(track.name)
        seen = look(old) if old else None
        if old and seen:
            notes += [f"{track.name}: {said}" for said in _beside(track, looks[track.name], before, seen)]
        notes += [f"{track.name}: {said}" for said in _said(track, looks[track.name], seen)]
    return notes if before else [*notes, "sync was not checked: the edit that was given is not rendered here"]


def _rendered(vault: Vault, report: Report | None) -> dict[str, Source]:
    """Audio of the edit given to the maker, by track; empty unless the vault holds all tracks."""
    outputs = report.outputs if report else ()
    there = all(vault.has(output.sound.blob, output.sound.size) for output in outputs)
    return {output.name: source_of(vault, output.sound) for output in outputs} if there else {}


def _beside(
    track: SubmittedTrack, here: PrintFacts, before: Mapping[str, Source], seen: PrintFacts
) -> Iterator[str]:  # fmt: skip
    """Yield remarks on polarity and audio of *track* beside the edit that was given.

    Raises:
        Unfit: ``comp.tracks``; the track is late, or early, from end to end.
    """
    if seen.silent or here.silent:
        return
    starts = stretches(seen.first, seen.last)
    found = offsets([before[track.name]], track.source, starts)
    steady = steady_offset(found)
    if steady and steady.frames:
        side, ms = ("behind" if steady.frames > 0 else "ahead of"), 1000 * abs(steady.frames) / seen.rate
        raise Unfit(
            "comp.tracks",
            f"{track.name} lies {abs(steady.frames)} frames ({ms:.1f} ms) {side} the edit that was given, from end to "
            f"end{', with opposite polarity' if steady.inverted else ''}; "
            "takes that are meant to lie elsewhere are nudged here (edit part TAKE --nudge)",
        )
    if steady and steady.inverted:
        yield f"its polarity is opposite to that of the edit that was given ({steady.share:.2f} of the phases agree)"
    if not found:
        yield _foreign(track, before, starts)


def _foreign(track: SubmittedTrack, before: Mapping[str, Source], starts: Sequence[int]) -> str:
    """Remark on *track*, which shares nothing with the track that was given: another track of the part, or none."""
    for name, other in before.items():
        alike = offsets([other], track.source, starts) if name != track.name else []
        if alike:
            share = max(one.share for one in alike)
            return f"this is the audio of {name}, not of {track.name} ({share:.2f} of the phases agree)"
    return f"nothing of {track.name} as it was given is heard in it (less than {ALIKE} of the phases agree)"


def _said(track: SubmittedTrack, here: PrintFacts, before: PrintFacts | None) -> Iterator[str]:
    """Yield remarks on a track, from its first and last sound compared with those of the edit given to the maker."""
    bits, longest = track.file.facts.bits, LONGEST_LEAD_S * here.rate
    if bits < ENOUGH_BITS:
        yield f"{bits} bits; mixing is better given {ENOUGH_BITS}"
    if here.clipped:
        yield f"clips: {here.clipped} flat tops at full scale"
    if here.silent:
        yield "there is nothing on it" if before is None or not before.silent else "silent, as it was given"
    elif before is None or before.silent:
        if here.first > longest:
            yield f"silent for its first {here.first / here.rate:.1f} s"
    else:
        given = f"what was given sounds {before.first / here.rate:.1f}-{before.last / here.rate:.1f} s"
        if here.first > before.first + longest:
            yield f"silent until {here.first / here.rate:.1f} s; {given}"
        if here.last < before.last - longest:
            yield f"silent from {here.last / here.rate:.1f} s on; {given}"


def _named(vault: Vault, track: SubmittedTrack) -> Named:
    blob, facts = vault.take_in(track.file.path), track.file.facts
    sound = Sound(
        blob=blob.hash, size=blob.size, pcm=track.pcm, rate=facts.rate, frames=facts.frames, channels=track.channels,
        first_channel=track.first_channel,
    )  # fmt: skip
    return Named(name=track.name, sound=sound)
