"""A day at a label, in commands: a record, money, sessions, takes, comps and a mix; nothing is rendered."""

import tomllib
from pathlib import Path

import pytest

from domain.core.address import parse_address
from orchestrator.studio import Studio
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note

DRUMS, VOCAL = f"{SONG}/drums", f"{SONG}/lead-vocal"


def test_what_is_made_prints_its_address_and_made_again_is_the_same(label: Label) -> None:
    head = label.head
    assert label.does("record", "new", "Night Bus", "--artist", "The Ferrymen") == "night-bus"
    assert label.does("song", "add", "night-bus", "Tin Roof") == SONG
    assert label.does("part", "add", SONG, "Drums", "Lead Vocal").splitlines() == [DRUMS, VOCAL]
    assert label.head == head, "all of it was there"
    assert label.does("record", "new", "Night Bus", "--artist", "Others") == "night-bus-2"


def test_songs_like_another_take_over_its_parts(label: Label) -> None:
    label.does("song", "add", "night-bus", "Ferry Song", "Tide", "--like", SONG)
    parts = [row["name"] for row in label.data("part", "list", "night-bus/tide")]
    assert parts == ["Drums", "Bass", "Guitar", "Lead Vocal"]


def test_where_you_are_makes_tails_of_addresses_do(band: Label) -> None:
    assert band.does("at", SONG) == SONG
    assert band.does("take", "keep", "drums/2") == f"{DRUMS}/2 kept"
    assert band.data("take", "show", "drums/2")["verdict"] == "kept"
    assert band.does("at") == SONG
    band.does("at", "-")
    assert band.refuses(4, "take", "keep", "drums/2").rule == "address"


def test_a_tail_that_two_things_answer_to_is_ambiguous(label: Label) -> None:
    label.does("song", "add", "night-bus", "Tide", "--like", SONG)
    label.does("at", "night-bus")
    said = label.refuses(4, "take", "list", "drums")
    assert "ambiguous" in said.err
    assert "night-bus/tide/drums" in said.err


def test_a_revision_alone_is_a_tail_too(label: Label) -> None:
    label.does("at", "night-bus")
    label.does("mix", "revise", SONG, label.mix_recipe("drums"))
    assert label.does("note", "@mix1", "vocal up") == f"noted on {SONG}@mix1"
    label.does("song", "add", "night-bus", "Tide")
    assert "night-bus/tide@mix1" in label.refuses(4, "note", "@mix1", "vocal up").err, "of which song?"
    assert label.refuses(4, "take", "list", "3").rule == "address", "a number alone is no tail"


def test_a_note_is_named_in_either_case(label: Label) -> None:
    label.does("note", SONG, "vocal up")
    label.does("note", "done", "N1", "--record", "night-bus")
    assert label.data("note", "list", SONG) == []


def test_a_record_named_like_a_part_does_not_hide_the_part_where_a_part_is_meant(band: Label) -> None:
    band.does("record", "new", "Drums", "--artist", "The Ferrymen")
    band.does("at", SONG)
    assert band.does("part", "show", "drums") == band.does("part", "show", DRUMS)
    assert band.does("at", "drums") == "drums", "a whole address comes first where anything may be meant"
    said = band.refuses(2, "part", "show", "drums")
    assert "names a record; a part is meant" in said.err, "nothing below it is a part of that name"


def eur(cents: int) -> dict[str, object]:
    """Money as JSON represents it."""
    return {"minor": cents, "currency": "EUR"}


def test_money_is_committed_by_a_session_and_settled_by_its_invoice(label: Label) -> None:
    label.does("resource", "add", "room-a", "--kind", "room", "--rate", "45.50/hour")
    label.does("budget", "set", "night-bus", "studio=1000", "mixing=2400")
    booked = label.data("session", "book", "night-bus", "--room", "room-a", "--from", "2026-12-07T10:00",
                        "--to", "2026-12-07T12:20", "--line", "studio")  # fmt: skip
    cost = {"cost": eur(11375), "line": "studio", "unbudgeted": False}
    assert booked == {"session": "night-bus/S1", **cost}, "begun quarters count"
    (studio, mixing) = label.data("budget", "report", "night-bus")
    assert (studio["committed"], studio["left"], mixing["left"]) == (eur(11375), eur(88625), eur(240000))
    paid = label.data("budget", "spend", "night-bus", "studio", "120.00", "--invoice", "INV-1", "--session", "S1")
    assert (paid[0]["committed"], paid[0]["spent"], paid[0]["left"]) == (eur(0), eur(12000), eur(88000))
    head = label.head
    label.does("budget", "spend", "night-bus", "studio", "120.00", "--invoice", "INV-1", "--session", "S1")
    assert label.head == head, "the same payment again is nothing new"


