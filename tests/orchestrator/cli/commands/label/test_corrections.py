"""Mistakes in the catalog are taken back: things renamed, removed, shelved, restored, edited and put in order."""

from pathlib import Path

import pytest

from domain.core.event import Event
from domain.core.refusal import Refused
from domain.label.catalog_edits import take_entry_away
from domain.status.record_fold import fold
from orchestrator.desk.takes.takes import judge_takes
from orchestrator.log.append_condition import Draft, Head
from orchestrator.studio import Studio
from tests.domain.paper import DRUMS, ROOF, take
from tests.domain.production import FERRY, finished
from tests.orchestrator.label import Label, open_label
from tests.orchestrator.sounds import note

COLD = "night-bus/cold-harbour"


@pytest.fixture
def label(tmp_path: Path) -> Label:
    """A record of two songs, the first with three parts."""
    label = open_label(tmp_path, "Drums", "Bass", "Lead Vocal")
    label.does("song", "add", "night-bus", "Cold Harbour")
    return label


@pytest.fixture
def shipped(tmp_path: Path) -> Label:
    """A record of two songs with an approved master, of events alone."""
    label = Label(tmp_path)
    label.does("init", ".", "--label", "Harbour", "--currency", "EUR", "--timezone", "Europe/Berlin", "--as", "pat")
    paper, _ = finished("cd")
    append(label, *(one.event for one in paper.history))
    return label


def append(label: Label, *events: Event) -> None:

    with Studio.at(str(label.folder), "pat") as studio:
        studio.log.append([Draft(event=event, actor="pat", via="pat@desk") for event in events])


def songs(label: Label) -> list[str]:
    return [row["address"] for row in label.data("song", "list", "night-bus")]


def parts(label: Label, song: str = ROOF) -> list[str]:
    return [row["address"] for row in label.data("part", "list", song)]


@pytest.mark.parametrize("verb", ["remove", "shelve"])
def test_a_mistyped_song_leaves_everything_and_comes_back(label: Label, verb: str) -> None:
    label.does("song", "add", "night-bus", "Tin Rooof")
    slip = "night-bus/tin-rooof"
    assert label.does("song", verb, slip).endswith({"remove": "removed", "shelve": "shelved"}[verb])
    assert songs(label) == [ROOF, COLD]
    (board,) = label.data("board")
    assert board["songs"] == 2
    assert slip not in {row["address"] for row in label.data("record", "show", "night-bus")}
    head = label.head
    label.does("song", verb, slip)
    assert label.head == head, "a repeat records nothing"
    assert label.does("song", "add", "night-bus", "Tin Rooof") == f"{slip}-2"
    said = label.refuses(3, "song", "restore", slip)
    assert (said.rule, "song rename" in said.err) == ("entry.exists", True)
    label.does("song", "rename", slip, "Tin Rooof the First")
    label.does("song", "restore", slip)
    assert songs(label) == [ROOF, COLD, slip, f"{slip}-2"]


def test_the_board_of_an_earlier_moment_still_has_what_was_removed_later(label: Label) -> None:
    before = label.head
    label.does("song", "remove", COLD)
    label.does("part", "remove", f"{ROOF}/bass")
    (then,) = label.data("board", "--as-of", before)
    (now,) = label.data("board")
    assert [(row["songs"], row["parts"]) for row in (then, now)] == [(2, 3), (1, 2)]
    label.does("record", "shelve", "night-bus")
    assert label.data("board") == []
    label.does("record", "restore", "night-bus")
    assert label.data("board")[0] == now | {"last": label.data("board")[0]["last"]} | {
        "last_at": label.data("board")[0]["last_at"]
    }


def test_a_new_title_shows_everywhere_and_the_address_stays(label: Label) -> None:
    label.does("song", "rename", ROOF, "Copper Roof", "--why", "the band calls it so")
    label.does("record", "rename", "night-bus", "Last Bus")
    label.does("part", "rename", f"{ROOF}/bass", "Upright Bass")
    assert label.data("song", "list", "night-bus")[0]["title"] == "Copper Roof"
    assert label.data("board")[0]["title"] == "Last Bus"
    assert label.data("part", "show", f"{ROOF}/bass")["name"] == "Upright Bass"
    assert [row["address"] for row in label.data("search", "copper")] == [ROOF]
    assert label.does("song", "add", "night-bus", "Tin Roof") == f"{ROOF}-2"
    assert label.does("song", "add", "night-bus", "Copper Roof") == ROOF
    assert label.does("record", "new", "Night Bus", "--artist", "The Ferrymen") == "night-bus-2"
    assert label.refuses(3, "song", "rename", COLD, "Copper Roof").rule == "entry.exists"


