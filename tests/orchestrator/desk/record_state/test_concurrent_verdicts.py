"""Concurrent verdicts: if somebody judged an item after the caller read it, the caller's verdict is refused."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from domain.core.address import parse_address
from domain.core.event import Event
from domain.core.refusal import Clash, Refused
from orchestrator.desk.mixes.mixes import judge_revision
from orchestrator.desk.review.notes import add_note
from orchestrator.desk.review.undo import undo_last
from orchestrator.desk.takes.takes import judge_takes, paint
from orchestrator.log.append_condition import Condition
from orchestrator.studio import TRIES, Studio
from tests.domain.night_shift import NightShift
from tests.domain.paper import DRUMS, ROOF
from tests.domain.production import Production, take_one_instead
from tests.orchestrator.label import Label
from tests.orchestrator.written import MIX, production, write

Desk = tuple[Label, Production, NightShift]


class Interrupted(Studio):
    """A studio in which each of *others* acts, one before each append, between the read and the append."""

    others: Sequence[Callable[[], object]] = ()

    def _append(self, events: Sequence[Event], condition: Condition | None, why: str | None, **more: Any) -> None:
        if self.others:
            now, *self.others = self.others
            now()
        super()._append(events, condition, why, **more)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return production(tmp_path)


@pytest.fixture
def pat(desk: Desk) -> Iterator[Interrupted]:
    with Interrupted.at(str(desk[0].folder), "pat") as studio:
        yield studio


def verdicts(label: Label) -> list[str]:
    kinds = {"verdict-given", "take-judged", "comp-set"}
    return [f"{row['actor']} {row['what']}" for row in label.data("log", "show") if row["kind"] in kinds]


def test_a_newer_verdict_on_a_mix_is_told_and_not_decided_over(desk: Desk, pat: Interrupted) -> None:
    label, *_ = desk
    pat.others = [lambda: label.does("mix", "reject", MIX, "--as", "lea")]
    with pytest.raises(Clash, match=r"review\.meanwhile: lea decided in the meantime: .*@mix1 rejected"):
        judge_revision(pat, parse_address(MIX), "held")
    assert verdicts(label)[-1].startswith(f"lea {MIX} rejected")


def test_a_verdict_on_a_named_output_is_not_decided_over_a_newer_one_either(desk: Desk, pat: Interrupted) -> None:
    label, paper, _ = desk
    pat.others = [lambda: label.does("mix", "reject", MIX, "--as", "lea")]
    with pytest.raises(Clash, match=r"review\.meanwhile"):
        judge_revision(pat, parse_address(MIX), "held", presented=(paper.mix().output or "")[:12])
    assert verdicts(label)[-1].startswith(f"lea {MIX} rejected")


def test_a_verdict_that_was_taken_back_meanwhile_is_told(desk: Desk, pat: Interrupted) -> None:
    label, *_ = desk
    pat.others = [lambda: label.does("undo", MIX, "--yes", "--as", "pat")]
    with pytest.raises(Clash, match=r"review\.meanwhile: pat decided in the meantime: took back: .*@mix1"):
        judge_revision(pat, parse_address(MIX), "held")


def test_a_mix_that_sounds_different_by_now_is_not_signed_unheard(desk: Desk, pat: Interrupted) -> None:
    label, paper, night = desk
    label.does("mix", "reject", MIX, "--as", "lea")

    def changed() -> None:
        known = len(paper.history)
        take_one_instead(paper)
        night.work()
        write(label.folder, paper.history[known:])

    pat.others = [changed]
    with pytest.raises(Clash, match=r"approve\.changed"):
        judge_revision(pat, parse_address(MIX), "approved")
    assert "@mix1" not in verdicts(label)[-1], "nothing was said of the mix since"


def test_a_mix_whose_render_is_owed_by_now_is_refused_as_pending(desk: Desk, pat: Interrupted) -> None:
    label, paper, _ = desk

    def decided() -> None:
        known = len(paper.history)
        take_one_instead(paper)
        write(label.folder, paper.history[known:])

    pat.others = [decided]
    with pytest.raises(Refused, match=r"approve\.pending"):
        judge_revision(pat, parse_address(MIX), "held")


def test_what_does_not_touch_the_verdict_only_makes_it_look_again(desk: Desk, pat: Interrupted) -> None:
    label, *_ = desk
    pat.others = [
        lambda: label.does("note", ROOF, "more cowbell", "--as", "lea"),
        lambda: label.does("part", "add", ROOF, "Cowbell", "--as", "lea"),
    ]
    judge_revision(pat, parse_address(MIX), "held")
    assert verdicts(label)[-1].startswith(f"pat {MIX} held")


@pytest.mark.parametrize(
    "words",
    [
        ("take", "reject", f"{DRUMS}/1"),
        ("comp", "set", DRUMS, "0:00=2", "0:02=1"),
    ],
)
def test_a_newer_word_on_a_take_is_told(desk: Desk, pat: Interrupted, words: tuple[str, ...]) -> None:
    label, *_ = desk
    pat.others = [lambda: label.does(*words, "--as", "lea")]
    with pytest.raises(Clash, match=r"review\.meanwhile: lea decided in the meantime"):
        judge_takes(pat, [f"{DRUMS}/1"], "approved")
    assert verdicts(label)[-1].startswith("lea ")


def test_a_word_on_another_take_leaves_ours_to_be_said(desk: Desk, pat: Interrupted) -> None:
    label, *_ = desk
    pat.others = [lambda: label.does("take", "keep", f"{DRUMS}/2", "--as", "lea")]
    judge_takes(pat, [f"{DRUMS}/1"], "approved")
    assert verdicts(label)[-1] == f"pat {DRUMS}/1 approved"


def test_a_comp_is_not_painted_over_what_somebody_painted_meanwhile(desk: Desk, pat: Interrupted) -> None:
    label, *_ = desk
    pat.others = [lambda: label.does("take", "approve", f"{DRUMS}/1", "--as", "lea")]
    with pytest.raises(Clash, match=r"review\.meanwhile"):
        paint(pat, DRUMS, ["0:00=2", "0:01=1"])


def test_of_two_who_looked_at_the_same_moment_one_is_told(desk: Desk) -> None:
    label, *_ = desk
    line = Barrier(2)

    def judge(name: str) -> str:
        with Studio.at(str(label.folder), name) as studio:
            since = studio.head()
            line.wait()
            try:
                judge_revision(studio, parse_address(MIX), "rejected" if name == "pat" else "held", since=since)
            except Clash as clash:
                return clash.rule
            return "said"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(judge, ["pat", "lea"])) == ["review.meanwhile", "said"]


def test_undo_takes_back_what_was_meant_or_says_that_something_newer_was_said(desk: Desk, pat: Interrupted) -> None:
    label, *_ = desk
    judge_takes(pat, [f"{DRUMS}/1"], "kept")
    pat.others = [lambda: label.does("mix", "reject", MIX, "--as", "pat")]
    with pytest.raises(Clash, match=r"undo\.meanwhile"):
        undo_last(pat, None, agree=lambda _: None)
    assert verdicts(label)[-1].startswith(f"pat {MIX} rejected")


def test_a_decision_gives_up_after_a_bounded_number_of_tries(desk: Desk, pat: Interrupted) -> None:
    label, *_ = desk
    texts = iter(range(10 * TRIES))
    pat.others = [lambda: label.does("note", ROOF, f"note {next(texts)}", "--as", "lea") for _ in range(TRIES)]
    before = label.head
    with pytest.raises(Clash, match=r"log\.busy"):
        add_note(pat, parse_address(ROOF), "mine")
    assert label.head == before + TRIES
    add_note(pat, parse_address(ROOF), "mine")
    assert label.head == before + TRIES + 1