def test_without_a_line_the_cost_is_unbudgeted_and_the_answer_says_so(label: Label) -> None:
    label.does("resource", "add", "Room A", "--kind", "room", "--rate", "600/day")
    said = label.run("session", "book", "night-bus", "--room", "room-a", "--on", "2026-12-07", "--hours", "10-18")
    assert (said.code, said.out) == (0, "night-bus/S1\n")
    assert "600.00 EUR unbudgeted: no --line was named" in said.err


def test_a_pass_is_approved_as_a_whole_but_for_the_parts_left_out(band: Label) -> None:
    judged = band.data("take", "approve", f"{SONG}@pass2", "--except", VOCAL, "--as", "pat")
    assert judged["takes"] == [f"{SONG}/{part}/2" for part in ("drums", "bass", "guitar")]
    standing = {row["take"]: row["verdict"] for row in band.data("take", "list", SONG)}
    assert [take for take, verdict in standing.items() if verdict == "approved"] == judged["takes"]
    assert band.data("log", "show")[-1]["actor"] == "pat"


@pytest.mark.parametrize(
    "words", [(f"{VOCAL}/2@0:00.5-0:00.75",), (f"{VOCAL}/2", "--from", "0:00.5", "--to", "0:00.75")], ids=" ".join
)
def test_a_span_paints_over_what_was_there_and_says_what_it_replaced(band: Label, words: tuple[str, ...]) -> None:
    band.does("take", "approve", f"{VOCAL}/1")
    said = band.run("take", "approve", *words, "--why", "the breath")
    assert said.code == 0
    assert "0:00.5-0:00.75 take 1 gave way to take 2" in said.err
    assert [(row["from"], row["to"], row["take"]) for row in band.data("comp", "show", VOCAL)] == [
        ("0:00", "0:00.5", "1"),
        ("0:00.5", "0:00.75", "2"),
        ("0:00.75", "0:01", "1"),
    ]
    band.does("take", "reject", f"{VOCAL}/2")
    assert [row["take"] for row in band.data("comp", "show", VOCAL)] == ["1"], "what lay beneath shows again"


def test_a_verdict_said_twice_is_recorded_once(band: Label) -> None:
    band.does("take", "approve", f"{DRUMS}/1")
    head = band.head
    assert band.data("take", "approve", f"{DRUMS}/1")["again"] is True
    assert band.head == head


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ((f"{VOCAL}/1", "--from", "0:05"), "take.span"),
        ((f"{VOCAL}/1", "--from", "0:00.5", "--to", "0:00.5"), "take.span"),
        ((f"{VOCAL}/1", "--from", "0:00.9", "--to", "0:00.1"), "take.span"),
        ((f"{VOCAL}/1@0:00-0:01", "--to", "0:01"), "take.span"),
        ((f"{VOCAL}/1@0:00-0:01", f"{VOCAL}/2"), "take.span"),
        ((f"{VOCAL}/1", "--to", "la+ter"), "time"),
        ((f"{VOCAL}/1", "--to", "9" * 40), "time"),
    ],
)
def test_spans_that_make_no_sense_paint_nothing(band: Label, words: tuple[str, ...], rule: str) -> None:
    assert band.refuses(2, "take", "approve", *words).rule == rule


@pytest.mark.parametrize(
    "span", ["0:00", "0:00=", "0:00=x", "=1", "x-=1", "0:00=0", "0:00=-1", "0:00=1 0:00=2", "0:01=1 0:00=2"]
)
def test_comps_that_make_no_sense_are_not_set(band: Label, span: str) -> None:
    assert band.refuses(2, "comp", "set", VOCAL, *span.split()).rule in {"comp.span", "comp.order", "time"}


