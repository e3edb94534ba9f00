"""Sign-offs: who accepts which hash, what reopens, and the page that says so."""

from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from tests.orchestrator.label import SONG, Label, open_label
from tests.orchestrator.sounds import note

FERRY = "night-bus/ferry"
ROOF_MIX, FERRY_MIX = f"{SONG}@mix1", f"{FERRY}@mix1"
PRIVATE, MONEY = "the singer is flat again", "7200"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Label:
    """Two songs with approved mixes and a rendered master; pat produces, mia is the artist, kim and joe the label."""
    label = open_label(tmp_path_factory.mktemp("made"), "drums")
    label.does("song", "add", "night-bus", "Ferry")
    label.does("part", "add", FERRY, "drums")
    for name, *roles in (("pat", "producer"), ("mia", "artist"), ("kim", "label"), ("joe", "label"), ("mix", "mixer")):
        label.does("user", "add", name, *(word for role in roles for word in ("--role", role)))
    label.does("note", SONG, PRIVATE, "--private", "--as", "pat")
    label.does("budget", "set", "night-bus", f"studio={MONEY}")
    for song, hz in ((SONG, 80), (FERRY, 110)):
        label.does("take", "ingest", f"{song}/drums", note(label.folder / "in" / f"{hz}.wav", hz, seconds=0.5))
        label.does("take", "approve", f"{song}/drums/1", "--as", "pat")
        label.does("mix", "revise", song, label.mix_recipe("drums"), "--as", "pat")
    label.renders()
    label.does("mix", "approve", ROOF_MIX, "--as", "pat")
    label.does("mix", "approve", FERRY_MIX, "--as", "pat")
    label.does("master", "plan", "night-bus", "--target", "streaming", "--target", "cd", "--as", "pat")
    label.renders()
    return label


@pytest.fixture
def label(made: Label, tmp_path: Path) -> Label:
    """A copy of the label for one test."""
    copytree(made.folder, tmp_path / "store")
    return Label(tmp_path / "store")


def opened(label: Label, *words: str) -> Any:
    return label.data("signoff", "open", "night-bus", "--who", "artist=mia,label=kim", *words, "--as", "pat")


def yes(label: Label, person: str, *words: str) -> Any:
    return label.data("signoff", "give", "night-bus/G1", "--as", person, *words)


def asked(data: Any) -> dict[str, int]:
    return {one["person"]: len(one["asked"]) for one in data["signatories"]}


def louder(label: Label, song: str) -> None:
    """Another mix of *song*, approved, and a master that holds it."""
    recipe = label.folder / "louder.toml"
    recipe.write_text("[strips.drums]\ngain_db = -3\n")
    label.does("mix", "revise", song, recipe, "--as", "pat")
    label.renders()
    label.does("mix", "approve", f"{song}@mix2", "--as", "pat")


def test_a_sign_off_names_masters_by_target_and_mixes_with_their_hashes(label: Label) -> None:
    data = opened(label, "--due", "2027-03-01", "--for", "commercial")
    targets = [FERRY_MIX, ROOF_MIX, "night-bus@master1 cd", "night-bus@master1 streaming"]
    assert (data["signoff"], sorted(data["outputs"])) == ("night-bus/G1", sorted(targets))
    assert data["outputs"][ROOF_MIX] == label.data("mix", "approve", ROOF_MIX, "--as", "pat")["output"]
    assert (data["state"], asked(data), data["quorum"]) == ("open", {"mia": 4, "kim": 4}, 2)
    head = label.head
    assert opened(label, "--due", "2027-03-01", "--for", "commercial")["signoff"] == "night-bus/G1"
    assert label.head == head, "the same again is the one that is open"


def test_two_people_sign_off_and_each_is_asked_until_they_did(label: Label) -> None:
    opened(label)
    assert "mia (artist) to 4, kim (label) to 4" in label.does("board", "--json")
    assert "your yes to 4 outputs" in label.does("next", "--as", "mia")
    first = yes(label, "mia")
    assert (first["accepted"], asked(first), first["state"]) == (4, {"mia": 0, "kim": 4}, "open")
    missing = [
        row for row in label.run("record", "check", "night-bus", "--json").json["data"] if row["what"] == "signoff"
    ]
    assert [(row["owed_by"], row["next"]) for row in missing] == [
        ("kim", "takesheet signoff give night-bus/G1 --as kim")
    ]
    second = yes(label, "kim")
    assert (second["state"], second["owed_by"]) == ("accepted", "")
    assert yes(label, "kim")["accepted"] == 0
    assert "sign-off" not in label.does("board", "--json")
    assert "signoff" not in label.run("record", "check", "night-bus").out
    why = label.does("why", "night-bus@master1")
    assert "G1 signed off streaming as artist by mia" in why
    assert "G1 signed off cd as label by kim" in why
    assert "G1 signed off as artist by mia" in label.does("why", ROOF_MIX)