def test_a_removed_record_is_opened_anew_under_another_address(label: Label) -> None:
    label.does("record", "remove", "night-bus")
    assert label.data("record", "list") == []
    assert songs(label) == []
    assert [row["address"] for row in label.data("record", "show", "night-bus")] == ["night-bus"]
    assert label.does("record", "new", "Night Bus", "--artist", "The Ferrymen") == "night-bus-2"
    assert label.refuses(3, "song", "add", "night-bus", "More").rule == "entry.removed"
    assert label.data("record", "show", "night-bus")[0]["standing"] == "removed"


def test_nothing_is_decided_about_what_is_not_there(label: Label, tmp_path: Path) -> None:
    drums, file = f"{ROOF}/drums", note(tmp_path / "sounds" / "drums.wav", 60.0, seconds=0.2)
    label.does("take", "ingest", drums, file)
    label.does("part", "remove", drums)
    recipe = label.mix_recipe("drums")
    for words in (
        ("take", "ingest", drums, file),
        ("take", "approve", f"{drums}/1"),
        ("comp", "set", drums, "0:00=1"),
        ("edit", "part", f"{drums}/1", "--nudge", "10ms"),
        ("part", "edit", drums, "--player", "ann"),
    ):
        said = label.refuses(3, *words)
        assert said.rule == "entry.removed", words
        assert f"next: takesheet part restore {drums}" in said.err
    assert label.refuses(2, "mix", "revise", ROOF, recipe).rule == "recipe.mix"
    label.does("song", "shelve", ROOF)
    said = label.refuses(3, "part", "add", ROOF, "Tuba")
    assert (said.rule, f"song restore {ROOF}" in said.err) == ("entry.shelved", True)


def test_the_takes_of_a_removed_part_leave_review_and_lists_and_come_back(label: Label, tmp_path: Path) -> None:
    for part in ("drums", "bass"):
        file = note(tmp_path / "sounds" / f"{part}.wav", 60.0, seconds=0.2)
        label.does("take", "ingest", f"{ROOF}/{part}", file, "--pass", "1")
    label.does("part", "remove", f"{ROOF}/bass")
    assert label.data("pass", "list", ROOF)[0]["takes"] == "drums/1"
    assert [row["address"] for row in label.data("next") if row["what"] == "take"] == [f"{DRUMS}/1"]
    assert [row["take"] for row in label.data("take", "list", "night-bus")] == [f"{DRUMS}/1"]
    assert parts(label) == [DRUMS, f"{ROOF}/lead-vocal"]
    assert label.data("board")[0]["unheard"] == 1
    assert label.data("part", "show", f"{ROOF}/bass")["kind"] == "removed"
    assert label.data("take", "show", f"{ROOF}/bass/1")["take"] == f"{ROOF}/bass/1"
    assert any("removed" in row["what"] for row in label.data("log", "show", f"{ROOF}/bass"))
    label.does("part", "restore", f"{ROOF}/bass")
    takes = [row["address"] for row in label.data("next") if row["what"] == "take"]
    assert takes == [f"{DRUMS}/1", f"{ROOF}/bass/1"]


def test_a_verdict_on_a_removed_part_can_still_be_taken_back(label: Label, tmp_path: Path) -> None:
    label.does("take", "ingest", DRUMS, note(tmp_path / "drums.wav", 60.0, seconds=0.2))
    label.does("take", "approve", f"{DRUMS}/1")
    label.does("part", "remove", DRUMS)
    assert "approved" in label.does("undo")


def test_a_shipped_master_stays_as_it_is_and_the_next_one_leaves_the_song_out(shipped: Label) -> None:
    before = shipped.data("master", "show", "night-bus@master1")
    standing = [row["standing"] for row in shipped.data("master", "list", "night-bus")]
    shipped.does("song", "shelve", FERRY, "--why", "for the next record", "--as", "pat")
    shipped.does("part", "remove", DRUMS, "--as", "pat")
    assert shipped.data("master", "show", "night-bus@master1") == before
    assert [row["standing"] for row in shipped.data("master", "list", "night-bus")] == standing == ["approved"]
    assert shipped.data("next") == [], "no render is due by it"
    assert "shelved" in shipped.does("why", f"{FERRY}@mix1")
    shipped.does("master", "plan", "night-bus", "--target", "streaming", "--as", "pat")
    assert shipped.data("master", "list", "night-bus")[-1]["songs"] == "tin-roof@mix1"


