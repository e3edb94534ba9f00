"""Which mix, which master: the mix approved last is chosen, masters hold it, and whoever holds another says so."""

from pathlib import Path

import pytest

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.standing import standing
from tests.orchestrator.terminal import Terminal

MIX, MASTER = f"{SONG}@mix{{}}", "night-bus@master1"
HOLDS = "it holds mix1 of tin-roof, where mix2 is chosen"


def revise(label: Label, gain: int) -> None:
    file = label.folder / "other.toml"
    file.write_text(f"[strips.drums]\ngain_db = {gain}\n[strips.bass]\n[strips.lead-vocal]\n", encoding="utf-8")
    label.does("mix", "revise", SONG, file, "--as", "pat")


def waiting(label: Label) -> list[dict[str, str]]:
    """The rows of ``next``, without the take that nobody judged."""
    return [row for row in label.data("next") if row["what"] != "take"]


@pytest.fixture
def two_mixes(released: Label) -> Label:
    """A label whose record is mastered from mix1; mix2 is rendered, too."""
    revise(released, -9)
    assert released.renders() == [MIX.format(2)]
    return released


def remarks(label: Label) -> list[str]:
    return [row["remark"] for row in label.data("mix", "list", SONG)]


def test_back_to_an_earlier_mix_ships_it(two_mixes: Label) -> None:
    assert remarks(two_mixes) == ["chosen", ""]
    two_mixes.does("mix", "approve", MIX.format(2), "--as", "pat")
    assert remarks(two_mixes) == ["", "chosen"]
    head = two_mixes.head
    two_mixes.does("mix", "approve", MIX.format(1), "--as", "pat", "--why", "back to 1, it was better")
    assert (remarks(two_mixes), two_mixes.head) == (["chosen", ""], head + 1)
    two_mixes.does("mix", "approve", MIX.format(1), "--as", "pat")
    assert two_mixes.head == head + 1, "a repeat records nothing"
    assert two_mixes.does("master", "plan", "night-bus", "--target", "cd", "--as", "pat") == "night-bus@master2"
    assert two_mixes.data("master", "list", "night-bus")[-1]["songs"] == "tin-roof@mix1"
    assert two_mixes.data("song", "list", "night-bus")[0]["chosen"] == "mix1"


def test_a_master_that_holds_another_than_the_chosen_mix_says_so_everywhere(two_mixes: Label) -> None:
    two_mixes.does("mix", "approve", MIX.format(2), "--as", "pat")
    (row,) = [row for row in two_mixes.data("next") if row["what"] == "plan"]
    assert (row["address"], row["why"], row["next"]) == (MASTER, HOLDS, "takesheet master plan night-bus")
    assert two_mixes.data("board")[0]["remark"] == f"master1: {HOLDS}"
    assert "master1: it holds" in two_mixes.does("board")
    shown = {row["address"]: row.get("remark") for row in two_mixes.data("record", "show", "night-bus")}
    assert shown[MASTER] == HOLDS
    assert HOLDS in two_mixes.data("why", MASTER)["facts"]
    assert two_mixes.data("master", "list", "night-bus")[0]["remark"] == HOLDS
    assert {(row["mix"], row["chosen"]) for row in two_mixes.data("master", "show", MASTER)} == {("mix1", "mix2")}
    two_mixes.does("master", "plan", "night-bus", "--as", "pat")
    assert [row["what"] for row in waiting(two_mixes)] == ["render"]
    assert two_mixes.data("board")[0]["remark"] == ""


def test_it_is_exported_only_as_planned_and_with_a_reason(two_mixes: Label, tmp_path: Path) -> None:
    two_mixes.does("mix", "approve", MIX.format(2), "--as", "pat")
    refused = two_mixes.refuses(3, "export", MASTER, tmp_path / "out")
    assert refused.rule == "export.chosen"
    assert "--as-planned --why REASON" in refused.err
    assert two_mixes.refuses(2, "export", MASTER, tmp_path / "out", "--as-planned").rule == "export.chosen"
    assert not (tmp_path / "out").exists()
    two_mixes.does("export", MASTER, tmp_path / "out", "--as-planned", "--why", "the artist wants mix1", "--as", "pat")
    assert sorted(file.suffix for file in (tmp_path / "out").rglob("*.*")) == [".wav", ".wav"]
    (kept,) = two_mixes.data("search", "wants")
    assert (kept["address"], kept["what"]) == (MASTER, f"{MASTER}: exported as planned: the artist wants mix1")


