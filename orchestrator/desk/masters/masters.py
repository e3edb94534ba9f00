"""Masters: planning, listing, and the effect of streaming services on them.

Tests: ``tests/orchestrator/cli/test_release.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from domain.core.address import Address
from domain.core.event import Event
from domain.core.ids import revision_of, slug_of
from domain.core.refusal import Misused
from domain.label.people import Role
from domain.masters.masters import Masters, choose_songs, draft, plan, refuse_foreign
from domain.masters.streaming_services import SERVICES, advise
from domain.status.chosen_mixes import chosen_mix, chosen_mixes
from domain.status.master_status import master_files, master_status
from domain.status.record_fold import fold
from domain.status.review.ratings import ratings_in_words
from domain.status.review_items import mix_statuses
from domain.status.verdicts import refuse_lacking
from flows.vault.vault import Vault
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.curtain import shown_status
from orchestrator.desk.listening.audio_files import pending
from orchestrator.desk.masters.references import (
    LOUDEST,
    QUIETEST,
    ReferenceMatch,
    describe_match,
    take_reference,
    within,
)
from orchestrator.desk.record_state.record_state import production_query, read_record
from orchestrator.desk.record_state.sound_ratings import ratings_read
from orchestrator.studio import History, Studio


@dataclass(frozen=True, slots=True)
class PlannedMaster:
    """Result of planning a master."""

    address: str
    """Address of the master, even if it was planned already."""
    left_out: tuple[str, ...]
    """Songs that are left out for lack of a chosen mix."""
    remark: str = ""
    """Remark on the loudness; may be empty."""


def plan_master(
    studio: Studio, record: str, targets: Sequence[str], *, lufs: str | None, as_mixed: bool, recipe: str | None = None,
    match: ReferenceMatch | None = None, songs: Sequence[str] = (), without: Sequence[str] = (), why: str | None,
) -> PlannedMaster:  # fmt: skip
    """Plan a master of each song's chosen mix.

    Args:
        studio: the store.
        record: record id.
        targets: names of the house's targets; empty for streaming.
        lufs: loudness for all targets, as typed.
        as_mixed: leave the loudness as mixed.
        recipe: text of a master recipe in place of the targets.
        match: recording to whose spectrum the master is matched.
        songs: ids of exactly these songs, in this order; empty for all songs of the record that have a chosen mix.
        without: ids of songs that are left out on purpose.
        why: the reason given.

    Raises:
        Misused: ``master.lufs``, ``master.target``, ``master.match``, ``master.songs``, ``recipe.master``.
        NotFound, Unfit, Unsound, VaultFault: of the reference, see :func:`take_reference`.
        Refused: ``master.source``, ``master.match``.
    """
    _one_loudness(lufs, match, as_mixed=as_mixed, written=recipe is not None)
    wanted = _loudness(lufs)
    reference, theirs = take_reference(Vault(studio.config.vault), match) if match else (None, None)
    loudness, said = wanted, ""
    if match and match.loudness and theirs is not None:
        loudness, said = within(theirs, match.file.name)
    text = recipe or draft(targets or ["streaming"], lufs=loudness, as_mixed=as_mixed)

    if songs and without:
        raise Misused("master.songs", "name the songs of the master, or those it goes without: --songs or --without")
    refuse_foreign(record, (*songs, *without))

    def decision(history: History, _: Role) -> tuple[PlannedMaster, Sequence[Event]]:
        state = fold(history)
        known = state.masters.get(record, Masters())
        approved = chosen_mixes(state, record)
        every = [song.id for song in state.catalog.songs_of(record)]
        wanted, left_out = choose_songs(every, approved, named=songs, without=without)
        for song in (song for song in wanted or every if song not in approved):
            for status in mix_statuses(state, record, song):
                refuse_lacking(status)
        rates = {song.id: song.clock.rate for song in state.catalog.songs_of(record) if song.clock}
        events = plan(
            known, record=record, songs=wanted, approved=approved, recipe=text, reference=reference, rates=rates
        )
        latest = events[0] if events else known.latest
        address = f"{record}@master{latest.number if latest else 0}"
        return PlannedMaster(address, tuple(left_out), said), events

    return studio.decide(production_query(record), decision, deed="plan-master", why=why)


def _one_loudness(lufs: str | None, match: ReferenceMatch | None, *, as_mixed: bool, written: bool) -> None:
    """Refuse a request for more than one loudness.  Raises: Misused ``master.lufs``."""
    if lufs is not None and as_mixed:
        raise Misused("master.lufs", "a master has a loudness or stays as mixed: give --lufs or --as-mixed")
    if match and match.loudness and (lufs is not None or as_mixed or written):
        other = "--lufs" if lufs is not None else "--as-mixed" if as_mixed else "a recipe of your own"
        raise Misused("master.lufs", f"the loudness comes from the reference or from {other}: give one of them")


def _loudness(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if found.is_nan() or not QUIETEST <= found <= LOUDEST:
        raise Misused("master.lufs", f"{text!r} is no loudness of a master; write one from -40 to -5, like -14")
    return found


def master_rows(studio: Studio, record: str) -> list[Row]:
    """One row for each master of *record* that is neither removed nor shelved."""
    state = read_record(studio, record).state
    masters, ratings = state.masters.get(record, Masters()), ratings_read(studio, record)
    return [
        {
            "address": f"{record}@master{number}",
            "title": masters.titles.get(number, ""),
            "songs": ", ".join(f"{slug_of(one.song)}@mix{one.revision}" for one in master.songs),
            "targets": ", ".join(master.targets),
            "made": f"outside by {master.outside.maker}" if master.outside else "recipe",
            "standing": shown_status(studio, status := master_status(state, record, number)),
            "remark": status.remark,
            "moved": ratings_in_words(ratings, f"{record}@master{number}", status.output),
        }
        for number, master in masters.living.items()
    ]


def file_rows(studio: Studio, address: Address) -> list[Row]:
    """One row for each file of a master.  Raises: NotFound ``master.unknown``."""
    record, number = address.path[0], address.revision[1] if address.revision else 0
    state = read_record(studio, record).state
    master = state.masters.get(record, Masters()).master(record, number)
    bound = {one.song: f"mix{one.revision}" for one in master.songs}
    found = ((one.song, chosen_mix(state, one.song)) for one in master.songs)
    chosen = {song: revision_of(mix.address) for song, mix in found if mix}
    return [
        {
            "target": file.target,
            "number": file.number,
            "song": file.song,
            "mix": bound[file.song],
            "chosen": chosen.get(file.song, ""),
            "pcm": file.sound.pcm[:12] if file.sound else "",
            **file.measures,
            **({"matched": describe_match(master.reference, file.curve)} if master.reference else {}),
        }
        for file in master_files(state, master)
    ]


def advice_rows(studio: Studio, address: Address) -> list[Row]:
    """One row for each file of a master and each streaming service, with its effect on the file.

    Raises:
        NotFound: ``master.unknown``.
        Refused: ``audio.pending``; not rendered yet, or made outside from what has changed.
    """
    rows = file_rows(studio, address)
    if not rows or not all(row["pcm"] for row in rows):
        raise pending(read_record(studio, address.path[0]).state, address)
    return [advised(row, name) for row in rows for name in SERVICES]


def advised(row: Row, name: str) -> Row:
    """The effect of the streaming service *name* on a file of a master, given as a row of :func:`file_rows`."""
    service, told = SERVICES[name], {"target": row["target"], "song": row["song"], "service": name}
    told |= {"service_lufs": str(service.plays_at_lufs), "source": service.says, "seen": service.seen.isoformat()}
    if not row.keys() >= {"integrated_lufs", "true_peak_dbtp"}:
        return {**told, "advice": "it was not measured when it was rendered: master check measures it"}
    lufs, dbtp = row["integrated_lufs"], row["true_peak_dbtp"]
    if lufs is None or dbtp is None:
        return {**told, "advice": "silence is left as it is"}
    found = advise(service, Decimal(str(lufs)), Decimal(str(dbtp)))
    return {
        **told, "gain_db": str(found.gain_db), "plays_at_lufs": str(found.plays_at_lufs),
        "over_db": None if found.over_db is None else str(found.over_db), "advice": str(found),
    }  # fmt: skip
