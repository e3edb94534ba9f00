"""A song's words, form, running order and band comp."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from domain.core.fold import fold_events
from domain.song import arrangement, band_comp, lyrics, song_edit
from domain.song.arrangement import Arrangement
from domain.song.band_comp import BandParts
from domain.song.lyrics import LineTime, Lyrics
from domain.song.song_edit import SongEdit
from domain.song.tempo import read_tempo_map
from domain.takes import takes
from domain.takes.takes import Takes
from tests.domain.cases.case import Case, Decide
from tests.domain.paper import ROOF, sha, take
from tests.domain.songs import FORM, sections

PRODUCER: Final = {"by": "pat", "role": "producer"}

BAND = BandParts(
    ROOF,
    48_000,
    Arrangement(),
    {
        "drums": fold_events(
            takes.evolve,
            Takes(),
            (take(n, frames=900).model_copy(update={"pass_number": n}) for n in (1, 2)),
        )
    },
)


MARKED = replace(
    BAND, arrangement=Arrangement(marks={1: sections(), 2: sections("verse1=50", "chorus1=90", "end=400")})
)


def evolve_band(band: BandParts, event: Any) -> BandParts:
    return replace(band, arrangement=arrangement.evolve(band.arrangement, event))


CASES: Final[Mapping[Decide, Case]] = {
    lyrics.attach: Case(
        Lyrics(),
        lyrics.evolve,
        [
            {
                "song": ROOF, "blob": sha(words), "size": 9, "file": f"{words}.txt", "lines": 3,
                "times": [LineTime(line=1, at=at)] if at else [],
            }
            for words in ("first", "second")
            for at in (0, 480)
        ],
    ),
    lyrics.time_lines: Case(
        fold_events(
            lyrics.evolve,
            Lyrics(),
            lyrics.attach(Lyrics(), song=ROOF, blob=sha("words"), size=9, file="words.txt", lines=3, times=[]),
        ),
        lyrics.evolve,
        [
            {"song": ROOF, "times": [LineTime(line=line, at=at) for line, at in times.items()]}
            for times in ({1: 480}, {1: 960, 2: 1_440}, {3: 9_600}, {4: 10_000})
        ],
    ),
    arrangement.form: Case(
        Arrangement(),
        arrangement.evolve,
        [
            {"song": ROOF, "sections": sections(*words), "tempo": tempo}
            for words in (FORM, ("verse1=0", "end=100"))
            for tempo in (None, read_tempo_map(["120"], []), read_tempo_map(["96"], ["3/4"]))
        ],
    ),
    song_edit.edit_song: Case(
        Arrangement(sections=sections()),
        arrangement.evolve,
        [
            {"edit": edit, "song": ROOF, **PRODUCER}
            for edit in (
                SongEdit("moved", "verse2", "verse1"), SongEdit("moved", "intro", "outro", after=True),
                SongEdit("repeated", "chorus1"), SongEdit("repeated", "outro", times=3), SongEdit("cut", "intro"),
                SongEdit("cut", "chorus1"), SongEdit("reset"),
            )
        ],
    ),
    band_comp.mark: Case(
        BAND,
        evolve_band,
        [
            {"pass_number": number, "sections": sections(*words)}
            for number in (1, 2)
            for words in (FORM, ("verse1=0", "end=100"))
        ],
    ),
    band_comp.set_basic: Case(
        MARKED,
        evolve_band,
        [
            {"words": words, "reason": True, **PRODUCER}
            for words in (["@pass1"], ["@pass2"], ["@pass1:intro", "@pass2"], ["@pass1:intro-chorus1"])
        ],
    ),
}  # fmt: skip
