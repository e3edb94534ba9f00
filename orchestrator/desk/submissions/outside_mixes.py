"""Submission of a mix made outside: its prints are checked, and it is bound to the comps its maker was given."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from domain.core.address import clock
from domain.core.event import Event
from domain.core.ids import record_of
from domain.core.refusal import Misused, Refused, Unfit
from domain.correspondence.handoffs import HandoffGiven
from domain.label.people import Role
from domain.mixes.mixes import Mixes, submit
from domain.render.jobs import Named, Sound
from domain.status.record_fold import fold
from domain.status.record_state import RecordState, since_handoff
from dsp.audio import Source, Unsound
from dsp.check.prints import PrintFacts, look
from dsp.check.sync import offset
from dsp.files.sound import FileFacts, inspect
from flows.vault.vault import Vault
from orchestrator.desk.record_state.record_state import production_query, read_record
from orchestrator.desk.submissions.handoff_list import handoff_returned_to, return_remarks
from orchestrator.desk.submissions.handoffs import given_now, mix_given_then
from orchestrator.desk.submissions.submit_checks import (
    audio_remarks,
    given_tracks,
    length_remarks,
    level_remark,
    name_remarks,
)
from orchestrator.studio import History, Studio

STEREO: Final = 2
FEWEST_BITS, ENOUGH_BITS = 16, 24
LONGEST_LEAD_S = 1.0
LONGEST_NAME: Final = 200
VERSION = re.compile(r"[^\s/\\@.:]{1,120}")


@dataclass(frozen=True, slots=True)
class SubmissionResult:
    """A comp, mix or master that was submitted."""

    address: str
    notes: Sequence[str]
    """Remarks that an engineer would make."""


@dataclass(frozen=True, slots=True)
class SubmittedPrint:
    """One submitted file of a mix."""

    name: str
    path: Path
    facts: FileFacts
    look: PrintFacts


def submit_mix(
    studio: Studio, song: str, prints: Sequence[tuple[str, Path]], *, maker: str, made_from: str | None = None,
    why: str | None,
) -> SubmissionResult:  # fmt: skip
    """Record a mix made outside, based on the comps its maker was given.

    Args:
        studio: the store.
        song: its id.
        prints: version and path of each file.
        maker: name of the maker.
        made_from: number of the handoff to the maker, such as ``H1``; or hash, or its beginning, of the comps that were
            given; None for the present comps.
        why: the reason given.

    Raises:
        Unsound, VaultFault: a file is not sound, or cannot be stored.
        Misused: ``mix.submit``, ``mix.from``; the name of a version is malformed; *made_from* is not a hash.
        NotFound: ``mix.from``, ``handoff.unknown``; the comps of this song never had this hash; no such handoff.
        Refused: ``mix.submit``, ``rate.match``; channels, bits or rate are not those of this song's mixes.
            ``handoff.song``; the handoff was of another song.
        Unfit: ``mix.prints``; the prints are silent, of several lengths, or out of sync.
    """
    maker = maker_named("mix.submit", maker)
    brought, remarks = check_prints(prints)
    read, vault = read_record(studio, record_of(song)), Vault(studio.config.vault)
    handoff = handoff_returned_to(studio, record_of(song), song, made_from)
    notes = [*remarks, *_beside_song(vault, read.state, song, brought, handoff), *return_remarks(studio, read, handoff)]
    files = tuple(_named(vault, one) for one in brought)

    def decision(history: History, _: Role) -> tuple[SubmissionResult, Sequence[Event]]:
        state = fold(history)
        there = state.catalog.song(song)
        rate = there.clock.rate if there.clock else None
        if rate and brought[0].facts.rate != rate:
            raise Refused("rate.match", f"the song runs at {rate} Hz, these prints at {brought[0].facts.rate} Hz")
        given = handoff.hashes_by_part if handoff else _given(history, state, song, made_from)
        since = [f"does not hold: {changes}"] if (changes := since_handoff(state, song, given).describe(maker)) else []
        events = submit(state.mixes.get(song, Mixes()), there, prints=files, maker=maker, given=given)
        latest = events[-1] if events else state.mixes[song].latest
        return SubmissionResult(f"{song}@mix{latest.number if latest else 0}", [*notes, *since]), events

    return studio.decide(production_query(record_of(song)), decision, deed="mix", why=why)


def _given(history: History, state: RecordState, song: str, made_from: str | None) -> dict[str, str]:
    return given_now(state, song) if made_from is None else mix_given_then(history, song, made_from)


def check_prints(prints: Sequence[tuple[str, Path]]) -> tuple[list[SubmittedPrint], list[str]]:
    """Read the files of a mix, one of them ``main``, and check them beside each other; return them and remarks.

    Raises:
        Unsound, Misused, Refused, Unfit: as :func:`submit_mix`, for what the song has no part in.
    """
    brought = [_print(name, path) for name, path in prints]
    return brought, _notes(brought)


def maker_named(rule: str, name: str) -> str:
    """The maker's name without surrounding spaces.  Raises: Misused *rule*; it is empty or too long."""
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise Misused(rule, f"who made it is named in 1 to {LONGEST_NAME} letters: --by NAME")
    return name.strip()


