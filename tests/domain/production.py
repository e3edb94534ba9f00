"""A record in memory with mixes and masters, all of which can be judged."""

from domain.label.catalog import PartAdded, SongAdded
from domain.masters.masters import Masters, draft, plan
from domain.mixes.mixes import Mixes, MixRevised, revise
from domain.render.jobs import Impulse
from domain.status.chosen_mixes import chosen_mixes
from domain.status.master_status import master_status
from domain.status.record_state import mix_status
from domain.status.verdicts import Status, Verdict, VerdictGiven, judge
from domain.takes.takes import TakeVerdict
from tests.domain.night_shift import RECORD, NightShift
from tests.domain.paper import DRUMS, ROOF, Paper, take, tin_roof

FERRY = f"{RECORD}/ferry-song"
BASS = f"{FERRY}/bass"
MIX1 = "[strips.drums]\ngain_db = -3\n[versions.instrumental]\n"


class Production(Paper):
    """A paper with commands for mixes and masters."""

    def revise(self, text: str = MIX1, song: str = ROOF, *impulses: Impulse) -> list[MixRevised]:
        state = self.state
        new = revise(
            state.mixes.get(song, Mixes()),
            state.catalog.song(song),
            text=text,
            brought={one.name: one for one in impulses},
        )
        self.say(*new)
        return new

    def plan(self, *targets: str, as_mixed: bool = True) -> list:
        state = self.state
        songs = [song.id for song in state.catalog.songs_of(RECORD)]
        new = plan(
            state.masters.get(RECORD, Masters()),
            record=RECORD,
            songs=songs,
            approved=chosen_mixes(state, RECORD),
            recipe=draft(targets or ["streaming"], as_mixed=as_mixed),
        )
        self.say(*new)
        return new

    def mix(self, number: int = 1, song: str = ROOF) -> Status:
        return mix_status(self.state, song, number)

    def master(self, number: int = 1) -> Status:
        return master_status(self.state, RECORD, number)

    def verdict(
        self, standing: Status, verdict: Verdict = "approved", *, by: str = "pat", role: str = "producer",
        presented: str | None = None, alternate: bool = False,
    ) -> list[VerdictGiven]:  # fmt: skip
        song = standing.subject.removesuffix("@mix") if standing.subject.endswith("@mix") else None
        new = judge(
            self.state.verdicts,
            standing,
            record=RECORD,
            song=song,
            verdict=verdict,
            by=by,
            role=role,
            presented=presented,
            alternate=alternate,
        )
        self.say(*new, by=by)
        return new

    def drums(self, number: int, verdict: TakeVerdict = "approved") -> None:
        self.judge(f"{DRUMS}/{number}", verdict)


def words(standing: Status) -> str:
    return f"{'lapsed, ' if standing.lapsed else ''}{standing.state}"


def finished(*targets: str, as_mixed: bool = True) -> tuple[Production, NightShift]:
    """A record of two songs, each with an approved mix, and an approved master of them; drums/2 is used."""
    paper = Production(tin_roof().history)
    paper.say(SongAdded(song=FERRY, title="Ferry Song"), PartAdded(part=BASS, name="Bass"), take(1, BASS))
    paper.say(take(1), take(2))
    paper.drums(2)
    paper.judge(f"{BASS}/1", "approved")
    paper.revise()
    paper.revise("[strips.bass]", FERRY)
    night = NightShift(paper)
    assert night.work() == {"edit": 2, "mix": 2}
    paper.verdict(paper.mix())
    paper.verdict(paper.mix(song=FERRY))
    paper.plan(*targets, as_mixed=as_mixed)
    night.work()
    paper.verdict(paper.master())
    assert (words(paper.mix()), words(paper.master())) == ("approved", "approved")
    return paper, night


def take_one_instead(paper: Production) -> None:
    paper.drums(2, "rejected")
    paper.drums(1)