def test_a_comp_is_painted_at_once_and_its_gaps_are_said(band: Label) -> None:
    band.does("comp", "set", VOCAL, "0:00=1", "0:00.25=-", "0:00.5=2")
    rows = [(row["from"], row["take"]) for row in band.data("comp", "show", VOCAL)]
    assert rows == [("0:00", "1"), ("0:00.25", "silence"), ("0:00.5", "2")]
    assert "comp.gap" in band.does("why", VOCAL)


def test_why_one_second_names_the_take_that_sounds_there_and_who_said_so(band: Label) -> None:
    band.does("comp", "set", VOCAL, "0:00=1", "0:00.25=-", "0:00.5=2", "--as", "pat")
    band.does("note", VOCAL, "the breath before the line", "--at", "0:00.6")
    told = band.does("why", f"{VOCAL}@0:00.7")
    assert "take 2, at its own 0:00.7" in told
    assert f"{VOCAL}/1" not in told
    assert "comp set by pat" in told
    assert "silence" in band.does("why", VOCAL, "--at", "0:00.3")
    assert band.refuses(2, "why", VOCAL, "--at", "1:75").rule == "time"


def test_undo_takes_back_the_last_word_of_whoever_asks(band: Label) -> None:
    band.does("take", "approve", f"{DRUMS}/1", "--as", "pat")
    band.does("take", "approve", f"{DRUMS}/2")
    assert f"{DRUMS}/1" in band.does("undo", "--as", "pat")
    verdicts = [row["verdict"] for row in band.data("take", "list", DRUMS)]
    assert verdicts == ["", "approved"]
    assert f"{DRUMS}/2" in band.does("undo")
    assert band.data("comp", "show", DRUMS) == []
    assert band.refuses(4, "undo").rule == "undo.nothing"


@pytest.mark.parametrize(
    ("edit", "silent"), [(("", "--nudge", "400ms"), "0:00.2-0:00.4"), (("@0:00.3-0:01", "--trim"), "0:00.2-0:00.3")]
)
def test_a_take_that_was_moved_or_trimmed_leaves_no_hole_unsaid(
    band: Label, edit: tuple[str, ...], silent: str
) -> None:
    band.does("take", "approve", f"{DRUMS}/2", "--from", "0:00.2", "--to", "0:00.8", "--as", "pat")
    assert [row for row in band.data("next") if row["what"] == "gap"] == []
    span, *options = edit
    band.does("edit", "part", f"{DRUMS}/2{span}", *options, "--as", "pat")
    told = [(row["from"], row["to"], row["take"]) for row in band.data("comp", "show", DRUMS)]
    assert ("0:00", silent.rpartition("-")[2], "silence") in told
    (taken,) = [row for row in band.data("take", "list", DRUMS) if row["gap"]]
    assert (taken["take"], taken["gap"]) == (f"{DRUMS}/2", silent)
    (gap,) = [row for row in band.data("next") if row["what"] == "gap"]
    assert (gap["address"], gap["next"]) == (DRUMS, f"takesheet comp show {DRUMS}")
    assert gap["why"].startswith(f"{silent} is silent: take 2")
    assert any("silence" in fact for fact in band.data("why", DRUMS)["facts"])


def test_a_private_note_is_found_by_its_writer_alone(band: Label) -> None:
    band.does("note", f"{VOCAL}/1", "breathless", "--at", "0:00.5", "--private", "--as", "pat")
    band.does("note", f"{VOCAL}/1", "breathless but brave", "--as", "pat")
    assert len(band.data("search", "BREATHLESS", "--as", "pat")) == 2
    assert [row["what"] for row in band.data("search", "breathless")] == [f"{VOCAL}/1: breathless but brave"]


def test_a_draft_is_toml_alone_and_becomes_the_first_revision_once(band: Label) -> None:
    band.does("take", "approve", f"{SONG}@pass1")
    said = band.run("mix", "draft", SONG)
    assert (said.code, said.err) == (0, "")
    assert tomllib.loads(said.out)["strips"].keys() == {"drums", "bass", "guitar", "lead-vocal"}
    file = band.folder / "mix.toml"
    file.write_text(said.out, encoding="utf-8")
    assert band.does("mix", "revise", SONG, file, "--why", "first balance") == f"{SONG}@mix1"
    head = band.head
    assert band.does("mix", "revise", SONG, file) == f"{SONG}@mix1"
    assert band.head == head, "equal to the latest revision: that one"
    assert band.does("mix", "show", f"{SONG}@mix1") == said.out.strip()
    (row,) = band.data("mix", "list", SONG)
    assert (row["address"], row["why"]) == (f"{SONG}@mix1", "first balance")
    assert row["standing"].startswith("pending")