def test_an_alternate_is_signed_and_changes_nothing(two_mixes: Label) -> None:
    assert two_mixes.does("mix", "approve", MIX.format(2), "--alternate", "--as", "pat").startswith(
        f"{MIX.format(2)} approved as an alternate"
    )
    assert remarks(two_mixes) == ["chosen", "alternate"]
    assert two_mixes.data("master", "list", "night-bus")[0]["remark"] == ""
    assert waiting(two_mixes) == []
    head = two_mixes.head
    two_mixes.does("mix", "approve", MIX.format(2), "--alternate", "--as", "pat")
    assert two_mixes.head == head
    two_mixes.does("mix", "approve", MIX.format(2), "--as", "pat")
    assert remarks(two_mixes) == ["", "chosen"]


def test_an_alternate_is_one_key_in_review(two_mixes: Label) -> None:
    terminal = Terminal(two_mixes, "review", SONG + "@mix2", "--as", "pat")
    terminal.sees("(q)uit ?")
    terminal.press("v")
    terminal.sees("approved as an alternate")
    assert terminal.ends() == 0
    assert remarks(two_mixes) == ["chosen", "alternate"]


def test_vocal_up_and_vocal_down_are_both_there_by_morning(released: Label) -> None:
    for gain in (-3, -12):
        revise(released, gain)
    assert released.renders() == [MIX.format(2), MIX.format(3)]
    assert [row["address"] for row in waiting(released)] == [MIX.format(2), MIX.format(3)]
    released.does("mix", "approve", MIX.format(3), "--as", "pat")
    assert [row["what"] for row in waiting(released)] == ["plan"]


def test_after_its_first_output_an_older_revision_follows_no_change_unless_it_is_named(released: Label) -> None:
    for gain in (-3, -12):
        revise(released, gain)
    released.renders()
    released.does("take", "approve", f"{SONG}/drums/1", "--as", "pat")
    made = set(released.renders())
    assert made == {f"{SONG}/drums", MIX.format(1), MIX.format(3)}, "mix1 is bound and chosen, mix3 the newest"
    for words in (("mix", "approve", MIX.format(2), "--as", "pat"), ("rebuild", MIX.format(2))):
        said = released.refuses(3, *words)
        assert f"next: takesheet render {MIX.format(2)}" in said.err, "to render the record would render nothing"
    rendered = released.apart("render", MIX.format(2), "--json", env={"TAKESHEET_THREADS": "1"})
    assert [row["subject"] for row in rendered.json["data"]["rendered"]] == [MIX.format(2)]
    released.does("mix", "approve", MIX.format(2), "--as", "pat")


def test_two_plans_made_before_a_render_are_both_rendered(released: Label) -> None:
    plan = ("master", "plan", "night-bus", "--as", "pat", "--target", "cd")
    assert released.does(*plan, "--as-mixed") == "night-bus@master2"
    assert released.does(*plan, "--lufs", "-16") == "night-bus@master3"
    released.renders()
    standings = [row["standing"] for row in released.data("master", "list", "night-bus")]
    assert standings == ["approved", "to hear", "to hear"]


def test_a_song_that_is_shelved_is_rendered_for_the_master_that_holds_it(released: Label) -> None:
    released.does("take", "approve", f"{SONG}/drums/1", "--as", "pat")
    released.does("song", "shelve", SONG, "--as", "pat")
    assert MIX.format(1) in released.renders()


def test_a_named_mix_is_rendered_by_a_standing_driver_too(released: Label) -> None:
    for gain in (-3, -12):
        revise(released, gain)
    released.renders()
    released.does("take", "approve", f"{SONG}/drums/1", "--as", "pat")
    released.renders()
    with standing(released):
        said = released.apart("render", MIX.format(2), "--json")
    assert "following it" in said.err
    assert [row["subject"] for row in said.json["data"]["rendered"]] == [MIX.format(2)]


def test_an_unready_or_mistyped_song_never_blocks_its_record(released: Label) -> None:
    released.does("song", "add", "night-bus", "Tin Rooof", "Ferry Song")
    said = released.run("master", "plan", "night-bus", "--target", "cd", "--as", "pat")
    assert said.out == "night-bus@master2\n"
    assert "left out: night-bus/tin-rooof has no approved mix" in said.err
    words = ("master", "plan", "night-bus", "--as", "pat")
    assert released.refuses(3, *words, "--songs", "tin-roof,ferry-song").rule == "master.source"
    assert released.refuses(2, *words, "--songs", "tin-roof", "--without", "tin-rooof").rule == "master.songs"
    assert released.refuses(4, *words, "--songs", "tin-raaf").rule == "address"
    assert released.refuses(3, *words, "--without", "tin-roof").rule == "master.source"
    planned = released.data(*words, "--without", "tin-rooof", "--without", "ferry-song")
    assert planned == {"address": "night-bus@master3", "left_out": []}
    assert released.data(*words, "--songs", SONG)["address"] == "night-bus@master3", "the same plan again"
