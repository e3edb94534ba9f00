"""Coverage: which section of a song has a keeper of which part."""

from hypothesis import given
from hypothesis import strategies as st

from domain.completion.coverage import coverage
from domain.label.catalog import PartAdded
from domain.song.form import Section, SongFormed
from tests.domain.paper import DRUMS, ROOF, Paper, take, tin_roof

VOCAL = f"{ROOF}/lead-vocal"


def formed(*parts: PartAdded) -> Paper:
    """A song of verse1 (0 to 100), chorus1 (100 to 200) and verse2 (200 to 300), with takes of 300 frames."""
    paper = tin_roof(*parts)
    names = ("verse1", "chorus1", "verse2")
    paper.say(
        SongFormed(
            song=ROOF,
            sections=tuple(Section(name=name, start=100 * n, end=100 * n + 100) for n, name in enumerate(names)),
        )
    )
    return paper


def test_a_section_is_kept_partly_or_to_judge() -> None:
    paper = formed()
    (before,) = coverage(paper.state, ROOF)
    assert dict(before.sections) == {"verse1": "none", "chorus1": "none", "verse2": "none"}
    paper.say(take(1, frames=250))
    paper.judge(f"{DRUMS}/1", "approved", (0, 150))
    paper.say(take(2, at=200, frames=50))
    (cover,) = coverage(paper.state, ROOF)
    assert dict(cover.sections) == {"verse1": "kept", "chorus1": "partly", "verse2": "takes"}
    assert (cover.kept, cover.unheard, cover.missing) == (True, 1, ()), "wanted in the whole song, not in each section"


def test_a_part_wanted_in_sections_by_name_lacks_those_without_a_keeper() -> None:
    paper = formed(PartAdded(part=VOCAL, name="Lead Vocal", sections=("verse1", "verse2", "bridge")))
    paper.say(take(1, VOCAL, frames=300))
    paper.judge(f"{VOCAL}/1", "approved", (0, 120))
    (cover,) = coverage(paper.state, ROOF)
    assert dict(cover.sections) == {"verse1": "kept", "chorus1": "unwanted", "verse2": "none"}
    assert (cover.missing, cover.unformed) == (("verse2",), ("bridge",))


@given(st.lists(st.tuples(st.integers(0, 299), st.integers(1, 300)), max_size=5))
def test_the_cover_counts_each_frame_once(spans: list[tuple[int, int]]) -> None:
    paper = formed()
    heard: set[int] = set()
    paper.say(take(1, frames=300))
    for start, length in spans:
        end = min(300, start + length)
        paper.judge(f"{DRUMS}/1", "approved", (start, end))
        heard |= set(range(start, end))
    (cover,) = coverage(paper.state, ROOF)
    for number, name in enumerate(("verse1", "chorus1", "verse2")):
        own = heard & set(range(100 * number, 100 * number + 100))
        expected = "kept" if len(own) == 100 else "partly" if own else "none" if heard else "takes"
        assert cover.sections[name] == expected