def facts_of(path: Path) -> FileFacts:
    """Properties of a file.  Raises: Unsound, with the file's name, since several files may be submitted."""
    try:
        return inspect(path)
    except Unsound as error:
        raise Unsound(f"{path.name}: {error.reason}") from None


def _print(name: str, path: Path) -> SubmittedPrint:
    if not VERSION.fullmatch(name):
        raise Misused("mix.submit", f"{name!r} is no name of a version; write main, listen, instrumental, tv, …")
    facts = facts_of(path)
    if facts.channels != STEREO:
        raise Refused("mix.submit", f"{path.name} has {facts.channels} channels; a mix is stereo")
    if facts.bits < FEWEST_BITS:
        raise Refused("mix.submit", f"{path.name} has {facts.bits} bits; a print has at least {FEWEST_BITS}")
    return SubmittedPrint(name, path, facts, look(Source(path)))


def _named(vault: Vault, one: SubmittedPrint) -> Named:
    blob, facts = vault.take_in(one.path), one.facts
    sound = Sound(
        blob=blob.hash, size=blob.size, pcm=facts.pcm, rate=facts.rate, frames=facts.frames, channels=facts.channels
    )
    return Named(name=one.name, sound=sound)


def _notes(brought: Sequence[SubmittedPrint]) -> list[str]:
    """Remarks on the prints.  Prints that differ in rate or length, or are silent or out of sync, are refused.

    Raises:
        Unfit: ``mix.prints``.
        Refused: ``mix.submit``.
    """
    main, notes = next(one for one in brought if one.name == "main"), list[str]()
    for one in brought:
        if one.facts.rate != main.facts.rate:
            raise Refused(
                "mix.submit", f"the prints of a revision have one rate: {main.facts.rate} Hz, {one.facts.rate} Hz"
            )
        if one.look.silent:
            raise Unfit("mix.prints", f"{one.path.name}: there is nothing on it")
        if one.facts.frames != main.facts.frames:
            lengths = f"main {_clock(main)}, {one.name} {_clock(one)}: {one.facts.frames - main.facts.frames:+d} frames"
            raise Unfit("mix.prints", f"the prints of a revision have one length: {lengths}")
        notes += [f"{one.name}: {said}" for said in _beside_main(main, one)]
    return [*notes, *(f"{one.name}: {said}" for one in brought for said in _said(one))]


def _beside_main(main: SubmittedPrint, one: SubmittedPrint) -> Iterator[str]:
    """Yield a remark on the polarity of a print beside the main one.  Raises: Unfit ``mix.prints``; it is late."""
    found = None if one is main else offset([Source(main.path)], Source(one.path), start=main.look.first)
    if found and found.frames:
        side, ms = ("behind" if found.frames > 0 else "ahead of"), 1000 * abs(found.frames) / main.facts.rate
        opposite = ", with opposite polarity" if found.inverted else ""
        raise Unfit(
            "mix.prints", f"{one.name} lies {abs(found.frames)} frames ({ms:.1f} ms) {side} the main print{opposite}"
        )
    if found and found.inverted:
        yield f"its polarity is opposite to that of the main print ({found.share:.2f} of the phases agree)"


def _beside_song(
    vault: Vault, state: RecordState, song: str, brought: Sequence[SubmittedPrint], handoff: HandoffGiven | None
) -> Iterator[str]:
    """Yield remarks on names, length, place, polarity and audio of the prints beside the song and its comps.

    They are compared with the comps that *handoff* gave, or without one with the present comps; of what comes back to a
    handoff, the loudness beside the rough mix is said too.
    """
    handed = given_tracks(state, song, handoff.hashes_by_part) if handoff else None
    songs = [one for one in state.catalog.songs_of(record_of(song)) if not one.absence]
    own = state.catalog.song(song)
    for one in brought:
        yield from (f"{one.name}: {said}" for said in name_remarks(one.path, own, songs))
    main = next(one for one in brought if one.name == "main")
    yield from (f"main: {said}" for said in length_remarks(state, song, main.facts, handed))
    yield from (
        f"main: {said}" for said in audio_remarks(vault, state, song, Source(main.path), main.look, handed=handed)
    )
    if handoff:
        yield from (f"main: {said}" for said in level_remark(vault, state, song, Source(main.path)))


def _said(one: SubmittedPrint) -> list[str]:
    facts, seen = one.facts, one.look
    said = []
    if facts.bits < ENOUGH_BITS:
        said.append(f"{facts.bits} bits; mastering is better given {ENOUGH_BITS}")
    if seen.clipped:
        said.append(f"clips: {seen.clipped} flat tops at full scale")
    elif seen.peak >= 1.0:
        said.append("touches full scale; mastering has no headroom")
    if seen.first > LONGEST_LEAD_S * facts.rate:
        said.append(f"silent for its first {seen.first / facts.rate:.1f} s")
    if seen.last >= facts.frames:
        said.append("sounds until its last sample; is its tail cut off?")
    return said


def _clock(one: SubmittedPrint) -> str:
    return clock(one.facts.frames, one.facts.rate)
