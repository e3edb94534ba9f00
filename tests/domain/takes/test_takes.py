import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.frames import Range
from domain.core.refusal import Misused, NotFound, Refused
from domain.takes.take_verdicts import set_comp
from domain.takes.takes import CompSet, TakeJudged, Takes, Track, evolve, ingest, sound_of
from tests.domain.paper import DRUMS, Paper, spans, take, tin_roof, track


def drums(*takes: int, frames: int = 480_000, at: int = 0) -> Paper:
    paper = tin_roof()
    paper.say(*(take(number, frames=frames, at=at) for number in takes))
    return paper


def put(takes: Takes, tracks: tuple[Track, ...], **more: object) -> tuple[int, list]:
    return ingest(takes, part=DRUMS, tracks=tracks, **{"bits": 24, "starts_at": 0, **more})


KIT = tuple(track(name, "first") for name in ("kick", "snare", "left", "right"))


def test_sixteen_files_that_must_not_drift_are_one_take() -> None:
    kit = tuple(track(f"mic-{number:02d}") for number in range(16))
    number, (event,) = put(Takes(), kit, starts_at=4_896_000, pass_number=3)
    assert (number, event.take, len(event.tracks)) == (1, f"{DRUMS}/1", 16)
    there = evolve(Takes(), event).takes[1]
    assert (there.start, there.end, there.rate) == (4_896_000, 5_376_000, 48_000)


def test_the_same_audio_again_is_the_same_take_whatever_its_files_are_called_and_in_whatever_order() -> None:
    _, events = put(Takes(), KIT)
    takes = evolve(Takes(), *events)
    renamed = tuple(one.model_copy(update={"name": f"copy-of-{one.name}", "file": "x.wav"}) for one in KIT)
    assert put(takes, KIT, starts_at=48_000) == put(takes, renamed) == put(takes, KIT[::-1]) == (1, [])
    number, new = put(takes, KIT[:2])
    assert (number, len(new)) == (2, 1)


def test_the_same_loop_on_two_tracks_of_a_take_is_two_tracks() -> None:
    silent = tuple(Track(name=f"mic-{number}", sound=KIT[0].sound, file="x.wav") for number in range(16))
    _, events = put(Takes(), silent)
    assert put(evolve(Takes(), *events), silent[:15])[0] == 2


def test_tracks_of_different_rate_or_length_are_no_take() -> None:
    for odd in (track("room", frames=479_999), track("room", rate=44_100)):
        with pytest.raises(Refused, match=r"take\.tracks: .* one rate and length"):
            put(Takes(), (*KIT, odd))


def test_two_tracks_of_one_name_are_no_take() -> None:
    with pytest.raises(Refused, match=r"take\.tracks: two tracks share a name"):
        put(Takes(), (KIT[0], track("kick", "another")))


def test_a_take_number_is_never_given_twice() -> None:
    takes = evolve(evolve(Takes(), take(1)), take(7))
    assert put(takes, KIT)[0] == 8


def test_a_verdict_repeated_yields_nothing_new() -> None:
    paper = drums(1)
    for verdict in ("kept", "held", "rejected", "approved"):
        assert paper.judge(f"{DRUMS}/1", verdict)
        assert paper.judge(f"{DRUMS}/1", verdict) == []


def test_an_approval_is_said_again_once_another_take_was_painted_over_it() -> None:
    paper = drums(1, 2)
    paper.judge(f"{DRUMS}/1", "approved")
    paper.judge(f"{DRUMS}/2", "approved")
    assert paper.judge(f"{DRUMS}/1", "approved")
    assert paper.state.comp(DRUMS).used == (1,)


def test_what_was_said_of_other_takes_does_not_make_an_old_word_new() -> None:
    paper = drums(1, 2, 3)
    paper.judge(f"{DRUMS}/1", "kept")
    paper.judge(f"{DRUMS}/2", "approved")
    paper.judge(f"{DRUMS}/3", "rejected")
    assert paper.judge(f"{DRUMS}/1", "kept") == paper.judge(f"{DRUMS}/2", "approved") == []