def test_it_reopens_only_for_outputs_with_another_hash(label: Label) -> None:
    opened(label)
    yes(label, "mia")
    yes(label, "kim")
    louder(label, SONG)
    there = label.data("signoff", "show", "night-bus/G1")
    assert there["state"] == "reopened"
    assert [one["asked"] for one in there["signatories"]] == [[f"{SONG}@mix2"]] * 2
    assert yes(label, "mia")["accepted"] == 1
    assert yes(label, "kim")["state"] == "accepted"
    label.does("master", "plan", "night-bus", "--target", "streaming", "--target", "cd", "--as", "pat")
    assert label.data("signoff", "show", "night-bus/G1")["state"] == "waits for night-bus@master2"
    label.renders()
    targets = ["night-bus@master2 streaming", "night-bus@master2 cd"]
    assert label.data("signoff", "show", "night-bus/G1")["signatories"][0]["asked"] == targets
    label.does("mix", "approve", ROOF_MIX, "--as", "pat")
    there = label.data("signoff", "show", "night-bus/G1")["signatories"][0]["asked"]
    assert f"{SONG}@mix1" not in there, "a yes on the same hash stands again"


def test_the_artists_yes_is_not_the_labels(label: Label) -> None:
    opened(label)
    label.does("user", "add", "mia", "--role", "label")
    assert asked(yes(label, "mia")) == {"mia": 0, "kim": 4}
    for person in ("joe", "pat"):
        refused = label.refuses(3, "signoff", "give", "night-bus/G1", "--as", person)
        assert (refused.rule, "kim (label)" in refused.err) == ("signoff.signatory", True)


def test_one_person_says_two_yeses_only_by_the_house_rule(label: Label) -> None:
    label.does("user", "add", "kim", "--role", "artist")
    both = ("signoff", "open", "night-bus", "--who", "artist=kim,label=kim", "--as", "pat")
    label.does("rule", "set", "approve.self", "off", "--as", "kim")
    assert label.refuses(3, *both).rule == "signoff.person"
    label.does("rule", "set", "approve.self", "on", "--as", "kim")
    label.does(*both)
    assert yes(label, "kim")["state"] == "accepted"


def test_a_role_that_is_lost_gives_no_yes(label: Label) -> None:
    opened(label)
    label.does("user", "revoke", "mia", "--role", "artist")
    label.does("user", "add", "mia", "--role", "musician")
    assert label.refuses(3, "signoff", "give", "night-bus/G1", "--as", "mia").rule == "signoff.signatory"


def test_the_yes_of_somebody_absent_is_recorded_with_its_message(label: Label) -> None:
    opened(label)
    give = ("signoff", "give", "night-bus/G1")
    assert label.refuses(2, *give, "--for", "mia", "--as", "pat").rule == "signoff.evidence"
    assert label.refuses(2, *give, "--evidence", "yes", "--as", "mia").rule == "signoff.evidence"
    assert label.refuses(2, *give, "--for", "mia", "--evidence", " ", "--as", "pat").rule == "signoff.evidence"
    said = ("--for", "mia", "--evidence", "yes, all of it. Mia")
    assert label.refuses(3, *give, *said, "--as", "mix").rule == "person.role"
    data = label.data(*give, *said, "--as", "pat")
    assert (data["accepted"], asked(data)) == (4, {"mia": 0, "kim": 4})
    assert "signed off as artist, the yes of mia by pat" in label.does("why", ROOF_MIX)
    label.does("log", "verify", "--audio")


def test_a_yes_is_taken_back_and_brought_back(label: Label) -> None:
    opened(label)
    yes(label, "mia")
    label.does("undo", "--yes", "--as", "mia")
    assert asked(label.data("signoff", "show", "night-bus/G1")) == {"mia": 4, "kim": 4}
    label.does("redo", "--as", "mia")
    assert asked(label.data("signoff", "show", "night-bus/G1")) == {"mia": 0, "kim": 4}