def test_rebuilt_models_hold_the_same_as_those_moved_along(label: Label) -> None:
    for words in (("song", "shelve", COLD), ("part", "remove", DRUMS), ("part", "restore", DRUMS)):
        label.does("board")
        label.does(*words)
    label.does("log", "verify", "--views")


def test_the_due_date_and_the_artist_of_a_record_are_edited(label: Label) -> None:
    label.does("record", "edit", "night-bus", "--due", "2027-04-09", "--artist", "The Trio", "--why", "the pressing")
    row = label.data("board")[0]
    assert (row["due"], row["artist"]) == ("2027-04-09", "The Trio")
    head = label.head
    label.does("record", "edit", "night-bus", "--due", "2027-04-09")
    assert label.head == head
    label.does("record", "edit", "night-bus", "--due", "")
    assert label.data("board")[0]["due"] is None
    assert label.refuses(2, "record", "edit", "night-bus").rule == "record.edit"
    said = label.refuses(3, "record", "new", "Night Bus", "--artist", "The Trio", "--due", "2027-05-01")
    assert "next: takesheet record edit night-bus --due 2027-05-01" in said.err


def test_a_part_added_with_another_player_is_refused_and_edited(label: Label) -> None:
    label.does("part", "add", ROOF, "Tuba", "--player", "pat")
    said = label.refuses(3, "part", "add", ROOF, "Tuba", "--player", "ann")
    assert said.rule == "part.differs"
    assert f"next: takesheet part edit {ROOF}/tuba --player ann" in said.err
    label.does("part", "add", ROOF, "Tuba")
    label.does("part", "edit", f"{ROOF}/tuba", "--player", "Ann", "--instrument", "sousaphone", "--optional")
    facts = label.data("part", "show", f"{ROOF}/tuba")
    assert (facts["player"], facts["instrument"], facts["kind"]) == ("ann", "sousaphone", "optional")
    label.does("part", "edit", f"{ROOF}/tuba", "--player", "", "--no-optional")
    facts = label.data("part", "show", f"{ROOF}/tuba")
    assert (facts["player"], facts["kind"]) == ("", "")
    assert label.refuses(2, "part", "edit", f"{ROOF}/tuba").rule == "part.edit"
    assert label.refuses(2, "part", "edit", f"{ROOF}/tuba", "--guide", "--stack").rule == "part.guide"


def test_a_part_that_becomes_a_stack_sounds_with_all_its_keepers(label: Label, tmp_path: Path) -> None:
    for hz in (60.0, 70.0):
        label.does("take", "ingest", DRUMS, note(tmp_path / f"{hz}.wav", hz, seconds=0.2))
    label.does("take", "keep", f"{DRUMS}/1", f"{DRUMS}/2")
    assert [row["layer"] for row in label.data("comp", "show", DRUMS)] == []
    label.does("part", "edit", DRUMS, "--stack")
    assert [row["layer"] for row in label.data("comp", "show", DRUMS)] == [1, 2]
    assert label.data("part", "list", ROOF)[0]["keeper"] == "take 1+2"


def test_songs_are_put_in_order(label: Label) -> None:
    label.does("song", "add", "night-bus", "Last Train")
    said = label.does("song", "order", "night-bus", "last-train", COLD)
    assert said.split() == ["night-bus/last-train", COLD, ROOF] == songs(label)
    head = label.head
    label.does("song", "order", "night-bus", "last-train", "cold-harbour")
    assert label.head == head
    label.does("song", "remove", COLD)
    label.does("song", "add", "night-bus", "Coda")
    assert songs(label) == ["night-bus/last-train", ROOF, "night-bus/coda"]
    assert label.refuses(3, "song", "order", "night-bus", COLD).rule == "entry.removed"
    assert label.refuses(2, "song", "order", "night-bus", ROOF, ROOF).rule == "song.order"


def test_a_living_tail_of_an_address_wins_over_a_removed_one(label: Label) -> None:
    label.does("part", "add", COLD, "Drums")
    label.does("part", "remove", DRUMS)
    label.does("at", "night-bus")
    assert label.data("part", "show", "drums")["address"] == f"{COLD}/drums"


