"""Mixes, masters and the verdicts on them."""

from collections.abc import Mapping
from typing import Any, Final

from domain.core.event import Event, Recorded
from domain.core.fold import fold_events
from domain.label import catalog
from domain.label.catalog import Catalog, PartAdded, RecordOpened, SongAdded
from domain.masters import masters
from domain.masters.masters import Masters, OutsideMaster, OutsideMasterFile, SongBinding
from domain.mixes import mixes, rough_mix, versions
from domain.mixes.mixes import Mixes
from domain.mixes.versions import SummedStem, VersionSummed
from domain.render.jobs import Impulse, Named
from domain.status import revision_edits, verdicts
from domain.status.record_fold import fold
from domain.status.verdicts import Verdicts, derive_status
from domain.takes.outside_comps import CompSubmitted
from tests.domain.cases.case import Case, Decide, latest
from tests.domain.paper import DRUMS, ROOF, Paper, sha, sound
from tests.domain.production import Production, finished

RECORD = "night-bus"
FERRY = "night-bus/ferry-song"

CATALOG = fold_events(
    catalog.evolve,
    Catalog(),
    (
        RecordOpened(record=RECORD, title="Night Bus", artist="The Ferrymen", currency="EUR"),
        SongAdded(song=ROOF, title="Tin Roof"),
        PartAdded(part=DRUMS, name="Drums"),
        PartAdded(part=f"{ROOF}/click", name="Click", guide=True),
    ),
)


SONG = CATALOG.song(ROOF)


MAIN = tuple(Named(name="main", sound=sound("print", n, channels=2)) for n in range(2))


HALL = Impulse(name="hall", file="hall.wav", sound=sound("hall"))


REVERB = '[strips.drums]\nsends = {hall = -12}\n[buses.hall.convolution]\nimpulse = "hall"\n'


def judge_mix(state: Verdicts, *, output: str, verdict: Any, role: Any) -> list[Any]:
    standing = derive_status(state, address=f"{ROOF}@mix1", subject=f"{ROOF}@mix", output=output, files=[output])
    return verdicts.judge(state, standing, record=RECORD, song=ROOF, verdict=verdict, by="pat", role=role)


def outside_master(maker: str, *words: object) -> OutsideMaster:
    file = OutsideMasterFile(target="cd", song=ROOF, sound=sound(*words, channels=2), bits=16, measures={})
    return OutsideMaster(files=(file,), maker=maker, given={ROOF: sha("mix")})


def brought(plan: str, *words: object) -> CompSubmitted:
    named = (Named(name="kick", sound=sound("outside", *words)),)
    return CompSubmitted(part=DRUMS, tracks=named, bits=24, maker="Ann", given=sha(plan))


def recorded(history: tuple[Recorded[Event], ...], event: Event) -> tuple[Recorded[Event], ...]:
    paper = Paper(list(history))
    paper.say(event)
    return tuple(paper.history)


def production() -> Production:
    """A record of two songs with a master, and a second mix that it does not hold."""
    paper, _ = finished()
    paper.revise("[strips.drums]\ngain_db = -9\n")
    return paper


def without_mix2() -> tuple[Recorded[Event], ...]:
    paper = production()
    paper.say(*revision_edits.take_revision_away(paper.state, f"{ROOF}@mix2", absence="removed"))
    return tuple(paper.history)


REVISIONS: Final = (f"{ROOF}@mix1", f"{ROOF}@mix2", f"{RECORD}@master1")

CASES: Final[Mapping[Decide, Case]] = {
    revision_edits.rename_revision: Case(
        tuple(production().history),
        recorded,
        [{"revision": one, "title": title} for one in REVISIONS for title in ("vocal up", "vocal down")],
        lambda history, **command: revision_edits.rename_revision(fold(history), **command),
    ),
    revision_edits.take_revision_away: Case(
        tuple(production().history),
        recorded,
        [{"revision": one, "absence": absence} for one in REVISIONS for absence in ("removed", "shelved")],
        lambda history, **command: revision_edits.take_revision_away(fold(history), **command),
    ),
    revision_edits.restore_revision: Case(
        without_mix2(),
        recorded,
        [{"revision": one} for one in REVISIONS],
        lambda history, **command: revision_edits.restore_revision(fold(history), **command),
    ),
    mixes.revise: Case(
        Mixes(),
        mixes.evolve,
        [
            {"song": SONG, "text": "[strips.drums]\ngain_db = -3\n"},
            {"song": SONG, "text": "[strips.drums]\ngain_db = -4\n"},
            {"song": SONG, "text": "[strips.click]\n"},
            {"song": SONG, "text": REVERB, "brought": {"hall": HALL}},
            {"song": SONG, "text": REVERB},
        ],
    ),
    mixes.submit: Case(
        Mixes(),
        mixes.evolve,
        [
            {"song": SONG, "prints": (main,), "maker": maker, "given": {"drums": sha("drums")}}
            for main in MAIN
            for maker in ("Ann", "Bo")
        ],
    ),
    rough_mix.pin: Case(
        None, latest, [{"song": ROOF, "sound": main.sound, "origin": origin} for main in MAIN for origin in ("a", "b")]
    ),
    versions.sum_version: Case(
        {},
        lambda known, event: {**known, event.version: event},
        [
            {"new": VersionSummed(
                song=ROOF, number=1, version=version, stems=(SummedStem(name=stem, pcm=sha(stem)),),
                sound=MAIN[0].sound, null_cb=None,
            )}
            for version in ("tv", "instrumental") for stem in ("drums", "bass")
        ],
    ),
    masters.plan: Case(
        Masters(),
        masters.evolve,
        [
            {"record": RECORD, "songs": [ROOF, FERRY], "approved": approved, "recipe": masters.draft([target])}
            for approved in ({ROOF: 1, FERRY: 1}, {ROOF: 2, FERRY: 1}, {ROOF: 1})
            for target in ("cd", "streaming")
        ],
    ),
    masters.submit: Case(
        Masters(),
        masters.evolve,
        [
            {
                "record": RECORD, "songs": (SongBinding(song=ROOF, revision=revision),),
                "outside": outside_master(maker, revision),
            }
            for maker in ("Ann", "Bo")
            for revision in (1, 2)
        ],
    ),
    verdicts.judge: Case(
        Verdicts(),
        verdicts.evolve,
        [
            {"output": sha(output), "verdict": verdict, "role": role}
            for output in ("one", "other")
            for verdict in ("approved", "held", "rejected")
            for role in ("producer", "artist")
        ],
        judge_mix,
    ),
}  # fmt: skip
