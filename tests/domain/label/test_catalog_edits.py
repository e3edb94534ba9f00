"""Corrections of the catalog: what they change, and all that they leave as it was."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.core.refusal import Misused, NotFound, Refused, Suggestion
from domain.label.catalog import Catalog
from domain.label.catalog_additions import add_part, add_song, open_record
from domain.label.catalog_edits import (
    edit_part,
    edit_record,
    order_songs,
    rename_entry,
    restore_entry,
    take_entry_away,
    title_of,
)
from domain.mixes.mixes import Mixes, revise
from domain.status.due_renders import master_files
from domain.status.record_state import RecordState, mix_report, mix_status, parts_of
from tests.domain.acts import ACTS, CORRECTIONS, Wish, act, studio
from tests.domain.label.test_catalog import ROOF, after, night_bus
from tests.domain.night_shift import RECORD, NightShift
from tests.domain.paper import DRUMS
from tests.domain.production import FERRY, finished

COLD = "night-bus/cold-harbour"


def without(catalog: Catalog, *entries: str) -> Catalog:
    for entry in entries:
        catalog = after(*take_entry_away(catalog, entry, absence="removed"), catalog=catalog)
    return catalog


def two_songs() -> Catalog:
    state = night_bus()
    return after(*add_song(state, record=RECORD, title="Cold Harbour"), catalog=state)


def test_after_a_removal_the_title_is_free_and_its_slug_is_never_given_again() -> None:
    state = without(night_bus(), ROOF)
    assert state.songs_of(RECORD) == []
    (again,) = add_song(state, record=RECORD, title="Tin Roof")
    assert again.song == f"{ROOF}-2"
    state = without(night_bus(), f"{ROOF}/drums")
    (drums,) = add_part(state, song=ROOF, name="Drums")
    assert drums.part == f"{ROOF}/drums-2"
    state = without(night_bus(), RECORD)
    (bus,) = open_record(state, title="Night Bus", artist="The Ferrymen", due=None, currency="EUR")
    assert bus.record == "night-bus-2"


def test_a_new_title_keeps_the_address_and_frees_the_old_title() -> None:
    state = night_bus()
    for entry in (RECORD, ROOF, f"{ROOF}/drums"):
        state = after(*rename_entry(state, entry, title="Copper"), catalog=state)
        assert title_of(state, entry) == "Copper"
    (new,) = add_song(state, record=RECORD, title="Tin Roof")
    assert new.song == f"{ROOF}-2"
    assert add_song(state, record=RECORD, title="Copper") == []


def test_two_that_are_there_never_share_a_title() -> None:
    state = two_songs()
    with pytest.raises(Refused, match=r"entry\.exists"):
        rename_entry(state, COLD, title="Tin Roof")
    state = without(state, ROOF)
    state = after(*add_song(state, record=RECORD, title="Tin Roof"), catalog=state)
    with pytest.raises(Refused, match=r"entry\.exists.*tin-roof-2 is called Tin Roof"):
        restore_entry(state, ROOF)
    state = after(*rename_entry(state, ROOF, title="Old Roof"), catalog=state)
    assert restore_entry(state, ROOF)


def test_nothing_is_decided_about_what_is_not_there() -> None:
    gone = without(night_bus(), ROOF)
    for decide in (
        lambda: add_part(gone, song=ROOF, name="Tuba"),
        lambda: edit_part(gone, f"{ROOF}/drums", player="ann"),
        lambda: take_entry_away(gone, f"{ROOF}/drums", absence="shelved"),
        lambda: restore_entry(gone, f"{ROOF}/drums"),
        lambda: order_songs(gone, RECORD, [ROOF]),
    ):
        with pytest.raises(Refused, match=r"entry\.removed") as refused:
            decide()
        assert isinstance(refused.value.next, Suggestion)
        assert refused.value.next.use_case == "song restore"
    shelved = after(*take_entry_away(night_bus(), RECORD, absence="shelved"), catalog=night_bus())
    with pytest.raises(Refused, match=r"entry\.shelved"):
        add_song(shelved, record=RECORD, title="New")
    with pytest.raises(NotFound, match=r"song\.unknown"):
        take_entry_away(gone, FERRY, absence="removed")


def test_a_part_that_is_not_there_is_in_no_new_mix_and_stays_in_those_it_is_in() -> None:
    paper, _ = finished()
    before = mix_status(paper.state, ROOF, 1)
    paper.say(*take_entry_away(paper.state.catalog, DRUMS, absence="removed"))
    assert mix_status(paper.state, ROOF, 1) == before
    with pytest.raises(Misused, match=r"strips\.drums: drums is removed"):
        revise(Mixes(), paper.state.catalog.song(ROOF), text="[strips.drums]\n")


def test_a_song_that_is_not_there_leaves_new_masters_and_stays_in_the_shipped_one() -> None:
    paper, night = finished("cd")
    before = paper.master()
    paper.say(*take_entry_away(paper.state.catalog, FERRY, absence="shelved"))
    assert paper.master() == before
    night.lost |= {output.sound.blob for output in night.vault[next(iter(night.vault))].outputs}
    assert night.owes().songs, "what the shipped master needs is still made anew"
    night.lost.clear()
    (planned,) = paper.plan("cd")
    assert [one.song for one in planned.songs] == [ROOF]


def test_the_order_of_songs_holds_for_those_that_are_there_and_new_ones_follow() -> None:
    state = two_songs()
    state = after(*order_songs(state, RECORD, [COLD]), catalog=state)
    assert [song.id for song in state.songs_of(RECORD)] == [COLD, ROOF]
    state = after(*add_song(state, record=RECORD, title="New"), catalog=state)
    assert [song.id for song in state.songs_of(RECORD)] == [COLD, ROOF, "night-bus/new"]
    state = without(state, ROOF)
    state = after(*order_songs(state, RECORD, ["night-bus/new"]), catalog=state)
    state = after(*restore_entry(state, ROOF), catalog=state)
    assert [song.id for song in state.songs_of(RECORD)] == ["night-bus/new", COLD, ROOF]
    with pytest.raises(Misused, match=r"song\.order"):
        order_songs(state, RECORD, [COLD, COLD])


def test_facts_are_edited_one_by_one() -> None:
    state = night_bus()
    state = after(*edit_record(state, RECORD, artist="The Trio"), catalog=state)
    assert (state.record(RECORD).artist, state.record(RECORD).due) == ("The Trio", date(2027, 3, 12))
    state = after(*edit_record(state, RECORD, without_due=True), catalog=state)
    assert state.record(RECORD).due is None
    state = after(*edit_part(state, f"{ROOF}/drums", player="ann", optional=True), catalog=state)
    assert (state.part(f"{ROOF}/drums").player, state.part(f"{ROOF}/drums").optional) == ("ann", True)
    with pytest.raises(Misused, match=r"part\.guide"):
        edit_part(state, f"{ROOF}/drums", guide=True)
    assert edit_part(state, f"{ROOF}/drums", player="ann") == []


def test_a_part_that_is_there_is_never_added_with_other_facts() -> None:
    state = night_bus()
    assert add_part(state, song=ROOF, name="Drums") == []
    others: list[dict[str, Any]] = [{"player": "ann"}, {"instrument": "kit"}, {"stack": True}]
    for other in others:
        with pytest.raises(Refused, match=r"part\.differs"):
            add_part(state, song=ROOF, name="Drums", **other)


def test_a_stack_sounds_with_all_its_keepers_from_the_edit_on() -> None:
    paper, _ = finished()
    paper.judge(f"{DRUMS}/1", "kept")
    assert len(paper.state.comp(DRUMS).layers) == 1
    paper.say(*edit_part(paper.state.catalog, DRUMS, stack=True))
    assert len(paper.state.comp(DRUMS).layers) == 2


def plans(state: RecordState) -> dict[str, object]:
    """Hash of each plan of the record: edits, mixes and files of masters."""
    found: dict[str, object] = {part: state.edit_plan(part) for part in state.takes}
    for song, mixes in state.mixes.items():
        for number, revision in mixes.revisions.items():
            report = mix_report(state, revision)
            found[f"{song}@mix{number}"] = (
                parts_of(state, revision),
                report and report.plan,
                mix_status(state, song, number),
            )
    for record, masters in state.masters.items():
        for number, master in masters.masters.items():
            found[f"{record}@master{number}"] = [
                (file.target, file.plan, file.sound) for file in master_files(state, master)
            ]
    return found


@settings(max_examples=40, deadline=None)
@given(ACTS, st.lists(CORRECTIONS, min_size=1, max_size=6))
def test_no_plan_changes_by_what_is_renamed_removed_shelved_or_restored(
    acts: list[Wish | str], corrections: list[Wish]
) -> None:
    paper = studio()
    night = NightShift(paper)
    for wish in acts:
        act(paper, night, wish)
    before = plans(paper.state)
    for wish in corrections:
        act(paper, night, wish)
        assert plans(paper.state) == before


def test_what_is_dropped_says_why_and_comes_back_with_a_reason_alone() -> None:
    state = two_songs()
    for entry in (RECORD, ROOF):
        for reason in (None, "", "  "):
            with pytest.raises(Misused, match=r"entry\.reason"):
                take_entry_away(state, entry, absence="dropped", reason=reason)
        gone = after(*take_entry_away(state, entry, absence="dropped", reason="no voice"), catalog=state)
        assert gone.own_absence(entry) == "dropped"
        assert take_entry_away(gone, entry, absence="dropped") == []
        for other in ("removed", "shelved"):
            with pytest.raises(Refused, match=r"entry\.dropped"):
                take_entry_away(gone, entry, absence=other, reason="no voice")
        with pytest.raises(Misused, match=r"entry\.reason"):
            restore_entry(gone, entry)
        assert after(*restore_entry(gone, entry, reason="a voice"), catalog=gone) == state


def test_a_part_is_not_dropped() -> None:
    with pytest.raises(Misused, match=r"entry\.drop: night-bus/tin-roof/drums is neither"):
        take_entry_away(night_bus(), f"{ROOF}/drums", absence="dropped", reason="no voice")


def test_a_dropped_song_takes_no_decision_and_its_refusal_says_how_it_comes_back() -> None:
    state = night_bus()
    gone = after(*take_entry_away(state, ROOF, absence="dropped", reason="no voice"), catalog=state)
    with pytest.raises(Refused, match=r"entry\.dropped") as refused:
        add_part(gone, song=ROOF, name="Tuba")
    assert refused.value.next == Suggestion("song restore", (ROOF,), (("why", "REASON"),))