def test_a_decision_that_comes_at_the_same_time_as_a_removal_is_refused(shipped: Label) -> None:
    append(shipped, take(3))
    with Studio.at(str(shipped.folder), "pat") as studio:
        before = studio.log.head
        paused = False

        def head() -> Head:
            nonlocal paused
            found = before()
            if not paused:
                paused = True
                state = fold(studio.log.read_all())
                append(shipped, *take_entry_away(state.catalog, DRUMS, absence="removed"))
            return found

        studio.log.head = head  # type: ignore[method-assign]  # somebody else decides after it was read
        with pytest.raises(Refused, match=r"entry\.removed"):
            judge_takes(studio, [f"{DRUMS}/3"], "approved")


def test_a_removed_mix_leaves_lists_and_its_number_is_never_given_again(shipped: Label) -> None:
    recipe = shipped.mix_recipe("drums")
    assert shipped.does("mix", "revise", ROOF, recipe, "--as", "pat") == f"{ROOF}@mix2"
    said = shipped.does("mix", "remove", f"{ROOF}@mix2", "--why", "the wrong file", "--as", "pat")
    assert said == f"{ROOF}@mix2 removed"
    assert [row["address"] for row in shipped.data("mix", "list", ROOF)] == [f"{ROOF}@mix1"]
    assert [row for row in shipped.data("next") if row["what"] != "take"] == []
    assert shipped.does("mix", "revise", ROOF, recipe, "--as", "pat") == f"{ROOF}@mix3"
    shipped.does("mix", "restore", f"{ROOF}@mix2", "--as", "pat")
    assert len(shipped.data("mix", "list", ROOF)) == 3


def test_a_mix_that_a_master_holds_stays_until_the_master_goes(shipped: Label) -> None:
    said = shipped.refuses(3, "mix", "shelve", f"{ROOF}@mix1", "--as", "pat")
    assert (said.rule, "next: takesheet master remove night-bus@master1" in said.err) == ("entry.bound", True)
    shipped.does("master", "remove", "night-bus@master1", "--as", "pat")
    assert shipped.data("master", "list", "night-bus") == []
    assert shipped.data("board")[0]["masters"] == 0
    said = shipped.refuses(3, "master", "reject", "night-bus@master1", "--as", "pat")
    assert (said.rule, "master restore night-bus@master1" in said.err) == ("entry.removed", True)
    shipped.does("mix", "remove", f"{ROOF}@mix1", "--as", "pat")
    assert shipped.refuses(3, "mix", "reject", f"{ROOF}@mix1", "--as", "pat").rule == "entry.removed"
    assert "removed" in shipped.does("why", f"{ROOF}@mix1")
    said = shipped.refuses(3, "master", "restore", "night-bus@master1", "--as", "pat")
    assert (said.rule, f"mix restore {ROOF}@mix1" in said.err) == ("entry.removed", True)
    shipped.does("mix", "restore", f"{ROOF}@mix1", "--as", "pat")
    shipped.does("master", "plan", "night-bus", "--target", "cd", "--as", "pat")
    assert [row["address"] for row in shipped.data("master", "list", "night-bus")] == ["night-bus@master2"]
    shipped.does("master", "restore", "night-bus@master1", "--as", "pat")
    assert len(shipped.data("master", "list", "night-bus")) == 2


def people(label: Label) -> list[str]:
    return [row["person"] for row in label.data("user", "list")]


def test_a_person_who_left_decides_nothing_and_their_past_stays(label: Label, tmp_path: Path) -> None:
    label.does("user", "add", "sam", "--role", "producer", "--role", "mixer")
    label.does("take", "ingest", DRUMS, note(tmp_path / "drums.wav", 60.0, seconds=0.2))
    label.does("take", "approve", f"{DRUMS}/1", "--as", "sam")
    label.does("user", "rename", "sam", "Sam Lee")
    assert label.data("user", "show", "sam")["name"] == "Sam Lee"
    assert label.does("user", "remove", "sam", "--why", "left the label") == "sam removed"
    assert "sam" not in people(label)
    assert label.data("user", "show", "sam")["standing"] == "removed"
    said = label.refuses(3, "take", "reject", f"{DRUMS}/1", "--as", "sam")
    assert (said.rule, "next: takesheet user restore sam" in said.err) == ("entry.removed", True)
    assert "approved by sam" in label.does("why", f"{DRUMS}/1")
    assert label.does("user", "add", "sam", "--role", "engineer") == "sam-2"
    label.does("user", "restore", "sam")
    label.does("take", "reject", f"{DRUMS}/1", "--as", "sam")
    assert label.data("user", "show", "sam")["roles"] == "mixer, producer"


