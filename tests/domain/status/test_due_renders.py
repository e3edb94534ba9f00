"""Due renders: plans without output, except after lasting failures; and lost or requested renders again."""

import pytest

from domain.label.catalog import PartAdded
from domain.mixes.mixes import revise
from domain.render.jobs import EPOCHS, RenderAsked, key
from domain.status.chosen_mixes import chosen_mixes, mix_remark
from domain.status.due_renders import TRIES, RenderNeed, due_at, due_renders
from domain.status.review_items import QueueItem, to_judge
from tests.domain.night_shift import RECORD, NightShift
from tests.domain.paper import DRUMS, ROOF, take, tin_roof
from tests.domain.production import BASS, FERRY, Production, finished, take_one_instead, words


def begun() -> tuple[Production, NightShift]:
    """One song whose drums are approved and mixed by a recipe; nothing is rendered."""
    paper = Production(tin_roof().history)
    paper.say(take(1), take(2))
    paper.drums(2)
    paper.revise()
    return paper, NightShift(paper)


def test_a_song_owes_its_edits_and_then_its_mix_in_one_job() -> None:
    _, night = begun()
    (song,) = night.owes().songs
    assert ([edit.part for edit in song.edits], [mix.revision for mix in song.mixes]) == ([DRUMS], [1])
    assert list(song.mixes[0].edits) == ["drums"]
    assert song.mixes[0].inputs == {}


def test_a_mix_names_the_build_of_each_plug_in_that_its_recipe_names_and_of_no_other() -> None:
    paper, _ = begun()
    trees = {"warmth": "a" * 64, "limiter": "b" * 64}
    need = RenderNeed(state=paper.state, plugin_tree=trees.get)
    assert due_renders(need, RECORD).songs[0].mixes[0].plugins == {}
    paper.revise('external = true\n[strips.drums]\nexternal = [{plugin = "warmth"}, {plugin = "gone"}]\n')
    need = RenderNeed(state=paper.state, plugin_tree=trees.get)
    assert due_renders(need, RECORD).songs[0].mixes[-1].plugins == {"warmth": "a" * 64}
    assert due_renders(RenderNeed(state=paper.state), RECORD).songs[0].mixes[-1].plugins == {}


def test_a_song_without_a_mix_owes_its_edits() -> None:
    paper = Production(tin_roof().history)
    paper.say(take(1))
    paper.drums(1)
    assert NightShift(paper).work() == {"edit": 1}


def test_nothing_painted_is_nothing_owed() -> None:
    paper = Production(tin_roof().history)
    paper.say(take(1))
    paper.revise()
    assert not NightShift(paper).owes()


def test_a_guide_is_never_rendered() -> None:
    click = f"{ROOF}/click"
    paper = Production(tin_roof(PartAdded(part=click, name="Click", guide=True)).history)
    paper.say(take(1, click))
    paper.judge(f"{click}/1", "approved")
    assert not NightShift(paper).owes()


def test_a_changed_take_renders_anew_only_what_hears_it() -> None:
    paper, night = begun()
    paper.say(PartAdded(part=f"{ROOF}/tuba", name="Tuba"), take(1, f"{ROOF}/tuba"))
    paper.judge(f"{ROOF}/tuba/1", "approved")
    assert night.work() == {"edit": 2, "mix": 1}
    paper.judge(f"{ROOF}/tuba/1", "approved", (0, 48_000))
    assert night.work() == {"edit": 1}, "a new splice is cut, and nothing that hears it is"
    paper.judge(f"{ROOF}/tuba/1", "rejected")
    paper.judge(f"{ROOF}/tuba/1", "approved", (0, 48_000))
    assert night.work() == {"edit": 1}


def test_each_revision_is_rendered_once_and_then_only_the_newest_the_chosen_and_the_bound_are_kept_up_to_date() -> None:
    paper, night = finished()
    for gain in (-4, -5, -6, -7):
        paper.revise(f"[strips.drums]\ngain_db = {gain}\n")
    assert night.work() == {"mix": 4}
    paper.verdict(paper.mix(3))
    take_one_instead(paper)
    (song,) = night.owes().songs
    assert [mix.revision for mix in song.mixes] == [1, 3, 5]