def test_a_rejected_take_can_be_approved_again() -> None:
    paper = drums(1)
    for verdict in ("approved", "rejected", "approved"):
        assert paper.judge(f"{DRUMS}/1", verdict)
    assert paper.state.comp(DRUMS).used == (1,)


def test_circling_a_take_that_is_used_leaves_it_used() -> None:
    paper = drums(1)
    paper.judge(f"{DRUMS}/1", "approved")
    paper.judge(f"{DRUMS}/1", "kept")
    assert paper.state.takes_of(DRUMS).takes[1].verdict == "approved"
    assert paper.state.comp(DRUMS).used == (1,)


def test_a_span_is_cut_to_where_the_take_sounds() -> None:
    paper = drums(1, at=48_000)
    (said,) = paper.judge(f"{DRUMS}/1", "approved", (0, 96_000))
    assert isinstance(said, TakeJudged)
    assert said.range == Range(start=48_000, end=96_000)
    assert paper.judge(f"{DRUMS}/1", "approved", (24_000, 96_000)) == []


@pytest.mark.parametrize("span", [(0, 48_000), (528_000, 600_000), (60_000, 60_000), (70_000, 60_000)])
def test_a_span_that_is_empty_or_outside_the_take_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(Misused, match=r"take\.span"):
        drums(1, at=48_000).judge(f"{DRUMS}/1", "approved", span)


@pytest.mark.parametrize("verdict", ["kept", "held", "rejected"])
def test_only_an_approval_takes_a_span(verdict: str) -> None:
    with pytest.raises(Misused, match="only an approval"):
        drums(1).judge(f"{DRUMS}/1", verdict, (0, 48_000))


def test_an_unknown_take_is_not_found() -> None:
    with pytest.raises(NotFound, match=r"take\.unknown"):
        drums(1).judge(f"{DRUMS}/2", "approved")


def painted(paper: Paper, wanted: dict[int, int | None]) -> list:
    state = paper.state
    new = set_comp(
        state.takes_of(DRUMS),
        state.judgements.get(DRUMS, ()),
        part=DRUMS,
        spans=spans(wanted),
        by="pat",
        role="producer",
    )
    paper.say(*new)
    return new


def test_a_comp_set_at_once_approves_its_takes_and_again_yields_nothing() -> None:
    paper = drums(1, 2, 3)
    assert isinstance(painted(paper, {0: 1, 100: 3, 200: None})[0], CompSet)
    assert painted(paper, {0: 1, 100: 3, 200: None}) == []
    assert [one.verdict for one in paper.state.takes_of(DRUMS).takes.values()] == ["approved", None, "approved"]
    paper.judge(f"{DRUMS}/3", "rejected")
    assert painted(paper, {0: 1, 100: 3, 200: None})


@pytest.mark.parametrize("starts", [(), (100, 0), (0, 0)])
def test_a_comp_names_its_spans_in_the_order_of_time(starts: tuple[int, ...]) -> None:
    with pytest.raises(Misused, match=r"comp\.order"):
        set_comp(
            Takes(),
            (),
            part=DRUMS,
            spans=tuple(spans({start: None})[0] for start in starts),
            by="pat",
            role="producer",
        )


def test_a_comp_of_an_unknown_take_is_not_found() -> None:
    with pytest.raises(NotFound, match=r"take\.unknown"):
        painted(drums(1), {0: 1, 100: 2})


@given(st.lists(st.text("abc", min_size=1, max_size=2), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_what_a_take_sounds_like_is_the_bag_of_its_tracks(names: list[str], random: object) -> None:
    tracks = [track(name) for name in names]
    mixed = sorted(tracks, key=lambda _: random.random())
    assert sound_of(tracks) == sound_of(mixed)
    assert sound_of(tracks) != sound_of([*tracks, tracks[0]])
