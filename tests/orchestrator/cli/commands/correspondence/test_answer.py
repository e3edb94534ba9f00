"""Answers through the command line: notes in song time by their speaker, a verdict, and the message as evidence."""

from email.message import EmailMessage
from getpass import getuser
from hashlib import sha256
from io import BytesIO, TextIOWrapper
from pathlib import Path

import av
import pytest

from domain.status.verdicts import VerdictGiven
from orchestrator.studio import Studio
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note
from tests.orchestrator.terminal import Terminal

MIX = f"{SONG}@mix1"


@pytest.fixture
def heard(released: Label, tmp_path: Path) -> Label:
    """A label whose artist was sent a mix that is not approved: the newest revision."""
    recipe = released.folder / "louder.toml"
    recipe.write_text("".join(f"[strips.{part}]\ngain_db = -9\n" for part in ("drums", "bass", "lead-vocal")), "utf-8")
    released.does("mix", "revise", SONG, recipe, "--as", "pat")
    released.renders()
    released.does("user", "add", "artist", "--role", "artist")
    released.does("send", f"{SONG}@mix2", "--to", "artist", "--out", tmp_path)
    return released


def written(label: Label, text: str, name: str = "answer.txt") -> str:
    (label.folder / name).write_text(text, "utf-8")
    return name


def test_a_text_becomes_notes_of_the_artist_in_song_time(heard: Label) -> None:
    file = written(heard, "Hi,\n0:01 vocal louder\n9:10 what is that\nlovely bridge\n")
    said = heard.run("answer", f"{SONG}@mix2", file, "--from", "artist", "--no-input")
    assert said.code == 0
    assert "9:10 is no time of night-bus/tin-roof@mix2" in said.err
    assert "the verdict stays open" in said.out
    notes = heard.data("note", "list", f"{SONG}@mix2")
    assert [(row["at"], row["text"], row["by"], row["for"]) for row in notes] == [
        ("0:01", "vocal louder", "artist", "artist"),
        ("", "9:10 what is that", "artist", "artist"),
        ("", "lovely bridge", "artist", "artist"),
    ]
    (vault,) = heard.folder.rglob("vault")
    kept = (heard.folder / file).read_bytes()
    assert kept in [one.read_bytes() for one in vault.rglob(f"*{sha256(kept).hexdigest()[4:]}*") if one.is_file()]
    head = heard.head
    assert "is kept already" in heard.does("answer", f"{SONG}@mix2", file, "--from", "artist", "--no-input")
    assert heard.head == head


def test_a_yes_is_the_artists_verdict_given_by_whoever_typed_it(heard: Label) -> None:
    file = written(heard, "yes!  0:01 a little louder, but yes")
    heard.does("answer", f"{SONG}@mix2", file, "--from", "artist", "--no-input")
    assert "to hear" in str(heard.data("mix", "show", f"{SONG}@mix2")["standing"])
    kept = heard.data("answer", f"{SONG}@mix2", file, "--from", "artist", "--verdict", "yes")
    assert (kept["approved"], kept["withheld"], kept["verdict"]) == (True, "", "yes")
    assert len(heard.data("note", "list", f"{SONG}@mix2")) == 1, "its notes were kept already"
    assert heard.data("mix", "show", f"{SONG}@mix2")["standing"] == "approved"
    with Studio.at(str(heard.folder)) as studio:
        (*_, given) = (one for one in studio.read_all() if isinstance(one.event, VerdictGiven))
    assert isinstance(given.event, VerdictGiven)
    assert (given.actor, given.event.by, given.event.speaker) == (getuser(), getuser(), "artist")
    assert (given.event.role, given.event.verdict) == ("artist", "approved")
    assert given.event.evidence == sha256((heard.folder / file).read_bytes()).hexdigest()


@pytest.mark.parametrize("verdict", ["changes", "later"])
def test_changes_and_later_approve_nothing(heard: Label, verdict: str) -> None:
    file = written(heard, "hm")
    kept = heard.data("answer", f"{SONG}@mix2", file, "--from", "artist", "--verdict", verdict)
    assert (kept["approved"], kept["verdict"]) == (False, verdict)


def test_the_yes_of_somebody_without_a_judging_role_is_kept_and_approves_nothing(heard: Label) -> None:
    file = written(heard, "great")
    said = heard.run("answer", f"{SONG}@mix2", file, "--from", "Uncle Joe", "--verdict", "yes")
    assert said.code == 0
    assert "uncle-joe has no role that judges it" in said.err
    assert "uncle-joe is new among the people" in said.err
    assert "approved" not in said.out


def test_an_engineer_types_in_notes_and_no_verdict(heard: Label) -> None:
    heard.does("user", "add", "eva", "--role", "engineer")
    file = written(heard, "0:01 louder")
    said = heard.run("answer", f"{SONG}@mix2", file, "--from", "artist", "--verdict", "yes", "--as", "eva")
    assert said.code == 0
    assert "eva may not record a verdict on it" in said.err
    assert heard.data("note", "list", f"{SONG}@mix2")[0]["by"] == "artist"