def mixes_to_judge(paper: Production) -> list[QueueItem]:
    return [item for item in to_judge(paper.state, RECORD) if item.kind == "mix"]


def test_two_revisions_made_before_a_render_are_both_rendered_and_both_asked_about() -> None:
    paper, night = finished()
    for gain in (-4, -5):
        paper.revise(f"[strips.drums]\ngain_db = {gain}\n")
    assert night.work() == {"mix": 2}
    assert [item.address for item in mixes_to_judge(paper)] == [f"{ROOF}@mix2", f"{ROOF}@mix3"]
    paper.verdict(paper.mix(3))
    assert mixes_to_judge(paper) == []


def test_a_revision_of_an_earlier_release_is_not_rendered_once_a_newer_one_follows() -> None:
    paper, night = finished()
    for gain in (-4, -5):
        (revised,) = revise(
            paper.state.mixes[ROOF], paper.state.catalog.song(ROOF), text=f"[strips.drums]\ngain_db = {gain}\n"
        )
        paper.say(revised.model_copy(update={"awaited": False}))
    (song,) = night.owes().songs
    assert [mix.revision for mix in song.mixes] == [3]


def test_back_to_an_earlier_mix_is_a_verdict_that_chooses_it() -> None:
    paper, night = finished()
    paper.revise("[strips.drums]\ngain_db = -9\n")
    night.work()
    assert chosen_mixes(paper.state, RECORD)[ROOF] == 1
    paper.verdict(paper.mix(2))
    assert chosen_mixes(paper.state, RECORD)[ROOF] == 2
    assert paper.master().remark == "it holds mix1 of tin-roof, where mix2 is chosen"
    assert len(paper.verdict(paper.mix(1))) == 1
    assert (chosen_mixes(paper.state, RECORD)[ROOF], paper.master().remark) == (1, "")
    assert paper.verdict(paper.mix(1)) == []


def test_an_alternate_is_approved_and_changes_nothing() -> None:
    paper, night = finished()
    paper.revise("[strips.drums]\ngain_db = -9\n")
    night.work()
    assert len(paper.verdict(paper.mix(2), alternate=True)) == 1
    assert (words(paper.mix(2)), chosen_mixes(paper.state, RECORD)[ROOF], paper.master().remark) == ("approved", 1, "")
    assert [mix_remark(paper.state, paper.mix(n)) for n in (1, 2)] == ["chosen", "alternate"]
    assert paper.verdict(paper.mix(2), alternate=True) == []
    assert len(paper.verdict(paper.mix(2))) == 1
    assert chosen_mixes(paper.state, RECORD)[ROOF] == 2


def test_a_named_mix_is_rendered_though_it_is_not_kept_up_to_date_and_only_once() -> None:
    paper, night = finished()
    for gain in (-4, -5):
        paper.revise(f"[strips.drums]\ngain_db = {gain}\n")
    night.work()
    take_one_instead(paper)
    night.work()
    need, named = RenderNeed(paper.state), f"{ROOF}@mix2"
    assert not due_renders(need, RECORD).songs
    (song,) = due_at(need, RECORD, named).songs
    assert [mix.revision for mix in song.mixes] == [2]
    paper.say(RenderAsked(record=RECORD, target=named, named=True))
    assert night.work() == {"mix": 1}
    assert not due_at(RenderNeed(paper.state), RECORD, named)
    assert not night.owes()


def test_a_master_is_owed_only_once_every_mix_of_it_is_approved() -> None:
    paper, night = finished()
    take_one_instead(paper)
    paper.judge(f"{BASS}/1", "approved", (0, 48_000))
    paper.judge(f"{BASS}/1", "rejected")
    paper.judge(f"{BASS}/1", "approved", (0, 48_000))
    assert night.work() == {"edit": 2, "mix": 2}
    paper.verdict(paper.mix())
    assert not night.owes()
    paper.verdict(paper.mix(song=FERRY))
    assert night.work() == {"master": 2}


def test_a_passing_failure_is_tried_again_a_bounded_number_of_times() -> None:
    _, night = begun()
    for _ in range(TRIES):
        (song,) = night.owes().songs
        night.fail(song.edits[0])
    assert not night.owes()


