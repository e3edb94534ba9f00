from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.address import parse_address
from domain.core.refusal import Misused, NotFound, Refused
from domain.label.catalog import Catalog, CatalogEvent, evolve, set_clock
from domain.label.catalog_additions import add_part, add_song, open_record, part_slug

ROOF = "night-bus/tin-roof"


def after(*events: CatalogEvent, catalog: Catalog | None = None) -> Catalog:
    state = catalog or Catalog()
    for event in events:
        state = evolve(state, event)
    return state


def night_bus() -> Catalog:
    opened = open_record(Catalog(), title="Night Bus", artist="The Ferrymen", due=date(2027, 3, 12), currency="EUR")
    state = after(*opened)
    state = after(*add_song(state, record="night-bus", title="Tin Roof"), catalog=state)
    for name in ("Drums", "Bass", "Lead Vocal"):
        state = after(*add_part(state, song=ROOF, name=name, player="pat"), catalog=state)
    return after(*add_part(state, song=ROOF, name="Click", guide=True), catalog=state)


def test_records_songs_and_parts_are_found_by_their_slugs() -> None:
    state = night_bus()
    assert state.record("night-bus").artist == "The Ferrymen"
    assert list(state.song(ROOF).parts) == ["drums", "bass", "lead-vocal", "click"]
    assert state.part(f"{ROOF}/lead-vocal").name == "Lead Vocal"
    assert list(state.song(ROOF).non_guides) == ["drums", "bass", "lead-vocal"]


def test_what_is_not_there_is_not_found() -> None:
    for rule, ask in {
        "record.unknown": lambda: night_bus().record("day-bus"),
        "song.unknown": lambda: night_bus().part("night-bus/ferry-song/drums"),
        "part.unknown": lambda: night_bus().part(f"{ROOF}/tuba"),
    }.items():
        with pytest.raises(NotFound, match=rule):
            ask()


def test_the_same_record_song_and_part_again_yield_nothing_new() -> None:
    state = night_bus()
    assert open_record(state, title="Night Bus", artist="The Ferrymen", due=None, currency="EUR") == []
    assert open_record(state, title="Night Bus", artist="The Ferrymen", due=date(2027, 3, 12), currency="EUR") == []
    assert add_song(state, record="night-bus", title="Tin Roof") == []
    assert add_part(state, song=ROOF, name="Drums", player="pat") == []


def test_a_record_that_is_open_is_not_opened_again_with_another_date() -> None:
    with pytest.raises(Refused, match="2027-03-12, not 2027-04-01"):
        open_record(night_bus(), title="Night Bus", artist="The Ferrymen", due=date(2027, 4, 1), currency="EUR")


def test_the_same_title_by_another_artist_is_another_record() -> None:
    (opened,) = open_record(night_bus(), title="Night Bus", artist="Others", due=None, currency="EUR")
    assert opened.record == "night-bus-2"


def test_two_titles_of_one_slug_are_two_songs() -> None:
    (added,) = add_song(night_bus(), record="night-bus", title="Tin roof!")
    assert added.song == "night-bus/tin-roof-2"


def test_a_song_like_another_takes_over_its_parts_and_their_players() -> None:
    state = night_bus()
    new = add_song(state, record="night-bus", title="Ferry Song", like=ROOF)
    state = after(*new, catalog=state)
    ferry = state.song("night-bus/ferry-song")
    assert list(ferry.parts) == list(state.song(ROOF).parts)
    assert {part.player for part in ferry.non_guides.values()} == {"pat"}
    assert ferry.parts["click"].guide
    assert add_song(state, record="night-bus", title="Ferry Song", like=ROOF) == []


@pytest.mark.parametrize("title", ["1999", "22", "\uff17", "٣"])
def test_a_song_or_part_called_by_a_bare_number_never_reads_as_a_take(title: str) -> None:
    (song,) = add_song(night_bus(), record="night-bus", title=title)
    (part,) = add_part(night_bus(), song=ROOF, name=title)
    for id_ in (song.song, part.part):
        assert parse_address(id_).take is None
        assert "/".join(parse_address(id_).path) == id_


def test_part_slugs_of_one_name_are_told_apart() -> None:
    assert part_slug("808", {"part-808"}) == "part-808-2"


def test_a_guide_is_neither_optional_nor_a_stack() -> None:
    for flags in ({"optional": True}, {"stack": True}):
        with pytest.raises(Misused, match=r"part\.guide"):
            add_part(night_bus(), song=ROOF, name="Guide Vocal", guide=True, **flags)


def test_the_first_take_sets_the_rate_and_another_rate_is_refused() -> None:
    state = night_bus()
    state = after(*set_clock(state.song(ROOF), rate=48_000, bits=24, zero=None), catalog=state)
    with pytest.raises(Refused, match=r"rate\.match: .* runs at 48000 Hz, this is 44100 Hz") as refusal:
        set_clock(state.song(ROOF), rate=44_100, bits=24, zero=None)
    assert refusal.value.values["rate"] == 48_000
    assert set_clock(state.song(ROOF), rate=48_000, bits=16, zero=None) == []


@pytest.mark.parametrize("rate", [1, 8_000, 22_050, 47_999, 384_000])
def test_a_rate_no_song_runs_at_is_refused(rate: int) -> None:
    with pytest.raises(Refused, match=r"rate\.match"):
        set_clock(night_bus().song(ROOF), rate=rate, bits=24, zero=None)


def test_a_zero_is_set_once_by_the_first_take_that_has_one() -> None:
    state = night_bus()
    for zero in (None, 1_000, 2_000, None):
        state = after(*set_clock(state.song(ROOF), rate=48_000, bits=24, zero=zero), catalog=state)
    clock = state.song(ROOF).clock
    assert clock is not None
    assert (clock.zero, clock.bits) == (1_000, 24)


TITLES = st.sampled_from(["Tin Roof", "tin roof", "Ferry", "Ferry?", "22", "夜", "Night"])


@given(st.lists(st.tuples(TITLES, TITLES), max_size=8))
def test_any_catalog_holds_each_title_once_and_repeats_yield_nothing(wanted: list[tuple[str, str]]) -> None:
    state = after(*open_record(Catalog(), title="Night Bus", artist="The Ferrymen", due=None, currency="EUR"))
    for song, part in wanted:
        state = after(*add_song(state, record="night-bus", title=song), catalog=state)
        id_ = next(found.id for found in state.songs_of("night-bus") if found.title == song)
        state = after(*add_part(state, song=id_, name=part), catalog=state)
        assert add_song(state, record="night-bus", title=song) == []
        assert add_part(state, song=id_, name=part) == []
    titles = [song.title for song in state.songs_of("night-bus")]
    assert titles == list(dict.fromkeys(song for song, _ in wanted))
