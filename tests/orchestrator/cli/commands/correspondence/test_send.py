"""Sending through the command line: the file, its message, and who holds which sound."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import av
import pytest

from orchestrator.desk.correspondence import send as sending
from tests.orchestrator.label import SONG, Label

MIX = f"{SONG}@mix1"


def probe(path: str | Path) -> tuple[float, int, dict[str, str]]:
    with av.open(str(path)) as container:
        stream: Any = container.streams.audio[0]
        return (container.duration or 0) / 1_000_000, stream.rate, dict(container.metadata)


@pytest.mark.parametrize("format_", ["m4a", "mp3", "flac", "wav"])
def test_a_file_is_what_its_name_and_its_tags_say(released: Label, tmp_path: Path, format_: str) -> None:
    sent = released.data(
        "send", MIX, "--to", "artist", "--format", format_, "--out", tmp_path / "out", "--for", "pitch"
    )
    path = Path(sent["file"])
    assert path.name.startswith("The Ferrymen \N{EN DASH} Tin Roof \N{EN DASH} mix 1 \N{EN DASH} 20")
    assert path.name.endswith(f"(not final).{format_}")
    seconds, rate, tags = probe(path)
    assert (seconds, rate) == (pytest.approx(2.0, abs=2e-3), 48_000)
    assert (tags["title"], tags["artist"], tags["album"]) == (
        "Tin Roof (mix 1, not final)",
        "The Ferrymen",
        "Night Bus",
    )
    assert (sha256(path.read_bytes()).hexdigest(), path.stat().st_size) == (sent["sha256"], sent["bytes"])
    assert list(path.parent.iterdir()) == [path], "no draft is left"


def test_who_holds_what_is_kept_once_and_who_is_new_is_said(released: Label, tmp_path: Path) -> None:
    said = released.run("send", MIX, "--to", "Ann Example,kim", "--out", tmp_path)
    assert "ann-example is new among the people" in said.err
    assert "E1: ann-example, kim hold night-bus/tin-roof@mix1" in said.err
    assert "Subject: The Ferrymen" in said.out
    assert "It is not final; please do not pass it on." in said.out
    head = released.head
    released.does("send", MIX, "--to", "kim", "--to", "Ann Example", "--out", tmp_path)
    assert released.head == head, "the same file to the same people"
    rows = released.data("send", "list", "night-bus")
    assert [(row["parcel"], row["to"], row["sound"], row["now"]) for row in rows] == [
        ("E1", "ann-example", MIX, ""), ("E1", "kim", MIX, ""),
    ]  # fmt: skip


def test_a_take_and_a_comp_are_sent_too(released: Label, tmp_path: Path) -> None:
    for address, what in ((f"{SONG}/drums/2", "Drums take 2"), (f"{SONG}/lead-vocal", "Lead Vocal comp")):
        sent = released.data("send", address, "--to", "kim", "--out", tmp_path)
        assert what in Path(sent["file"]).name
        assert probe(sent["file"])[0] == pytest.approx(2.0, abs=2e-3)


@pytest.mark.parametrize(
    ("words", "code", "rule"),
    [
        ((MIX, "--to", " , "), 2, "send.to"),
        ((MIX, "--to", "ann@example.org"), 2, "person.name"),
        ((MIX, "--to", "ann", "--format", "ogg"), 2, "send.format"),
        ((MIX, "--to", "ann", "--for", "fun"), 2, "send.for"),
        ((SONG, "--to", "ann"), 2, "address"),
        ((f"{SONG}@pass7", "--to", "ann"), 4, "audio.none"),
    ],
)
def test_what_cannot_be_sent_is_refused(released: Label, words: tuple[str, ...], code: int, rule: str) -> None:
    assert released.refuses(code, "send", *words, "--out", "out").rule == rule
    assert not (released.folder / "out").exists()


def test_an_artist_sends_nothing_and_leaves_no_file(released: Label) -> None:
    released.does("user", "add", "artist", "--role", "artist")
    assert released.refuses(3, "send", MIX, "--to", "kim", "--out", "out", "--as", "artist").rule == "person.role"
    assert not (released.folder / "out").exists()


def test_a_file_of_other_content_is_not_written_over(released: Label, tmp_path: Path) -> None:
    path = Path(released.data("send", MIX, "--to", "kim", "--out", tmp_path)["file"])
    path.write_bytes(b"mine")
    assert released.refuses(3, "send", MIX, "--to", "lou", "--out", tmp_path).rule == "send.exists"
    path.unlink()
    path.symlink_to(tmp_path / "elsewhere")
    released.refuses(3, "send", MIX, "--to", "lou", "--out", tmp_path)
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_that_was_written_before_a_kill_is_found_and_recorded(
    released: Label, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = released.head
    with monkeypatch.context() as patched:

        def killed(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        patched.setattr(sending, "_recorded", killed)
        assert released.run("send", MIX, "--to", "kim", "--out", tmp_path).code == 130
    assert released.head == head
    (path,) = tmp_path.glob("*.m4a")
    before = path.stat().st_mtime_ns
    assert released.data("send", MIX, "--to", "kim", "--out", tmp_path)["parcel"] == "E1"
    assert path.stat().st_mtime_ns == before


def test_without_an_encoder_the_file_is_flac_and_that_is_said(
    released: Label, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "can_encode", lambda format_: format_ in {"flac", "wav"})
    said = released.run("send", MIX, "--to", "kim", "--out", tmp_path)
    assert "no encoder for m4a; the file is FLAC" in said.err
    assert [one.suffix for one in tmp_path.iterdir() if one.is_file()] == [".flac"]


def test_whoever_holds_an_older_mix_is_listed_when_a_newer_one_is_chosen(released: Label, tmp_path: Path) -> None:
    released.does("send", MIX, "--to", "kim", "--out", tmp_path)
    recipe = released.folder / "louder.toml"
    recipe.write_text("".join(f"[strips.{part}]\ngain_db = -9\n" for part in ("drums", "bass", "lead-vocal")), "utf-8")
    released.does("mix", "revise", SONG, recipe, "--as", "pat")
    released.renders()
    released.does("send", f"{SONG}@mix2", "--to", "lou", "--out", tmp_path)
    assert {row["now"] for row in released.data("send", "list", "night-bus")} == {""}
    said = released.run("mix", "approve", f"{SONG}@mix2", "--as", "pat")
    assert f"kim still holds {MIX} (E1); {SONG}@mix2 is chosen now" in said.err
    assert "lou" not in said.err
    rows = {row["to"]: row["now"] for row in released.data("send", "list", "night-bus")}
    assert rows == {"kim": f"{SONG}@mix2 is chosen", "lou": ""}
    (row,) = (row for row in released.data("next") if row["what"] == "send")
    assert (row["address"], row["next"]) == (f"{SONG}@mix2", f"takesheet send {SONG}@mix2 --to kim")
    released.does("send", f"{SONG}@mix2", "--to", "kim", "--out", tmp_path)
    assert not [row for row in released.data("next") if row["what"] == "send"]
