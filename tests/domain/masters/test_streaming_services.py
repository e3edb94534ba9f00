"""Effect of streaming services on a master: their own examples, and properties of every file."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.masters.streaming_services import NOT_PUBLISHED, SERVICES, Service, advise


def test_spotify_lifts_its_own_example_as_far_as_it_says() -> None:
    advice = advise(SERVICES["Spotify"], Decimal(-20), Decimal(-5))
    assert (advice.gain_db, advice.plays_at_lufs) == (4, -16)  # its support page: -20 LUFS at -5 dBTP plays at -16
    assert str(advice) == "turned up by 4 dB"


@pytest.mark.parametrize(
    ("name", "lufs", "dbtp", "said"),
    [
        ("Spotify", "-9.3", "-0.2", "turned down by 4.7 dB; 0.8 dB too little headroom"),
        ("YouTube", "-18", "-6", "played as it is"),
        ("Apple Music", "-16", "-1", "played as it is"),
        ("Apple Music", "-20", "-1", "played as it is, or turned up: not published"),
        ("Deezer", "-20", "-9", "played as it is, or turned up: not published"),
        ("YouTube", "-14", "0.5", "played as it is"),
        ("Amazon Music", "-14", "-1", "played as it is; 1 dB too little headroom"),
        ("Deezer", "-14", "-1", "turned down by 1 dB"),
    ],
)
def test_each_service_says_what_it_does(name: str, lufs: str, dbtp: str, said: str) -> None:
    assert str(advise(SERVICES[name], Decimal(lufs), Decimal(dbtp))) == said


LEVELS = st.decimals(-60, 3, places=2)


@given(st.sampled_from(list(SERVICES.values())), LEVELS, LEVELS)
def test_nothing_plays_louder_than_the_service_and_nothing_is_lifted_into_its_headroom(
    service: Service, lufs: Decimal, dbtp: Decimal
) -> None:
    advice = advise(service, lufs, dbtp)
    assert advice.plays_at_lufs <= max(service.plays_at_lufs, lufs + min(Decimal(0), advice.gain_db))
    assert advice.gain_db <= 0 or dbtp + advice.gain_db <= (service.headroom_dbtp or 0)


def test_every_figure_is_the_service_s_own_or_reported_by_somebody_and_what_nobody_says_is_left_open() -> None:
    for name, service in SERVICES.items():
        for figure, says in (
            (service.plays_at_lufs, service.loudness_says),
            (service.turns_up, service.turning_says),
            (service.headroom_dbtp, service.headroom_says),
        ):
            assert (figure is None) == (says == NOT_PUBLISHED), (name, says)
            assert figure is None or says.startswith((f"{name}, ", "reported by ")), (name, says)
            assert says in service.says
        assert service.seen.year >= 2026