def test_an_artist_answers_for_themselves_and_for_nobody_else(heard: Label) -> None:
    file = written(heard, "0:01 louder")
    heard.does("user", "add", "lou", "--role", "musician")
    assert heard.refuses(3, "answer", f"{SONG}@mix2", file, "--from", "artist", "--as", "lou").rule == "person.role"
    kept = heard.data("answer", f"{SONG}@mix2", file, "--from", "artist", "--verdict", "yes", "--as", "artist")
    assert kept["approved"] is True


def test_a_yes_to_a_mix_that_sounds_otherwise_by_now_approves_nothing(heard: Label) -> None:
    heard.does("take", "approve", f"{SONG}/drums/1", "--as", "pat")
    heard.renders()
    file = written(heard, "yes")
    said = heard.run("answer", f"{SONG}@mix2", file, "--from", "artist", "--verdict", "yes")
    assert said.code == 0
    assert "not approved by it" in said.err
    assert "says yes" in said.out


def test_a_mail_is_read_without_what_it_quotes(heard: Label) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "artist@example.org", "pat@example.org", "Re: Tin Roof"
    mail.set_content("0:01 vocal louder\n\nOn Mon, Pat wrote:\n> 0:00 something old\n\nSent from my iPhone\n")
    (heard.folder / "answer.eml").write_bytes(mail.as_bytes())
    kept = heard.data("answer", f"{SONG}@mix2", "answer.eml", "--from", "artist")
    assert kept["notes"] == [{"at_ms": 1000, "text": "vocal louder"}]


@pytest.mark.parametrize(
    ("words", "code", "rule"),
    [
        ((MIX, "none.txt", "--from", "artist"), 4, "file.missing"),
        ((MIX, "empty.txt", "--from", "artist"), 2, "answer.empty"),
        ((MIX, "answer.txt", "--from", "artist", "--verdict", "maybe"), 2, "answer.verdict"),
        ((MIX, "answer.txt", "--from", "a@example.org"), 2, "person.name"),
        ((SONG, "answer.txt", "--from", "artist"), 2, "address"),
        ((MIX, "picture.eml", "--from", "artist"), 2, "answer.mail"),
    ],
)
def test_what_is_no_answer_is_refused(heard: Label, words: tuple[str, ...], code: int, rule: str) -> None:
    written(heard, "louder")
    written(heard, " \n", "empty.txt")
    written(heard, "From: a\nContent-Type: image/png\n\nx", "picture.eml")
    assert heard.refuses(code, "answer", *words).rule == rule


def test_a_terminal_is_asked_for_the_verdict_and_a_pipe_is_not(heard: Label, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(heard, "0:01 louder")
    terminal = Terminal(heard, "answer", f"{SONG}@mix2", file, "--from", "artist")
    terminal.sees("yes, changes or later?")
    terminal.press("\n")
    terminal.sees("yes, changes or later?", times=2)
    terminal.press("perhaps\n")
    terminal.sees("yes, changes or later?", times=3)
    terminal.press("yes\n")
    terminal.sees_the_end()
    assert terminal.ends() == 0
    assert "note 0:01 louder" in terminal.seen
    assert "artist says yes, and it is approved" in terminal.seen
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(b"0:01 softer\n")))
    assert "the verdict stays open" in heard.does("answer", f"{SONG}@mix2", "--from", "artist")
    assert [row["text"] for row in heard.data("note", "list", f"{SONG}@mix2")] == ["louder", "softer"]


def test_the_yes_of_the_artist_counts_as_the_artists_where_several_roles_must_approve(heard: Label) -> None:
    heard.does("rule", "set", "approve.quorum.mix", "producer,artist")
    file = written(heard, "yes")
    kept = heard.data("answer", f"{SONG}@mix2", file, "--from", "artist", "--verdict", "yes", "--as", "pat")
    assert kept["recorded"] is True
    standing = heard.data("mix", "show", f"{SONG}@mix2")["standing"]
    assert "approved by artist (artist); the producer's is missing" in standing
    heard.does("mix", "approve", f"{SONG}@mix2", "--as", "pat")
    assert heard.data("mix", "show", f"{SONG}@mix2")["standing"] == "approved"


def test_a_pass_is_sent_as_one_sound_and_its_notes_fall_on_song_time(label: Label, tmp_path: Path) -> None:
    for part, at, hz in (("drums", "0:02", 60), ("bass", "0:03", 80)):
        file = note(tmp_path / f"{part}.wav", hz, seconds=2.0)
        label.does("take", "ingest", f"{SONG}/{part}", file, "--at", at, "--pass", "4")
    sent = label.data("send", f"{SONG}@pass4", "--to", "artist", "--format", "wav", "--out", tmp_path / "out")
    with av.open(sent["file"]) as container:
        assert (container.duration or 0) / 1_000_000 == pytest.approx(3.0, abs=1e-3), "both takes, each at its place"
    assert {one["target"] for one in sent["sounds"]} == {f"{SONG}@pass4", f"{SONG}/drums/1", f"{SONG}/bass/1"}
    label.does("answer", f"{SONG}@pass4", written(label, "0:01 the bass comes in"), "--from", "artist", "--no-input")
    (kept,) = label.data("note", "list", "night-bus")
    assert (kept["at"], kept["text"], kept["about"]) == ("0:03", "the bass comes in", f"{SONG}@pass4")
