"""Title and figures of an item of review.

Tests: ``tests/orchestrator/cli/commands/daily/test_review_judging.py``.
"""

from collections.abc import Mapping

from domain.core.address import clock, parse_address
from domain.core.ids import number_of, part_of, record_of, slug_of
from domain.masters.masters import Masters
from domain.mixes.mixes import Mixes
from domain.render.jobs import Sound
from domain.status.master_status import master_files
from domain.status.record_state import RecordState, mix_prints
from domain.status.reproducibility import not_reproducible
from domain.status.review_items import QueueItem
from flows.vault.vault import Vault
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.studio import Studio


def title_of(state: RecordState, item: QueueItem) -> str:
    """Title of an item: record, song, and the take or revision."""
    address = parse_address(item.address)
    record = state.catalog.record(address.path[0])
    if item.kind == "master":
        return f"{record.title} · {address.revision[0]}{address.revision[1]}" if address.revision else record.title
    song = state.catalog.song("/".join(address.path[:2]))
    if item.kind == "mix" and address.revision:
        return f"{record.title} · {song.title} · mix{address.revision[1]}"
    part = state.catalog.part("/".join(address.path))
    take = state.takes_of(part.part).takes[number_of(item.address)]
    words = [record.title, song.title, part.name, f"take {take.number}"]
    words += [f"pass {take.ingested.pass_number}"] if take.ingested.pass_number else []
    words += [part.player] if part.player else []
    return " · ".join([*words, clock(take.frames, take.rate)])


def blind_title_of(state: RecordState, item: QueueItem) -> str:
    """Title of an item without what tells it apart: record, song and part, or that it is a mix or a master."""
    address = parse_address(item.address)
    record = state.catalog.record(address.path[0])
    if item.kind == "master":
        return f"{record.title} · a master"
    song = state.catalog.song("/".join(address.path[:2]))
    what = "a mix" if item.kind == "mix" else state.catalog.part("/".join(address.path)).name
    return f"{record.title} · {song.title} · {what}"


def facts_of(studio: Studio, item: QueueItem) -> list[str]:
    """Figures of an item, one line each."""
    state = read_record(studio, record_of(item.address)).state
    address = parse_address(item.address)
    if item.kind == "take":
        take = state.takes_of(part_of(item.address)).takes[number_of(item.address)]
        tracks = ", ".join(track.name for track in take.tracks)
        lines = [
            f"{len(take.tracks)} track{'s' if len(take.tracks) > 1 else ''}: {tracks}",
            f"{take.rate} Hz, {take.ingested.bits} bits",
        ]
        lines += [f"starts at {clock(take.start, take.rate)}"] + (
            [f"recorded {r}"] if (r := take.ingested.recorded_on) else []
        )
        lines += filter(None, [take.lossy_remark])
        lines += levels_of(studio, {track.name: track.sound for track in take.tracks})
        return [*lines, *(f"take check: {warning}" for warning in take.ingested.warnings)]
    if item.kind == "mix" and address.revision:
        song, number = "/".join(address.path), address.revision[1]
        revision = state.mixes.get(song, Mixes()).revision(song, number)
        prints = [
            f"{one.name}: {clock(one.sound.frames, one.sound.rate)}, {one.sound.pcm[:12]}"
            for one in mix_prints(state, song, number)
        ]
        return [
            f"made {'from a recipe' if revision.made.source == 'recipe' else 'outside'}",
            *not_reproducible(state, song, number),
            *prints,
            *levels_of(studio, {one.name: one.sound for one in mix_prints(state, song, number)}),
            f"output {item.output}",
        ]
    master = state.masters.get(address.path[0], Masters()).master(
        address.path[0], address.revision[1] if address.revision else 0
    )
    rows = [(file, file.measures) for file in master_files(state, master) if file.sound]
    return [
        f"{file.target} {file.number:02d} {slug_of(file.song)}: {measures.get('integrated_lufs')} LUFS, "
        f"{measures.get('true_peak_dbtp')} dBTP"
        for file, measures in rows
    ] + [f"output {item.output}"]


def levels_of(studio: Studio, sounds: Mapping[str, Sound]) -> list[str]:
    """Measured loudness and peaks of *sounds* by name, one line each.

    Raises:
        Unsound: a file cannot be read.
    """
    from dsp.meter.loudness import measure  # numba, which no prompt imports before it is needed
    from orchestrator.desk.record_state.revisions import source_of

    vault = Vault(studio.config.vault)
    measured = {name: measure(source_of(vault, sound)) for name, sound in sounds.items()}
    return [
        f"{name}: {_level(own.integrated_lufs)} LUFS, {_level(own.true_peak_dbtp)} dBTP, peak "
        f"{_level(own.sample_peak_dbfs)} dBFS"
        for name, own in measured.items()
    ]


def _level(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"
