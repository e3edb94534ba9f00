"""Step by step, less is missing of a song and a record, until both are complete."""

import pytest

from domain.completion.missing import CompletionFacts, MissingItem, in_words, missing_of_record, missing_of_song
from domain.core.refusal import NotFound, Refused
from domain.label.catalog import PartAdded, RecordOpened, SongAdded
from domain.label.corrections import AbsenceEvent, EntryDropped, EntryRestored, EntryShelved, PartEdited
from domain.label.curtain import Reader
from domain.label.notes import note
from domain.label.role_scopes import EVERYWHERE
from domain.status.note_list import notes_of
from tests.domain.night_shift import RECORD, NightShift
from tests.domain.paper import DRUMS, ROOF, take, tin_roof
from tests.domain.production import Production, finished

BASS = f"{ROOF}/bass"
PAT = Reader("pat", {"producer": (EVERYWHERE,)})


def facts(paper: Production, reader: Reader = PAT) -> CompletionFacts:
    return CompletionFacts(paper.state, RECORD, notes_of(paper.history, reader))


def told(items: list[MissingItem]) -> list[tuple[str, str, str]]:
    return [(item.what, item.address, item.why) for item in items]


def song(paper: Production) -> list[tuple[str, str, str]]:
    return told(missing_of_song(facts(paper), ROOF))


def test_a_song_lacks_one_thing_after_the_other_until_nothing_is_missing() -> None:
    paper = Production()
    paper.say(RecordOpened(record=RECORD, title="Night Bus", artist="The Ferrymen", currency="EUR"))
    assert told(missing_of_record(facts(paper)))[0] == ("song", RECORD, "no song yet")
    paper.say(SongAdded(song=ROOF, title="Tin Roof"))
    assert song(paper) == [("part", ROOF, "no part yet"), ("mix", ROOF, "no mix yet")]
    paper.say(PartAdded(part=DRUMS, name="Drums"), PartAdded(part=BASS, name="Bass", player="kim"))
    assert song(paper)[:2] == [("keeper", DRUMS, "no take yet"), ("keeper", BASS, "no take yet")]
    assert missing_of_song(facts(paper), ROOF)[1].person == "kim"
    paper.say(take(1), take(2), take(1, BASS))
    assert song(paper)[:2] == [
        ("keeper", DRUMS, "no keeper; 2 takes to judge"), ("keeper", BASS, "no keeper; 1 take to judge"),
    ]  # fmt: skip
    paper.drums(1, "rejected")
    paper.drums(2, "rejected")
    assert song(paper)[0] == ("keeper", DRUMS, "no keeper")
    paper.drums(2)
    paper.judge(f"{BASS}/1", "approved")
    assert song(paper) == [("mix", ROOF, "no mix yet")]
    paper.revise("[strips.drums]\n[strips.bass]\n")
    assert song(paper) == [("mix", f"{ROOF}@mix1", "pending (not rendered yet)")]
    NightShift(paper).work()
    assert song(paper) == [("mix", f"{ROOF}@mix1", "to hear")]
    paper.verdict(paper.mix(), "rejected")
    assert song(paper) == [("mix", f"{ROOF}@mix1", "rejected")]
    paper.verdict(paper.mix())
    assert song(paper) == []


def test_a_record_is_complete_with_an_approved_master_of_its_chosen_mixes() -> None:
    paper, night = finished()
    assert missing_of_record(facts(paper)) == []
    paper.revise("[strips.drums]\ngain_db = -1\n")
    night.work()
    paper.verdict(paper.mix(2))
    ((what, address, why),) = told(missing_of_record(facts(paper)))
    assert (what, address) == ("master", f"{RECORD}@master1")
    assert "where mix2 is chosen" in why


def test_a_record_of_approved_mixes_lacks_its_master() -> None:
    paper = Production(tin_roof().history)
    paper.say(take(1))
    paper.drums(1)
    paper.revise()
    night = NightShift(paper)
    night.work()
    paper.verdict(paper.mix())
    assert told(missing_of_record(facts(paper))) == [("master", RECORD, "no master yet")]
    paper.plan("streaming")
    night.work()
    assert told(missing_of_record(facts(paper))) == [("master", f"{RECORD}@master1", "to hear")]


def test_each_open_note_is_owed_until_it_is_answered_and_only_where_it_is_seen() -> None:
    paper, _ = finished()
    paper.say(*note(f"{ROOF}@mix1", text="less reverb " * 9, by="pat"))
    paper.say(*note(RECORD, text="the cover is late", by="pat", visibility="private"))
    found = told(missing_of_record(facts(paper)))
    assert [(what, address) for what, address, _ in found] == [("note", f"{ROOF}@mix1"), ("note", RECORD)]
    assert found[0][2].startswith("n1 is open: less reverb")
    assert found[0][2].endswith("…")
    others = missing_of_record(facts(paper, Reader("lou", {"mixer": (EVERYWHERE,)})))
    assert [item.what for item in others] == ["note"]


@pytest.mark.parametrize(
    ("event", "rule"), [(EntryShelved, "entry.shelved"), (EntryDropped, "entry.dropped"), (EntryRestored, None)]
)
def test_an_absent_song_lacks_nothing_and_is_not_asked_about(event: type[AbsenceEvent], rule: str | None) -> None:
    paper, _ = finished()
    paper.say(SongAdded(song=f"{RECORD}/third", title="Third"))
    assert {item.address for item in missing_of_record(facts(paper))} == {f"{RECORD}/third"}
    paper.say(event(song=f"{RECORD}/third"))
    if rule is None:
        assert missing_of_song(facts(paper), f"{RECORD}/third") != []
        return
    assert missing_of_record(facts(paper)) == []
    with pytest.raises(Refused, match=rule):
        missing_of_song(facts(paper), f"{RECORD}/third")
    with pytest.raises(NotFound, match=r"song\.unknown"):
        missing_of_song(facts(paper), f"{RECORD}/fourth")


def test_a_section_that_the_form_does_not_have_is_owed_as_a_form() -> None:
    paper, _ = finished()
    paper.say(PartEdited(part=DRUMS, sections=("bridge",)))
    assert song(paper) == [("form", DRUMS, "wanted in bridge, which the form does not have")]


def test_the_counts_in_words() -> None:
    paper = Production(tin_roof().history)
    paper.say(PartAdded(part=BASS, name="Bass"))
    found = missing_of_song(facts(paper), ROOF)
    assert in_words(found) == "2 keepers, 1 mix"
    assert in_words([*found, *found]) == "4 keepers, 2 mixes"
