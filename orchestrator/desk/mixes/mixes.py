"""Mixes: draft, revise and judge; verdicts on masters, too.

Tests: ``tests/orchestrator/cli/test_release.py``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from domain.core.address import Address
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.core.ids import record_of, slug_of
from domain.core.refusal import Misused, NotFound, suggest
from domain.label.people import Permission, Role
from domain.mixes.mixes import FromOutside, FromRecipe, Mixes, MixRevised, revise
from domain.status import verdicts
from domain.status.chosen_mixes import mix_remark
from domain.status.master_status import master_status
from domain.status.note_list import notes_of, notes_on, open_notes
from domain.status.record_fold import fold
from domain.status.record_state import RecordState, mix_prints, mix_status
from domain.status.reproducibility import not_reproducible
from domain.status.review.ratings import ratings_in_words
from domain.status.verdicts import Status, Verdict, VerdictGiven
from orchestrator.desk.addressing.house_rules import HOUSE_RULES, rules_after
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.curtain import shown_status, shown_words
from orchestrator.desk.mixes.impulses import describe_impulse, take_impulses
from orchestrator.desk.record_state.concurrent_verdicts import SeenState
from orchestrator.desk.record_state.note_rows import note_lines
from orchestrator.desk.record_state.record_state import production_query, read_record
from orchestrator.desk.record_state.sound_ratings import ratings_read
from orchestrator.desk.takes.takes import living_parts
from orchestrator.studio import History, Studio

NO_FILES: Final[Mapping[str, Path]] = MappingProxyType({})
_HASH = re.compile(r"^[0-9a-f]{8,64}$", re.ASCII)


def revise_mix(
    studio: Studio, song: str, text: str, *, impulses: Mapping[str, Path] = NO_FILES, why: str | None
) -> str:
    """Make *text* the song's newest revision; return its address, even if it is the newest already.

    Args:
        studio: the store.
        song: its id.
        text: the recipe.
        impulses: files by their names in the recipe; needed only for impulse responses that are new or changed.
        why: the reason given.

    Raises:
        Misused: ``recipe.mix``, ``mix.impulse``.
        NotFound, Unsound, VaultFault: see :func:`orchestrator.desk.mixes.impulses.take_impulses`.
    """
    from flows.vault.vault import Vault

    brought = take_impulses(Vault(studio.config.vault), impulses) if impulses else {}

    def decision(history: History, _: Role) -> tuple[str, Sequence[Event]]:
        state = fold(history)
        events = revise(state.mixes.get(song, Mixes()), state.catalog.song(song), text=text, brought=brought)
        return _address(state, song, events), events

    return studio.decide(production_query(record_of(song)), decision, deed="mix", why=why)


def _address(state: RecordState, song: str, events: Sequence[MixRevised]) -> str:
    latest = events[-1] if events else state.mixes[song].latest
    return f"{song}@mix{latest.number if latest else 0}"


def status_of(state: RecordState, address: Address) -> Status:
    """Status of the mix or master at a full *address*."""
    kind, number = address.revision or ("", 0)
    if kind == "mix":
        return mix_status(state, "/".join(address.path), number)
    return master_status(state, address.path[0], number)


def judge_revision(
    studio: Studio, address: Address, verdict: Verdict, *, presented: str | None = None, since: int | None = None,
    alternate: bool = False, why: str | None = None,
) -> Status:  # fmt: skip
    """Give a verdict on a mix or a master; return the status that was judged, of a mix with its remark.

    The ``lack`` of that status is what the house rules ask for after this verdict.

    Args:
        studio: the store.
        address: its full address.
        verdict: the verdict.
        presented: hash (or its beginning) of the output presented to the person; None for the output at the first read.
        since: last log position that the person had seen; None for the end of this command's first read.
        alternate: approve the mix as a variant, and leave the chosen mix as it is.
        why: the reason given.

    Raises:
        Misused: ``approve.output``; *presented* is not a hash.  ``approve.alternate``.
        Clash: ``approve.changed``, ``review.meanwhile``; the output changed, or somebody judged it, after *since*.
        Refused: ``approve.pending``.
    """
    if presented is not None and not _HASH.match(presented):
        raise Misused("approve.output", f"{presented!r} is no output; give at least 8 of its 64 hexadecimal digits")
    record = address.path[0]
    song = "/".join(address.path) if address.revision and address.revision[0] == "mix" else None

    def same(event: Event) -> bool:
        return isinstance(event, VerdictGiven) and (event.record, event.song) == (record, song)

    look = SeenState(same, str(address), since)

    def decision(history: History, role: Role) -> tuple[Status, Sequence[Event]]:
        nonlocal presented
        state = fold(history)
        there = status_of(state, address)
        look.tell(history)
        presented = presented or there.output
        rules = rules_after(history)
        givers = {studio.who.actor, studio.delegator}
        own = rules.forbids_self_approval and not givers.isdisjoint(revisers(history, address))
        events = verdicts.judge(
            state.verdicts,
            replace(there, because=shown_words(studio, there.because, record)),
            record=record,
            song=song,
            verdict=verdict,
            by=studio.who.actor,
            role=role,
            presented=presented,
            alternate=alternate,
            needs=rules.quorum("mix" if song else "master"),
            own_work=own,
        )
        after = fold_events(verdicts.evolve, state.verdicts, events)
        output = events[0].output if events else there.output or ""
        there = replace(there, lack=after.lack(there.subject, output) if verdict == "approved" else None)
        return replace(there, remark=mix_remark(state, there)) if song else there, events

    deed: Permission = "judge-mix" if song else "judge-master"
    return studio.decide(production_query(record) | HOUSE_RULES, decision, deed=deed, why=why)


def revisers(history: History, address: Address) -> set[str]:
    """Whoever made the mix at *address*; nobody for a master."""
    kind, number = address.revision or ("", 0)
    made = (one for one in history if isinstance(one.event, MixRevised) and kind == "mix")
    return {one.actor for one in made if one.event.address == f"{'/'.join(address.path)}@mix{number}"}


def notes_left_open(studio: Studio, mix: Address) -> list[str]:
    """One line for each open note on *mix* that the caller may see."""
    read = read_record(studio, mix.path[0])
    return note_lines(read.state, open_notes(notes_of(read.history, studio.reader), str(mix)))


def draft(studio: Studio, song: str) -> str:
    """Recipe text of a first mix of *song*, measured from the takes of its comps, without a render.

    Raises:
        NotFound: ``mix.keepers``; no part has an approved take.
    """
    from dsp.audio import Source
    from dsp.draft.recipe import DraftTrack, draft_mix
    from flows.vault.vault import Vault

    vault = Vault(studio.config.vault)
    tracks: list[DraftTrack] = []
    for name, state in living_parts(studio, song).items():
        used = state.comp.used
        if state.part.guide or not used:
            continue
        longest = max((state.takes.takes[number] for number in used), key=lambda take: take.frames)
        for track in longest.tracks:
            source = Source(vault.path(track.sound.blob), track.sound.first_channel, track.sound.channels)
            slug = slug_of(name)
            instrument = state.part.instrument or state.part.name
            tracks.append(DraftTrack(slug, track.name, instrument, source, len(longest.tracks)))
    if not tracks:
        raise NotFound("mix.keepers", f"{song} has no approved takes to mix", next=suggest("review", song))
    return draft_mix(tracks)


def newest_text(studio: Studio, song: str) -> str | None:
    """Text of the newest recipe of *song*, as stored; None if no revision has one."""
    state = read_record(studio, record_of(song)).state
    texts = [
        one.made.text for one in state.mixes.get(song, Mixes()).living.values() if isinstance(one.made, FromRecipe)
    ]
    return texts[-1] if texts else None


def shown_revision(studio: Studio, address: Address) -> Row:
    """One revision: its recipe or maker, its status and its prints.  Raises: NotFound ``mix.unknown``."""
    song, number = "/".join(address.path), address.revision[1] if address.revision else 0
    read = read_record(studio, address.path[0])
    state = read.state
    made, status = state.mixes.get(song, Mixes()).revision(song, number).made, mix_status(state, song, number)
    return {
        "address": str(address),
        "made": made.source,
        "recipe": made.text if isinstance(made, FromRecipe) else None,
        "impulses": [describe_impulse(impulse) for impulse in made.impulses] if isinstance(made, FromRecipe) else [],
        "maker": made.maker if isinstance(made, FromOutside) else None,
        "standing": shown_status(studio, status),
        "remark": mix_remark(state, status),
        "moved": ratings_in_words(ratings_read(studio, address.path[0]), str(address), status.output),
        "not_reproducible": list(not_reproducible(state, song, number)),
        "prints": [print_.name for print_ in mix_prints(state, song, number)],
        "note_list": note_lines(state, notes_on(notes_of(read.history, studio.reader), str(address))),
    }