@pytest.mark.parametrize("failure", ["input", "bug"])
def test_a_lasting_failure_waits_for_somebody_and_what_hears_it_waits_too(failure: str) -> None:
    paper, night = begun()
    night.fail(night.owes().songs[0].edits[0], failure)
    assert not night.owes()
    assert words(paper.mix()) == "pending"
    assert due_renders(RenderNeed(state=paper.state, retry=True), RECORD)


def test_a_lasting_failure_never_stops_the_other_parts() -> None:
    paper, night = begun()
    paper.say(PartAdded(part=f"{ROOF}/tuba", name="Tuba"), take(1, f"{ROOF}/tuba"))
    paper.judge(f"{ROOF}/tuba/1", "approved")
    night.fail(night.owes().songs[0].edits[0], "bug")
    assert night.work() == {"edit": 1}


def test_what_failed_is_begun_again_when_somebody_asks() -> None:
    paper, night = begun()
    night.fail(night.owes().songs[0].edits[0], "bug")
    paper.say(RenderAsked(record="day-bus"))
    assert not night.owes()
    paper.say(RenderAsked())
    assert night.work() == {"edit": 1, "mix": 1}


def test_what_failed_in_this_run_is_not_begun_again_in_it() -> None:
    paper, night = begun()
    edit = night.owes().songs[0].edits[0]
    need = RenderNeed(state=paper.state, retry=True, spent={key("edit", edit.plan)})
    assert not due_renders(need, RECORD)


def test_a_job_that_succeeds_forgets_its_failures() -> None:
    paper, night = begun()
    night.fail(night.owes().songs[0].edits[0])
    night.work()
    assert paper.state.failures == {}


def test_audio_that_the_vault_lost_is_rendered_again_and_nothing_lapses() -> None:
    paper, night = finished()
    night.lost = {print_.sound.blob for print_ in paper.state.report(_plan(night)).outputs}
    assert night.work() == {"mix": 1}
    assert words(paper.mix()) == words(paper.master()) == "approved"


def test_lost_audio_of_an_older_render_is_rendered_as_that_one_and_the_newer_stays() -> None:
    paper, night = finished()
    approved = paper.state.report(_plan(night)).outputs
    ask_again(paper, night)
    night.work()
    night.lost = {print_.sound.blob for print_ in approved}
    assert night.work() == {"mix": 1}
    assert (paper.state.report(_plan(night)).outputs, words(paper.mix())) == (approved, "approved")


def test_lost_audio_that_only_an_older_engine_could_make_is_rendered_once_and_not_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paper, night = finished()
    night.lost = {print_.sound.blob for print_ in paper.state.report(_plan(night)).outputs}
    monkeypatch.setitem(EPOCHS, "mix", EPOCHS["mix"] + 1)
    assert night.work() == {"mix": 1}
    assert words(paper.mix()) == "approved"


def _plan(night: NightShift) -> str:
    return next(report.plan for report in night.vault.values() if report.subject == f"{ROOF}@mix1")


# Rendering an old plan anew.


def ask_again(paper: Production, night: NightShift) -> None:
    report = next(report for report in night.vault.values() if report.subject == f"{ROOF}@mix1")
    paper.say(RenderAsked(record=RECORD, target=f"{ROOF}@mix1", plans=(report.plan,)))


def test_a_plan_rendered_anew_keeps_what_was_approved_until_the_new_output_is() -> None:
    paper, night = finished()
    old = paper.mix().output
    ask_again(paper, night)
    assert night.work() == {"mix": 1}
    assert (paper.mix().output, words(paper.mix())) == (old, "approved")
    (new,) = paper.mix().others
    assert paper.verdict(paper.mix(), presented=new[:12])
    assert (paper.mix().output, words(paper.mix()), list(paper.mix().others)) == (new, "approved", [old])
    assert words(paper.master()) == "lapsed, pending"


def test_an_output_whose_approval_was_revoked_gives_way_to_the_newest() -> None:
    paper, night = finished()
    old = paper.mix().output
    paper.verdict(paper.mix(), "rejected")
    ask_again(paper, night)
    night.work()
    assert paper.mix().output != old
    assert words(paper.mix()) == "to hear"


def test_a_plan_asked_for_anew_is_rendered_once_a_time() -> None:
    paper, night = finished()
    for _ in range(2):
        ask_again(paper, night)
        assert night.work() == {"mix": 1}
        assert not night.owes()
