"""Addresses forgive titles and near misses."""

from pathlib import Path

import pytest

from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import note


@pytest.fixture
def band(tmp_path: Path) -> Label:
    label = open_label(tmp_path, "Drums", "Lead Vocal")
    label.does("record", "new", "Low Tide", "--artist", "The Ferrymen")
    label.does("song", "add", "low-tide", "Anchor")
    label.does("take", "ingest", f"{SONG}/lead-vocal", note(tmp_path / "vocal.wav", 300, seconds=0.5))
    return label


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("Tin Roof", SONG),
        ("tin roof", SONG),
        ("Night Bus/Tin Roof", SONG),
        ("Low Tide", "low-tide"),
        ("night-bus/Tin Roof/Lead Vocal", f"{SONG}/lead-vocal"),
    ],
)
def test_a_title_stands_for_its_slug(band: Label, typed: str, address: str) -> None:
    assert band.data("log", "show", typed) == band.data("log", "show", address) != []


def test_a_take_of_a_part_can_be_named_by_titles(band: Label) -> None:
    assert band.data("take", "show", "Tin Roof/Lead Vocal/1")["take"] == f"{SONG}/lead-vocal/1"


def test_a_new_title_is_found_though_the_address_stays(band: Label) -> None:
    band.does("song", "rename", SONG, "Slate Roof")
    assert band.data("part", "list", "Slate Roof") == band.data("part", "list", SONG)


def test_a_title_that_two_songs_have_is_not_guessed(band: Label) -> None:
    band.does("song", "add", "low-tide", "Tin Roof")
    assert band.refuses(2, "part", "list", "Tin Roof").rule == "address"


@pytest.mark.parametrize("typed", ["night-bus/tin-rof", "nightbus/tin-roof", "tin-roof", "tin-rooof"])
def test_a_near_miss_is_answered_with_the_right_address(band: Label, typed: str) -> None:
    said = band.refuses(4, "part", "list", typed)
    assert f"did you mean {SONG}?" in said.err


def test_nothing_is_suggested_for_what_is_not_near(band: Label) -> None:
    assert "did you mean" not in band.refuses(4, "part", "list", "quite-another").err


def test_songs_of_a_plan_and_of_an_order_are_named_by_title_slug_or_address(released: Label) -> None:
    released.does("song", "add", "night-bus", "Rain, Rain")
    plan = ("master", "plan", "night-bus", "--as", "pat", "--target", "streaming")
    first = released.data(*plan, "--songs", "tin-roof")["address"]
    assert released.data(*plan, "--songs", "Tin Roof")["address"] == first, "the same plan again"
    assert released.data(*plan, "--songs", "TIN roof")["address"] == first, "in any case"
    assert released.data(*plan, "--without", "Rain, Rain")["address"] == first
    assert released.data(*plan, "--without", "RAIN, rain")["address"] == first, "a title with a comma, in any case"
    released.does("song", "order", "night-bus", "Rain, Rain", "tin roof")
    listed = [row["address"] for row in released.data("song", "list", "night-bus")]
    assert listed == ["night-bus/rain-rain", SONG]


def test_a_song_of_a_plan_that_is_nearly_right_is_answered_with_the_right_one(released: Label) -> None:
    for code, typed in ((2, "Tin Rof"), (4, "tin-rof")):
        said = released.refuses(code, "master", "plan", "night-bus", "--as", "pat", "--songs", typed)
        assert f"did you mean {SONG}?" in said.err


def test_of_equal_ends_the_one_where_you_are_is_suggested_and_a_take_keeps_its_number(band: Label) -> None:
    band.does("part", "add", "low-tide/anchor", "Lead Vocal")
    for place in (SONG, "low-tide/anchor"):
        band.does("at", place)
        assert f"did you mean {place}/lead-vocal/2?" in band.refuses(4, "take", "show", "lead-vocl/2").err