def test_a_yes_stands_only_on_the_list_that_was_shown(label: Label) -> None:
    shown = opened(label)["list"]
    louder(label, SONG)
    refused = label.refuses(5, "signoff", "give", "night-bus/G1", "--output", shown[:12], "--as", "mia")
    assert refused.rule == "signoff.changed"
    now = label.data("signoff", "show", "night-bus/G1")["list"]
    assert yes(label, "mia", "--output", now[:12])["accepted"] == 4


def test_technical_and_commercial_are_two_acceptances_and_a_newer_one_replaces_its_own(label: Label) -> None:
    opened(label, "--for", "technical")
    assert opened(label, "--for", "commercial")["signoff"] == "night-bus/G2"
    assert yes(label, "mia")["state"] == "open"
    assert asked(label.data("signoff", "show", "night-bus/G2"))["mia"] == 4
    third = opened(label, "--for", "technical", "--quorum", "1")
    assert third["signoff"] == "night-bus/G3"
    assert label.refuses(3, "signoff", "give", "night-bus/G1", "--as", "kim").rule == "signoff.replaced"
    assert label.data("signoff", "give", "night-bus/G3", "--as", "kim")["state"] == "accepted"
    states = {row["signoff"]: row["state"] for row in label.data("signoff", "list")}
    assert states == {"night-bus/G1": "replaced", "night-bus/G2": "open", "night-bus/G3": "accepted"}


@pytest.mark.parametrize(
    ("words", "code", "rule"),
    [
        (("--who", "artist,artist"), 2, "signoff.who"), (("--who", "drummer"), 2, "signoff.who"),
        (("--who", "robot"), 2, "signoff.who"), (("--who", "artist=kim"), 3, "signoff.nobody"),
        (("--who", "mastering=joe"), 3, "signoff.nobody"), (("--who", "label"), 3, "signoff.several"),
        (("--who", "artist=mia", "--quorum", "2"), 2, "signoff.quorum"),
        (("--who", "artist=mia", "--quorum", "0"), 2, "signoff.quorum"),
        (("--who", "artist=mia", "--due", "soon"), 2, "when"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_for_is_refused(label: Label, words: tuple[str, ...], code: int, rule: str) -> None:
    assert label.refuses(code, "signoff", "open", "night-bus", *words, "--as", "pat").rule == rule


def test_a_role_alone_is_whoever_holds_no_other_of_the_roles_asked_for(label: Label) -> None:
    label.does("user", "revoke", "joe", "--role", "label")
    label.does("user", "add", "joe", "--role", "musician")
    data = label.data("signoff", "open", "night-bus", "--who", "artist,producer", "--as", "pat")
    assert [one["person"] for one in data["signatories"]] == ["mia", "pat"]


def test_only_those_who_open_records_open_a_sign_off_and_a_bare_record_has_nothing_to_sign(label: Label) -> None:
    assert label.refuses(3, "signoff", "open", "night-bus", "--who", "artist=mia", "--as", "mia").rule == "person.role"
    label.does("record", "new", "Empty", "--artist", "Nobody")
    assert label.refuses(3, "signoff", "open", "empty", "--who", "artist=mia").rule == "signoff.nothing"
    assert label.refuses(4, "signoff", "show", "night-bus/G7").rule == "signoff.unknown"
    assert label.refuses(2, "signoff", "show", "night-bus/H1").rule == "signoff.id"


def test_the_report_is_one_page_without_money_and_private_notes(label: Label, tmp_path: Path) -> None:
    opened(label, "--due", "2027-03-01")
    yes(label, "mia")
    text = label.does("signoff", "show", "night-bus/G1")
    for words in (
        "Night Bus · G1",
        "Tin Roof",
        "mix1",
        "master1 streaming",
        "mia",
        "4 of 4 to accept",
        "1 of 2 accept",
    ):
        assert words in text, words
    page = tmp_path / "page.html"
    label.does("signoff", "show", "night-bus/G1", "--html", page)
    html = page.read_text("utf-8")
    assert "size: A4" in html
    for secret in (PRIVATE, MONEY, "EUR"):
        assert secret not in html + text
    assert len(text.splitlines()) < 45


def test_an_overdue_sign_off_says_so_and_a_shelved_record_asks_nobody(label: Label) -> None:
    opened(label, "--due", "2020-01-01")
    assert "due 2020-01-01, overdue" in label.does("next", "--json")
    label.does("record", "shelve", "night-bus")
    assert "signoff" not in label.does("next", "--json")