def test_roles_are_revoked_and_can_be_given_again(label: Label) -> None:
    label.does("user", "add", "sam", "--role", "producer", "--role", "mixer")
    assert label.does("user", "revoke", "sam", "--role", "producer", "--why", "mixes only") == "sam: mixer"
    assert label.refuses(3, "record", "new", "Other", "--artist", "X", "--as", "sam").rule == "person.role"
    head = label.head
    label.does("user", "revoke", "sam", "--role", "producer")
    assert label.head == head, "a repeat records nothing"
    label.does("user", "add", "sam", "--role", "producer")
    label.does("record", "new", "Other", "--artist", "X", "--as", "sam")
    assert label.refuses(2, "user", "revoke", "sam", "--role", "drummer").rule == "person.role"
    assert label.refuses(4, "user", "revoke", "zoe", "--role", "mixer").rule == "person.unknown"


def test_somebody_can_always_manage_people(label: Label) -> None:
    (founder,) = people(label)
    for words in (
        ("remove", founder),
        ("shelve", founder),
        ("revoke", founder, "--role", "label", "--role", "coordinator"),
    ):
        assert label.refuses(3, "user", *words).rule == "person.last"
    label.does("user", "revoke", founder, "--role", "coordinator")
    label.does("user", "add", "ann", "--role", "coordinator")
    label.does("user", "remove", founder, "--as", "ann")
    assert people(label) == ["ann"]
    assert label.refuses(3, "user", "shelve", "ann", "--as", "ann").rule == "person.last"


def test_a_resource_that_is_gone_is_not_booked_and_its_sessions_stay(label: Label) -> None:
    label.does("resource", "add", "Room A", "--kind", "room", "--rate", "600/day")
    book = ("session", "book", "night-bus", "--room", "room-a", "--hours", "10-18", "--on")
    label.does(*book, "2026-12-07")
    label.does("resource", "rename", "room-a", "The Big Room")
    assert [row["title"] for row in label.data("resource", "list")] == ["The Big Room"]
    label.does("resource", "remove", "room-a", "--why", "it closed")
    assert label.data("resource", "list") == []
    said = label.refuses(3, *book, "2026-12-08")
    assert (said.rule, "next: takesheet resource restore room-a" in said.err) == ("entry.removed", True)
    assert len(label.data("session", "list", "night-bus")) == len(label.data("resource", "show", "room-a")) == 1
    assert label.does("resource", "add", "room-a", "--rate", "700/day") == "room-a-2"
    assert label.does("resource", "add", "room-a", "--rate", "700/day") == "room-a-2"
    label.does("resource", "restore", "room-a")
    label.does(*book, "2026-12-08")
    assert [row["resource"] for row in label.data("resource", "list")] == ["room-a", "room-a-2"]
    assert label.refuses(4, "resource", "remove", "room-z").rule == "resource.unknown"


def test_mixes_and_masters_have_titles(shipped: Label) -> None:
    shipped.does("mix", "rename", f"{ROOF}@mix1", "vocal up", "--as", "pat")
    shipped.does("master", "rename", "night-bus@master1", "the loud one", "--as", "pat")
    assert shipped.data("mix", "list", ROOF)[0]["title"] == "vocal up"
    assert shipped.data("master", "list", "night-bus")[0]["title"] == "the loud one"
    assert "vocal up" in shipped.does("why", f"{ROOF}@mix1")
    head = shipped.head
    shipped.does("mix", "rename", f"{ROOF}@mix1", "vocal up", "--as", "pat")
    assert shipped.head == head
    assert shipped.refuses(4, "mix", "rename", f"{ROOF}@mix7", "x", "--as", "pat").rule == "mix.unknown"


def test_a_new_master_has_the_order_of_the_songs_and_a_planned_one_keeps_its_own(shipped: Label) -> None:
    shipped.does("song", "order", "night-bus", FERRY, "--as", "pat")
    shipped.does("master", "plan", "night-bus", "--target", "cd", "--as-mixed", "--as", "pat")
    before, after = shipped.data("master", "list", "night-bus")
    assert before["songs"] == "tin-roof@mix1, ferry-song@mix1"
    assert after["songs"] == "ferry-song@mix1, tin-roof@mix1"
    named = ("--songs", "tin-roof,ferry-song")
    shipped.does("master", "plan", "night-bus", "--target", "cd", "--as-mixed", *named, "--as", "pat")
    assert shipped.data("master", "list", "night-bus")[-1]["songs"] == "tin-roof@mix1, ferry-song@mix1"