def test_a_mix_nobody_can_have_heard_is_not_approved(band: Label) -> None:
    band.does("take", "approve", f"{SONG}@pass1")
    band.does("mix", "revise", SONG, band.mix_recipe("drums"))
    for verdict in ("approve", "reject"):
        assert band.refuses(3, "mix", verdict, f"{SONG}@mix1").rule == "approve.pending"


def test_an_editor_is_not_opened_where_nobody_sits(band: Label) -> None:
    band.does("take", "approve", f"{SONG}@pass1")
    assert band.refuses(8, "mix", "edit", SONG, "--no-input").rule == "input.needed"
    assert band.apart("mix", "edit", SONG).code == 8


NONSENSE = [
    "",
    "x = [",
    "strips = 3",
    "[strips.flute]\ngain_db = 0",
    *(f"[strips.drums]\n{line}" for line in (
        "gain_db = 1e400", "gain_db = nan", "gain_db = 'loud'", "gian_db = 0", "pan = 2", "gain_db = 0\n\0",
    )),
    "a" * 2_000_000,
    "[a." * 2000,
]  # fmt: skip


@pytest.mark.parametrize("text", NONSENSE, ids=lambda text: ascii(text[:40]))
def test_a_recipe_that_does_not_parse_is_refused_with_its_place(label: Label, text: str) -> None:
    file = label.folder / "mix.toml"
    file.write_text(text, encoding="utf-8")
    said = label.refuses(2, "mix", "revise", SONG, file)
    assert said.rule in {"recipe.mix", "file.text"}


def test_a_mix_from_outside_stands_on_the_comps_as_they_are(band: Label, tmp_path: Path) -> None:
    band.does("take", "approve", f"{SONG}@pass1")
    mix = note(tmp_path / "mix.wav", 100, seconds=1.0, channels=2)
    other = note(tmp_path / "instrumental.wav", 99, seconds=1.0, channels=2)
    address = band.does("mix", "submit", SONG, mix, f"instrumental={other}", "--by", "Ann")
    assert address == f"{SONG}@mix1"
    assert band.data("mix", "show", address)["maker"] == "Ann"
    assert [Path(row["path"]).exists() for row in band.data("path", address)] == [True, True]
    assert "made outside by Ann, bytes kept" in band.does("why", address)


def test_what_waits_is_told_with_the_command_for_it(band: Label) -> None:
    band.does("take", "approve", f"{SONG}@pass1")
    band.does("mix", "revise", SONG, band.mix_recipe("drums"))
    rows = {(row["what"], row["next"]) for row in band.data("next")}
    assert ("render", "takesheet render night-bus") in rows
    assert any(command.startswith("takesheet review") for _, command in rows)


def test_a_time_means_the_last_position_recorded_at_or_before_it(label: Label) -> None:
    then = label.data("board")
    with Studio.at(str(label.folder)) as studio:
        moment = [recorded.recorded_at for recorded in studio.log.read_all()][-1].isoformat()
    label.does("song", "add", "night-bus", "Tide")
    assert label.data("board", "--as-of", moment) == then
    assert label.data("board", "--as-of", "2020-01-01") == []
    assert label.data("board", "--as-of", "9999-12-31T23:59:59") == label.data("board")


def test_the_store_is_found_from_any_folder_below_by_name_or_by_variable(label: Label, tmp_path: Path) -> None:
    below = label.folder / "deep" / "down"
    below.mkdir(parents=True)
    elsewhere = Label(tmp_path)
    assert Label(below).data("board") == label.data("board")
    assert elsewhere.refuses(4, "board").rule == "store.missing"
    assert elsewhere.data("board", "--store", label.folder) == label.data("board")
    assert elsewhere.data("board", "--store", label.folder / ".takesheet") == label.data("board")


def test_every_address_that_is_printed_parses_and_is_found(band: Label) -> None:
    for row in [*band.data("part", "list", SONG), *band.data("song", "list", "night-bus")]:
        assert str(parse_address(row["address"])) == row["address"]
        assert band.data("take", "list", row["address"])
