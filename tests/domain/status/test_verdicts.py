"""The status table, row by row, with the number of renders; and further properties of a status."""

import pytest

from domain.core.refusal import Clash, NotFound, Refused
from domain.label.catalog import PartAdded
from domain.render import jobs
from domain.status.verdicts import Verdict
from tests.domain.night_shift import NightShift, gain_of_its_mixes
from tests.domain.paper import DRUMS, ROOF, take, tin_roof
from tests.domain.production import FERRY, MIX1, Production, finished, take_one_instead, words

# The table of DESIGN.md, row by row.


def test_row_1_drums_2_rejected_and_drums_1_approved() -> None:
    paper, _ = finished()
    take_one_instead(paper)
    assert words(paper.mix()) == "lapsed, pending"
    assert words(paper.master()) == "lapsed, blocked"


def test_row_2_rendered() -> None:
    paper, night = finished()
    take_one_instead(paper)
    assert night.work() == {"edit": 1, "mix": 1}
    assert words(paper.mix()) == "lapsed, to hear"
    assert words(paper.master()) == "lapsed, blocked"
    assert not night.owes()


def test_row_3_mix1_approved_again() -> None:
    paper, night = finished("streaming", "cd")
    before = paper.mix().output
    take_one_instead(paper)
    night.work()
    paper.verdict(paper.mix())
    assert words(paper.mix()) == "approved"
    assert words(paper.master()) == "lapsed, pending"
    approved = [given.output for given in paper.state.verdicts.approvals if given.song == ROOF]
    assert approved == [before, paper.mix().output]
    assert {job.song for job in night.owes().masters} == {ROOF}
    assert night.work() == {"master": 2}
    assert words(paper.master()) == "lapsed, to hear"


def test_row_3_with_a_loudness_that_song_alone_is_owed_where_the_album_gain_comes_out_the_same() -> None:
    paper, night = finished(as_mixed=False)
    take_one_instead(paper)
    night.work()
    paper.verdict(paper.mix())
    assert night.work() == {"gain": 1, "master": 1}


def test_row_3_with_a_loudness_every_song_is_owed_where_the_album_gain_comes_out_another() -> None:
    paper, night = finished(as_mixed=False)
    night.gain = gain_of_its_mixes
    take_one_instead(paper)
    night.work()
    paper.verdict(paper.mix())
    assert night.work() == {"gain": 1, "master": 2}


@pytest.mark.parametrize("as_mixed", [True, False])
@pytest.mark.parametrize("rendered", [True, False])
def test_row_4_drums_back_to_2(*, as_mixed: bool, rendered: bool) -> None:
    paper, night = finished(as_mixed=as_mixed)
    take_one_instead(paper)
    if rendered:
        night.work()
        paper.verdict(paper.mix())
        night.work()
    paper.drums(1, "rejected")
    paper.drums(2)
    assert words(paper.mix()) == words(paper.master()) == "approved"
    assert not night.owes()
    assert night.work() == {}


def test_row_5_mix2_renders_byte_identical_to_mix1() -> None:
    paper, night = finished()
    paper.revise(f"# the same, said otherwise\n{MIX1}")
    assert words(paper.mix(2)) == "pending"
    assert night.work() == {"mix": 1}
    assert words(paper.mix(2)) == words(paper.mix()) == words(paper.master()) == "approved"
    assert not night.owes()


def test_row_6_engine_upgraded(monkeypatch: pytest.MonkeyPatch) -> None:
    paper, night = finished(as_mixed=False)
    for kind in ("edit", "mix", "gain", "master"):
        monkeypatch.setitem(jobs.EPOCHS, kind, jobs.EPOCHS[kind] + 1)
    assert (words(paper.mix()), words(paper.master())) == ("approved", "approved")
    assert not night.owes()
    take_one_instead(paper)
    assert night.work() == {"edit": 1, "mix": 1}
    paper.drums(1, "rejected")
    paper.drums(2)
    assert (words(paper.mix()), words(paper.master())) == ("approved", "approved")
    assert not night.owes()


# Further properties of a status.


def test_undoing_instead_of_deciding_brings_the_approval_back_at_once_too() -> None:
    paper, night = finished()
    take_one_instead(paper)
    paper.undo()
    paper.undo()
    assert words(paper.mix()) == words(paper.master()) == "approved"
    assert not night.owes()


