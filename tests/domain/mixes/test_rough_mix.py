"""Rough mix of a song: the sound pinned last."""

from domain.mixes.rough_mix import pin
from tests.domain.paper import ROOF, sound
from tests.domain.production import finished


def test_a_rough_is_pinned_once_and_another_one_takes_its_place() -> None:
    paper, _ = finished()
    first, second = sound("rough", channels=2), sound("later", channels=2)
    for pinned in (first, second, first):
        events = pin(paper.state.roughs.get(ROOF), song=ROOF, sound=pinned, origin="rough.wav")
        assert len(events) == 1
        paper.say(*events)
        assert paper.state.roughs[ROOF].sound == pinned
        assert pin(paper.state.roughs[ROOF], song=ROOF, sound=pinned, origin="other name.wav") == []
