"""Splits: shares are 100.00 % in all, and a yes counts for the proposal it was given to alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.refusal import Misused, NotFound, Refused
from domain.song.splits import (
    Splits,
    SplitsAgreed,
    agree_splits,
    percent,
    proposal_hash,
    propose_splits,
    read_share,
    splits_after,
)
from tests.domain.paper import ROOF

HALVES = {"ann": 5_000, "lou": 5_000}


def proposed(shares: dict[str, int], splits: Splits | None = None) -> Splits:
    (event,) = propose_splits(splits or Splits(), song=ROOF, shares=shares, by="pat")
    return splits_after([event])


@pytest.mark.parametrize(
    ("text", "points"),
    [("50", 5_000), ("33.34", 3_334), ("0.01", 1), ("100", 10_000), ("33.3", 3_330), ("100.00", 10_000)],
)
def test_a_share_is_read_to_the_hundredth(text: str, points: int) -> None:
    assert read_share(text) == points


@pytest.mark.parametrize("text", ["0", "100.01", "-5", "33.333", "1e1", "NaN", "12,5", "", "½", "\u0665\u0660"])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(Misused, match=r"split\.share"):
        read_share(text)


def test_a_hundredth_of_a_percent_too_much_or_short_is_refused() -> None:
    for points, words in ((4_999, "0.01 % short"), (5_001, "0.01 % too much")):
        with pytest.raises(Refused, match=words):
            propose_splits(Splits(), song=ROOF, shares={"ann": 5_000, "lou": points}, by="pat")


def test_each_yes_counts_until_another_proposal_voids_it() -> None:
    splits = proposed(HALVES)
    assert splits.missing == ("ann", "lou")
    (yes,) = agree_splits(splits, song=ROOF, person="ann")
    assert yes.proposal == proposal_hash(ROOF, HALVES)
    (other,) = propose_splits(splits, song=ROOF, shares={"ann": 6_000, "lou": 4_000}, by="pat")
    (first,) = propose_splits(Splits(), song=ROOF, shares=HALVES, by="pat")
    assert splits_after([first, yes]).missing == ("lou",)
    assert splits_after([first, yes, other]).missing == ("ann", "lou")
    assert splits_after([first, yes, other, first]).missing == ("ann", "lou"), "the first proposal again asks anew"
    assert splits_after([first, other, yes]).missing == ("ann", "lou"), "a yes to another proposal"


def test_only_a_writer_agrees_and_only_to_what_was_shown() -> None:
    splits = proposed(HALVES)
    with pytest.raises(Refused, match=r"split\.writer"):
        agree_splits(splits, song=ROOF, person="pat")
    with pytest.raises(Refused, match=r"split\.changed"):
        agree_splits(splits, song=ROOF, person="ann", proposal="000000")
    assert agree_splits(splits, song=ROOF, person="ann", proposal=splits.proposal[:12])
    with pytest.raises(NotFound, match=r"split\.none"):
        agree_splits(Splits(), song=ROOF, person="ann")


def test_the_hash_of_a_proposal_is_that_of_its_lines() -> None:
    """Written down, so that another program can check a yes."""
    assert proposal_hash(ROOF, {"lou": 5_000, "ann": 5_000}) == proposal_hash(ROOF, HALVES)
    assert proposal_hash(ROOF, HALVES) == "85f56556ce123248f1d61713853cc7c2826b6820104bec230be5e478db36c03b"
    assert proposal_hash("night-bus/other", HALVES) != proposal_hash(ROOF, HALVES)


@given(st.integers(1, 10_000))
def test_a_share_is_written_as_it_is_read(points: int) -> None:
    assert read_share(percent(points).removesuffix(" %")) == points


def test_a_yes_of_somebody_without_a_share_changes_nothing() -> None:
    splits = proposed(HALVES)
    other = SplitsAgreed(song=ROOF, proposal=splits.proposal, person="pat")
    assert splits_after([propose_splits(Splits(), song=ROOF, shares=HALVES, by="pat")[0], other]) == splits
