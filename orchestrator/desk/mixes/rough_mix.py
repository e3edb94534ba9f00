"""Rough mixes: pinning one as the reference for later mixes of a song, and making it a revision."""

from collections.abc import Sequence
from pathlib import Path

from domain.core.event import Event
from domain.core.ids import record_of
from domain.core.refusal import NotFound, Refused, suggest
from domain.label.people import Role
from domain.mixes.mixes import Mixes, submit
from domain.mixes.rough_mix import RoughPinned, pin
from domain.render.jobs import Named, Sound
from domain.status.record_fold import fold
from domain.status.record_state import RecordState
from flows.vault.vault import Vault
from orchestrator.desk.record_state.record_state import production_query, read_record
from orchestrator.desk.record_state.revisions import newest
from orchestrator.desk.submissions.handoffs import given_now
from orchestrator.studio import History, Studio

STEREO = 2


def pin_rough(studio: Studio, song: str, file: Path | None, *, why: str | None) -> RoughPinned:
    """Pin *file*, or without one the newest rendered mix, as the rough mix of *song*.

    Raises:
        Unsound, VaultFault: the file is not sound, or cannot be stored.
        NotFound: ``file.missing``; ``mix.unknown``, the song has no mix.
        Refused: ``mix.rough``, ``rate.match``; the file is not stereo, or has another rate than the song;
            ``audio.pending``, no mix of the song is rendered.
    """
    brought = _taken_in(studio, file) if file else None

    def decision(history: History, _: Role) -> tuple[RoughPinned, Sequence[Event]]:
        state = fold(history)
        clock = state.catalog.song(song).clock
        if brought and file:
            sound, origin = brought, file.name
        else:
            mix = newest(state, song)
            sound, origin = mix.prints["main"].sound, mix.address
        if clock and sound.rate != clock.rate:
            raise Refused("rate.match", f"the song runs at {clock.rate} Hz, {origin} at {sound.rate} Hz")
        events = pin(state.roughs.get(song), song=song, sound=sound, origin=origin)
        return (events[0] if events else state.roughs[song]), events

    return studio.decide(production_query(record_of(song)), decision, deed="mix", why=why)


def _taken_in(studio: Studio, file: Path) -> Sound:
    from dsp.files.sound import inspect

    if not file.exists():
        raise NotFound("file.missing", f"there is no file {file}")
    facts = inspect(file)
    if facts.channels != STEREO:
        raise Refused("mix.rough", f"{file.name} has {facts.channels} channels; a rough is stereo")
    blob = Vault(studio.config.vault).take_in(file)
    return Sound(
        blob=blob.hash, size=blob.size, pcm=facts.pcm, rate=facts.rate, frames=facts.frames, channels=facts.channels
    )


def promote_rough(studio: Studio, song: str, *, why: str | None) -> str:
    """Make the rough mix of *song* a revision, made outside, on the current comps; return its address.

    Raises:
        NotFound: ``mix.rough``; the song has no rough mix.
    """

    def decision(history: History, _: Role) -> tuple[str, Sequence[Event]]:
        state = fold(history)
        prints = (Named(name="main", sound=rough_in(state, song).sound),)
        own = state.mixes.get(song, Mixes())
        given = given_now(state, song)
        events = submit(own, state.catalog.song(song), prints=prints, maker=studio.who.actor, given=given)
        latest = events[-1] if events else own.latest
        return f"{song}@mix{latest.number if latest else 0}", events

    return studio.decide(production_query(record_of(song)), decision, deed="mix", why=why)


def rough_in(state: RecordState, song: str) -> RoughPinned:
    """The rough mix of *song*.  Raises: NotFound ``mix.rough``."""
    if song not in state.roughs:
        raise NotFound("mix.rough", f"{song} has no rough", next=suggest("mix rough", song))
    return state.roughs[song]


def rough_of(studio: Studio, song: str) -> RoughPinned:
    """The rough mix of *song*, read from the log.  Raises: NotFound ``mix.rough``."""
    return rough_in(read_record(studio, record_of(song)).state, song)