def test_what_is_removed_or_shelved_is_listed_by_itself(shipped: Label) -> None:
    assert shipped.data("record", "show", "night-bus", "--absent") == shipped.data("record", "list", "--absent") == []
    gone = {FERRY: ("song", "shelve"), DRUMS: ("part", "remove"), "night-bus@master1": ("master", "remove")}
    for address, words in gone.items():
        shipped.does(*words, address, "--as", "pat")
    found = {row["address"]: row["standing"] for row in shipped.data("record", "show", "night-bus", "--absent")}
    assert found == {FERRY: "shelved", DRUMS: "removed", "night-bus@master1": "removed"}
    shipped.does("record", "shelve", "night-bus", "--as", "pat")
    assert [row["address"] for row in shipped.data("record", "list", "--absent")] == ["night-bus"]


def test_a_dropped_song_owes_nothing_and_keeps_its_takes(shipped: Label) -> None:
    shipped.does("song", "add", "night-bus", "Third", "--as", "pat")
    third = "night-bus/third"
    shipped.does("part", "add", third, "Voice", "--as", "pat")
    shipped.does(
        "take", "ingest", f"{third}/voice", note(shipped.folder / "voice.wav", 60.0, seconds=0.2), "--as", "pat"
    )
    assert shipped.run("record", "check", "night-bus").code == 6
    waiting = shipped.data("next", "--as", "pat")
    assert f"{third}/voice/1" in [row["address"] for row in waiting]
    assert shipped.refuses(2, "song", "drop", third, "--why", " ", "--as", "pat").rule == "entry.reason"
    dropped = shipped.run("song", "drop", third, "--why", "no voice for it", "--as", "pat")
    assert (dropped.code, dropped.out) == (0, f"{third} dropped\n")
    assert f"to bring it back: takesheet song restore {third} --why REASON" in dropped.err
    assert shipped.run("record", "check", "night-bus").code == 0
    assert shipped.data("next", "--as", "pat") == [row for row in waiting if third not in row["address"]]
    assert third not in shipped.does("review", "--json")
    assert shipped.renders() == []
    assert third not in songs(shipped)
    assert [row["songs"] for row in shipped.data("board")] == [2]
    assert shipped.refuses(3, "song", "check", third).rule == "entry.dropped"
    assert shipped.refuses(3, "take", "approve", f"{third}/voice/1", "--as", "pat").rule == "entry.dropped"
    assert shipped.data("take", "show", f"{third}/voice/1")["take"] == f"{third}/voice/1"
    stage = shipped.data("song", "stage", third)
    told = {"stage": "dropped", "evidence": f"{third} dropped", "set_by": "pat", "why": "no voice for it"}
    assert stage == {"address": third, **told}
    assert f"{third} is dropped: {third} dropped" in shipped.run("song", "show", third).err
    assert {"address": third, "title": "Third", "standing": "dropped"} in shipped.data(
        "record", "show", "night-bus", "--absent"
    )


def test_a_dropped_record_leaves_and_comes_back_with_a_reason(label: Label) -> None:
    label.does("record", "drop", "night-bus", "--why", "the band is no more")
    assert label.data("board") == []
    [gone] = label.data("record", "list", "--absent")
    assert (gone["address"], gone["standing"]) == ("night-bus", "dropped")
    assert label.data("song", "stage", ROOF)["evidence"] == f"night-bus dropped, and {ROOF} lies in it"
    assert label.refuses(3, "record", "shelve", "night-bus").rule == "entry.dropped"
    said = label.refuses(2, "record", "restore", "night-bus")
    assert (said.rule, "record restore night-bus --why REASON" in said.err) == ("entry.reason", True)
    label.does("record", "restore", "night-bus", "--why", "the band is back")
    assert [row["record"] for row in label.data("board")] == ["night-bus"]


def test_undo_after_a_drop_takes_back_the_judgement_before_it(label: Label, tmp_path: Path) -> None:
    label.does("take", "ingest", DRUMS, note(tmp_path / "drums.wav", 60.0, seconds=0.2))
    label.does("take", "approve", f"{DRUMS}/1")
    label.does("song", "drop", ROOF, "--why", "no voice for it")
    assert "approved" in label.does("undo")
    label.does("song", "restore", ROOF, "--why", "a voice was found")
    assert [row["verdict"] for row in label.data("take", "list", DRUMS)] == [""]
