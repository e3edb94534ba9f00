"""A log in memory: events are folded as they are recorded, for tests of the rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

from domain.core.event import EPOCH, Event, Recorded
from domain.core.frames import Range
from domain.core.ids import part_of
from domain.label.catalog import PartAdded, RecordOpened, SongAdded
from domain.render.jobs import Sound
from domain.status.record_fold import fold
from domain.status.record_state import RecordState
from domain.status.undo import undo
from domain.takes.take_verdicts import judge
from domain.takes.takes import CompSpan, TakeEvent, TakeIngested, TakeVerdict, Track

ROOF = "night-bus/tin-roof"
DRUMS = f"{ROOF}/drums"
RATE = 48_000
BEGAN_US = (datetime(2026, 12, 7, 10, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)


def sha(*words: object) -> str:
    return sha256(" ".join(map(str, words)).encode()).hexdigest()


def sound(*words: object, frames: int = 480_000, rate: int = RATE, channels: int = 1) -> Sound:
    """A sound identified by *words*."""
    return Sound(
        blob=sha("blob", *words), size=1_000, pcm=sha("pcm", *words), rate=rate, frames=frames, channels=channels
    )


def track(name: str, *words: object, frames: int = 480_000, rate: int = RATE) -> Track:
    return Track(name=name, sound=sound(name, *words, frames=frames, rate=rate), file=f"{name}.wav")


def take(
    number: int, part: str = DRUMS, *, tracks: Iterable[str] = ("kick", "snare"), at: int = 0, frames: int = 480_000
) -> TakeIngested:
    cut = tuple(track(name, part, number, frames=frames) for name in tracks)
    return TakeIngested(take=f"{part}/{number}", part=part, tracks=cut, bits=24, starts_at=at)


def spans(painted: Mapping[int, int | None]) -> tuple[CompSpan, ...]:
    return tuple(CompSpan(start=start, take=number) for start, number in painted.items())


@dataclass
class Paper:
    """The events recorded so far."""

    history: list[Recorded[Event]] = field(default_factory=list)

    def say(self, *events: Event, by: str = "pat") -> list[UUID]:
        """Record *events* as one decision."""
        at, correlation = BEGAN_US + 1_000_000 * len(self.history), uuid4().bytes
        for event in events:
            position = len(self.history) + 1
            self.history.append(Recorded(position, event, by, "", None, b"", uuid4().bytes, None, at, correlation))
        return [recorded.id for recorded in self.history[-len(events) :]] if events else []

    def judge(
        self, id_: str, verdict: TakeVerdict, span: tuple[int, int] | None = None, by: str = "pat"
    ) -> list[TakeEvent]:
        part, state = part_of(id_), self.state
        new = judge(
            state.takes_of(part),
            state.judgements.get(part, ()),
            take=id_,
            verdict=verdict,
            span=Range(start=span[0], end=span[1]) if span else None,
            by=by,
            role="producer",
        )
        self.say(*new, by=by)
        return new

    def undo(self, by: str = "pat") -> None:
        self.say(*undo(self.history, by=by), by=by)

    @property
    def state(self) -> RecordState:
        return fold(self.history)


def tin_roof(*parts: PartAdded, title: str = "Tin Roof") -> Paper:
    """A record of one song with drums, or with *parts*."""
    paper = Paper()
    paper.say(
        RecordOpened(record="night-bus", title="Night Bus", artist="The Ferrymen", currency="EUR"),
        SongAdded(song=ROOF, title=title),
        *(parts or (PartAdded(part=DRUMS, name="Drums"),)),
    )
    return paper
