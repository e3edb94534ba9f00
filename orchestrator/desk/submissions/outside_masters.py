"""Submission of a master made outside: its files are checked, and it is bound to the mixes its maker was given."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from domain.core.event import Event
from domain.core.ids import number_of_revision, song_of
from domain.core.refusal import Refused, Unfit
from domain.correspondence.handoffs import HandoffGiven
from domain.label.people import Role
from domain.masters.masters import TARGETS, Masters, OutsideMaster, OutsideMasterFile, SongBinding, submit
from domain.render.jobs import Sound
from domain.status.master_status import given_mixes, main_mixes
from domain.status.record_fold import fold
from domain.status.record_state import RecordState
from dsp.audio import STEREO, Source
from dsp.check.prints import PrintFacts, look
from dsp.check.sync import offset
from dsp.files.sound import FileFacts
from flows.vault.vault import Vault
from orchestrator.desk.record_state.record_state import RecordReading, production_query, read_record
from orchestrator.desk.record_state.revisions import source_of
from orchestrator.desk.submissions.handoff_list import handoff_returned_to, return_remarks
from orchestrator.desk.submissions.handoffs import mixes_given_now, mixes_given_then
from orchestrator.desk.submissions.match_songs import SubmittedFile, files_in
from orchestrator.desk.submissions.outside_mixes import (
    FEWEST_BITS,
    LONGEST_LEAD_S,
    SubmissionResult,
    facts_of,
    maker_named,
)
from orchestrator.desk.submissions.submit_checks import describe_offset
from orchestrator.studio import History, Studio

SAME_LENGTH_S: Final = 0.05
"""Largest difference in seconds between the lengths of a file and its mix that is not remarked on."""

Measures = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class CheckedMaster:
    """A file that was read to its end and measured."""

    file: SubmittedFile
    facts: FileFacts
    look: PrintFacts
    measures: Measures

    @property
    def name(self) -> str:
        """Name of the file in remarks: its target and file name."""
        return f"{self.file.target}/{self.file.path.name}"


def submit_master(
    studio: Studio, record: str, folder: Path, *, maker: str, target: str | None = None, made_from: str | None = None,
    why: str | None,
) -> SubmissionResult:  # fmt: skip
    """Record a master of *record* made outside, based on the mixes its maker was given.

    Args:
        studio: the store.
        record: its id.
        folder: the submitted folder, see :mod:`orchestrator.desk.submissions.match_songs`.
        maker: name of the maker.
        target: target of files in *folder* itself.
        made_from: number of the handoff to the maker, such as ``H1``; or hash, or its beginning, of the mixes given to
            them, as ``master manifest`` prints it; None for each song's chosen mix.
        why: the reason given.

    Raises:
        Unsound, VaultFault: a file is not sound, or cannot be stored.
        Misused: ``master.submit``, ``master.from``; a name fits no song, or several; *made_from* is not a hash.
        NotFound: ``file.missing``; ``handoff.unknown``; ``master.from``, the approved mixes never had this hash.
        Refused: ``master.submit``, ``master.source``, ``rate.match``; songs are missing; a song has no approved mix;
            channels, bits or rate are not those of the target.
        Unfit: ``master.files``; a file is silent.
    """
    maker, read = maker_named("master.submit", maker), read_record(studio, record)
    handoff = handoff_returned_to(studio, record, None, made_from)
    songs, given = _handed(handoff) if handoff else _given(read, record, made_from)
    there = [read.state.catalog.song(bound.song) for bound in songs]
    files, left = files_in(folder, there, target)
    heard = [_checked(file) for file in files]
    vault = Vault(studio.config.vault)
    notes = [*left, *_notes(vault, read.state, songs, heard), *return_remarks(studio, read, handoff)]
    outside = OutsideMaster(files=tuple(_finished(vault, one) for one in heard), maker=maker, given=given)

    def decision(history: History, _: Role) -> tuple[SubmissionResult, Sequence[Event]]:
        state = fold(history)
        known = state.masters.get(record, Masters())
        events = submit(known, record=record, songs=songs, outside=outside)
        number = (events[0] if events else known.latest or known.masters[known.next - 1]).number
        since = [] if given_mixes(state, songs) == given else ["does not hold: the mixes have changed since then"]
        return SubmissionResult(f"{record}@master{number}", [*notes, *since]), events

    return studio.decide(production_query(record), decision, deed="plan-master", why=why)


def _handed(handoff: HandoffGiven) -> tuple[tuple[SongBinding, ...], dict[str, str]]:
    """The mixes of *handoff*, and their outputs by song."""
    songs = tuple(
        SongBinding(song=song_of(address), revision=number_of_revision(address)) for address in handoff.hashes
    )
    return songs, {song_of(address): hash_ for address, hash_ in handoff.hashes.items()}


def _given(read: RecordReading, record: str, made_from: str | None) -> tuple[tuple[SongBinding, ...], dict[str, str]]:
    if made_from is not None:
        return mixes_given_then(read.history, record, made_from)
    songs = mixes_given_now(read.state, record)
    return songs, given_mixes(read.state, songs)


def _checked(file: SubmittedFile) -> CheckedMaster:
    """Read a file to its end, check and measure it.

    Raises:
        Unsound: the file is not sound.
        Refused: ``master.submit``, ``rate.match``.
        Unfit: ``master.files``.
    """
    from dsp.master.mastering import text
    from dsp.meter.loudness import measure

    facts = facts_of(file.path)
    _refuse_other_form(file, facts)
    seen = look(Source(file.path))
    if seen.silent:
        raise Unfit("master.files", f"{file.target}/{file.path.name}: there is nothing on it")
    read = measure(Source(file.path))
    measures = {
        name: text(getattr(read, name))
        for name in ("integrated_lufs", "true_peak_dbtp", "loudness_range_lu", "sample_peak_dbfs")
    }
    return CheckedMaster(file, facts, seen, measures)


def _refuse_other_form(file: SubmittedFile, facts: FileFacts) -> None:
    name, ordered = f"{file.target}/{file.path.name}", TARGETS.get(file.target)
    if facts.channels != STEREO:
        raise Refused("master.submit", f"{name} has {facts.channels} channels; a master is stereo")
    if facts.bits < FEWEST_BITS:
        raise Refused("master.submit", f"{name} has {facts.bits} bits; a master has at least {FEWEST_BITS}")
    if ordered and ordered.rate and facts.rate != ordered.rate:
        raise Refused("rate.match", f"{file.target} runs at {ordered.rate} Hz, {file.path.name} at {facts.rate} Hz")
    if ordered and ordered.rate and facts.bits != ordered.bits:
        raise Refused("master.submit", f"{file.target} has {ordered.bits} bits, {file.path.name} has {facts.bits}")


def _finished(vault: Vault, one: CheckedMaster) -> OutsideMasterFile:
    blob, facts = vault.take_in(one.file.path), one.facts
    sound = Sound(
        blob=blob.hash, size=blob.size, pcm=facts.pcm, rate=facts.rate, frames=facts.frames, channels=facts.channels
    )
    return OutsideMasterFile(
        target=one.file.target, song=one.file.song.id, sound=sound, bits=facts.bits, measures=one.measures
    )  # fmt: skip


def _notes(
    vault: Vault, state: RecordState, songs: Sequence[SongBinding], heard: Sequence[CheckedMaster]
) -> Iterator[str]:
    """Yield remarks on files that passed the checks."""
    mixes = {mix.name: mix.sound for mix in main_mixes(state, songs)}
    for one in heard:
        yield from (f"{one.name}: {said}" for said in _said(one))
        mix = mixes.get(one.file.song.id)
        if mix and vault.has(mix.blob, mix.size):
            yield from (f"{one.name}: {said}" for said in _beside(one, mix, source_of(vault, mix)))


def _said(one: CheckedMaster) -> Iterator[str]:
    facts, seen, ordered = one.facts, one.look, TARGETS.get(one.file.target)
    if ordered and facts.bits < ordered.bits:
        yield f"{facts.bits} bits; {ordered.bits} are asked for"
    if seen.clipped:
        yield f"clips: {seen.clipped} flat tops at full scale"
    peak = one.measures["true_peak_dbtp"]
    if ordered and peak is not None and float(peak) > float(ordered.ceiling_dbtp):
        yield f"true peak {peak} dBTP; the house asks for {ordered.ceiling_dbtp} at most"
    if seen.first > LONGEST_LEAD_S * facts.rate:
        yield f"silent for its first {seen.first / facts.rate:.1f} s"
    if seen.last >= facts.frames:
        yield "sounds until its last sample; is its tail cut off?"


def _beside(one: CheckedMaster, mix: Sound, source: Source) -> Iterator[str]:
    """Yield remarks on the length and position of a file compared with its mix."""
    longer = one.facts.frames / one.facts.rate - mix.frames / mix.rate
    if abs(longer) > SAME_LENGTH_S:
        yield f"{abs(longer):.2f} s {'longer' if longer > 0 else 'shorter'} than the mix that was given"
    if one.facts.rate == mix.rate and (found := offset([source], Source(one.file.path), start=one.look.first)):
        yield from describe_offset(found, mix.rate, "the mix that was given")
