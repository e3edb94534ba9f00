"""The take check on demand: the sound of a take, and its length compared with its siblings."""

from collections.abc import Mapping
from pathlib import Path
from statistics import median

from domain.core.address import Address, clock
from domain.takes.takes import Take, Takes
from dsp.audio import Source
from dsp.check.take import check
from dsp.files.sound import inspect
from flows.vault.vault import Vault
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.record_state.revisions import source_of
from orchestrator.desk.takes.takes import parts_read
from orchestrator.studio import Studio

SHORTEST, LONGEST = 0.5, 1.5
"""Range of lengths without a remark, as factors of the median length of a take's siblings."""
SIBLINGS = 2


def check_rows(studio: Studio, address: Address) -> list[Row]:
    """One row for each finding about the take at a full *address*.

    Raises:
        NotFound: ``take.unknown``.
        Unsound: a track cannot be read.
    """
    part, song = "/".join(address.path), "/".join(address.path[:2])
    takes = parts_read(studio, song)[part].takes
    take = takes.take(part, address.take or 0)
    vault = Vault(studio.config.vault)
    sources = {track.name: source_of(vault, track.sound) for track in take.tracks}
    return _sounding(take.ingested.take, sources) + _length(take, takes)


def check_file(path: Path) -> list[Row]:
    """One row for each finding about the sound of a file outside the vault.  Raises: Unsound."""
    inspect(path)
    return _sounding(path.name, {path.stem: Source(path)})


def _sounding(name: str, sources: Mapping[str, Source]) -> list[Row]:
    return [
        {
            "take": name,
            "kind": one.kind,
            "track": one.track,
            "at_s": one.at_s,
            "size": one.size,
            "confidence": one.confidence,
            "count": one.count,
            "what": one.sentence,
        }
        for one in check(sources)
    ]


def _length(take: Take, takes: Takes) -> list[Row]:
    """A finding if a take is much shorter or longer than the takes of its part that start at the same frame."""
    siblings = [one.frames for one in takes.takes.values() if one.start == take.start and one.number != take.number]
    if len(siblings) < SIBLINGS:
        return []
    usual = median(siblings)
    share = take.frames / usual
    if SHORTEST <= share <= LONGEST:
        return []
    what = f"{clock(take.frames, take.rate)} long; the other {len(siblings)} are about {clock(int(usual), take.rate)}"
    confidence = 0.5 if len(siblings) == SIBLINGS else 0.8
    return [
        {
            "take": take.ingested.take,
            "kind": "length",
            "track": "",
            "at_s": 0.0,
            "size": share,
            "confidence": confidence,
            "count": 1,
            "what": what,
        }
    ]