def test_a_mix_that_says_again_what_an_older_one_said_shares_its_past() -> None:
    paper, night = finished()
    paper.revise("[strips.drums]\ngain_db = -9\n")
    paper.revise()
    assert night.work() == {"mix": 1}  # the revision between them is rendered once
    assert words(paper.mix(3)) == "approved"
    take_one_instead(paper)
    assert words(paper.mix(3)) == "lapsed, pending"


def test_the_first_word_on_a_mix_is_to_hear_and_nothing_lapsed() -> None:
    paper = Production(tin_roof().history)
    paper.say(take(1))
    paper.revise()
    assert str(paper.mix()) == "blocked (no keeper of drums)"
    paper.drums(1)
    assert words(paper.mix()) == "pending"
    NightShift(paper).work()
    assert words(paper.mix()) == "to hear"


def test_a_verdict_on_what_nobody_can_have_heard_is_refused() -> None:
    paper = Production(tin_roof().history)
    paper.say(take(1))
    paper.revise()
    for _ in ("blocked", "pending"):
        with pytest.raises(Refused, match=r"approve\.pending"):
            paper.verdict(paper.mix())
        paper.drums(1)


def test_a_verdict_again_yields_nothing_and_another_roles_is_recorded() -> None:
    paper, _ = finished()
    assert paper.verdict(paper.mix()) == []
    assert paper.verdict(paper.mix(), by="kim", role="artist")
    assert paper.verdict(paper.mix(), by="kim", role="artist") == []


@pytest.mark.parametrize("verdict", ["rejected", "held"])
def test_the_last_word_counts(verdict: Verdict) -> None:
    paper, night = finished()
    paper.verdict(paper.mix(), verdict)
    assert words(paper.mix()) == verdict
    assert words(paper.master()) == "lapsed, blocked"
    assert not night.owes()
    paper.verdict(paper.mix())
    assert words(paper.master()) == "approved"


def test_a_rejection_of_the_new_output_leaves_the_old_one_approved_for_the_day_it_returns() -> None:
    paper, night = finished()
    take_one_instead(paper)
    night.work()
    paper.verdict(paper.mix(), "rejected")
    assert words(paper.mix()) == "lapsed, rejected"
    paper.drums(1, "rejected")
    paper.drums(2)
    assert words(paper.mix()) == "approved"


def test_who_heard_another_output_than_there_is_now_is_told_and_nothing_is_recorded() -> None:
    paper, night = finished()
    presented = paper.mix().output
    take_one_instead(paper)
    night.work()
    with pytest.raises(Clash, match=r"approve\.changed"):
        paper.verdict(paper.mix(), presented=presented)
    assert paper.verdict(paper.mix(), presented=str(paper.mix().output)[:12])


def test_a_verdict_on_one_song_is_none_on_another_that_sounds_alike() -> None:
    paper, _ = finished()
    output = str(paper.mix().output)
    assert paper.state.verdicts.approved(f"{ROOF}@mix", output)
    assert not paper.state.verdicts.approved(f"{FERRY}@mix", output)


def test_what_is_not_there_has_no_standing() -> None:
    paper, _ = finished()
    for ask in (lambda: paper.mix(9), lambda: paper.master(9)):
        with pytest.raises(NotFound):
            ask()


def test_an_optional_part_without_a_keeper_is_left_out_and_comes_in_with_one() -> None:
    vocal = f"{ROOF}/vocal"
    paper = Production(
        tin_roof(PartAdded(part=DRUMS, name="Drums"), PartAdded(part=vocal, name="Vocal", optional=True)).history
    )
    paper.say(take(1), take(1, vocal))
    paper.drums(1)
    paper.revise(MIX1 + "[strips.vocal]\n")
    night = NightShift(paper)
    assert night.work() == {"edit": 1, "mix": 1}
    paper.verdict(paper.mix())
    paper.judge(f"{vocal}/1", "approved")
    assert words(paper.mix()) == "lapsed, pending"
    assert night.work() == {"edit": 1, "mix": 1}
    paper.judge(f"{vocal}/1", "held")
    assert words(paper.mix()) == "approved"


def test_a_mix_of_nothing_but_absent_optional_parts_is_blocked_and_owes_nothing() -> None:
    paper = Production(tin_roof(PartAdded(part=DRUMS, name="Drums", optional=True)).history)
    paper.revise()
    assert str(paper.mix()) == "blocked (no part of it has a keeper)"
    assert not NightShift(paper).owes()
