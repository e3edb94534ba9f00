"""The command playback: a record in sequence, without figures; one key signs its master."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from domain.core.refusal import Refusal
from orchestrator.cli.commands.listen.player_keys import has_keys, play_files
from orchestrator.cli.commands.listen.span_marks import SpanMarks
from orchestrator.cli.commands.listen.steering import Act, Steering
from orchestrator.cli.shell.frame import Call, command, noun
from orchestrator.cli.shell.keys import Keyboard, one_key, quiet_terminal

if TYPE_CHECKING:
    from orchestrator.desk.listening.audition import AuditionFile
    from orchestrator.desk.review.playback import Playback, PlaybackFile
    from orchestrator.studio import Studio

playback = noun("Play a record in sequence, and sign its master with one key.")

PROMPT: Final = "(space) pause (arrows) back, on, songs (x) A/B (a)pprove (n)ote (q) stop ? "
ACTS: Final = {"a": "approve the master that is heard", "n": "write a note on the song's mix, at this time"}
"""Meaning of each key that the player has not, while the record plays."""
AT_END: Final = "(a)pprove (n)ote (p)lay it again (q)uit ? "
KEYS_AT_END: Final = {
    "a": "approve the master: this is what it is",
    "n": "write a note on the last song's mix",
    "p": "play it again from the beginning",
    "q": "quit",
}
"""Meaning of each key after the last song."""


@command(playback, "playback")
def play_record(
    call: Call,
    record: Annotated[
        str, typer.Argument(metavar="RECORD", help="A record, or one of its masters: night-bus@master2.")
    ],
    joins: Annotated[
        bool, typer.Option("--joins", help="Only the last and first 10 s around each boundary between two songs.")
    ] = False,
    target: Annotated[
        str | None, typer.Option("--target", metavar="NAME", help="This target of the master, instead of the first.")
    ] = None,
) -> None:
    """Play RECORD in sequence: its newest master; before there is one, the mix of each song that was approved last.

    Keys on a terminal: space pauses, left and right move by 5 s, up and down change the song, a approves the master
    that is heard, n writes a note on the song's mix at that time, l loops, q stops, ? lists them.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.listening.player import player_note, player_of
    from orchestrator.desk.review.playback import playback_files, playback_of

    with call.studio() as studio:
        heard = playback_of(studio, addresses.find(studio, record, "record", "master"), target)
        player = player_of(studio)
        call.say(*player_note(studio.config))
        with playback_files(studio, heard, joins=joins, keep=not player) as files:
            call.say(f"{heard.title} · {heard.artist}", *heard.remarks())
            if player:
                _Listening(call, studio, heard, files).play(player)
    if not player:
        call.say("no player found (ffplay, play, afplay, aplay); set player in config.toml")
    paths = [str(one.file.path) for one in files if not (player and one.file.temporary)]
    data = {
        "record": heard.title, "artist": heard.artist, "master": str(heard.master) if heard.master else None,
        "target": heard.target, "songs": [{"title": song.title, "mix": song.mix} for song in heard.songs],
        "left_out": list(heard.left_out), "files": paths,
    }  # fmt: skip
    call.done(data, *([] if player else paths))


class _Listening:
    """One playback of a record, and the acts of its keys."""

    def __init__(self, call: Call, studio: "Studio", heard: "Playback", files: "Sequence[PlaybackFile]") -> None:
        self._call, self._studio, self._heard, self._files = call, studio, heard, files
        self._marks = SpanMarks()

    def play(self, player: Sequence[str]) -> None:
        """Play all files; on a terminal, ask after the last one until the user quits."""
        from orchestrator.desk.comparison.sounds_beside import sounds_beside

        files = [one.file for one in self._files]
        carry_out = {"a": self._sign, "n": self._note}
        acts = {key: Act(meaning, carry_out[key], asks=key == "n") for key, meaning in ACTS.items()}
        asks = has_keys(self._call)
        with quiet_terminal(has_keys=asks), sounds_beside(self._studio) as beside:
            steering = Steering(PROMPT, acts, times=False, marks=self._marks, beside=beside)
            while play_files(self._call, player, files, steering=steering) != "q":
                if not asks or self._asked_at_end() == "q":
                    return

    def _asked_at_end(self) -> str:
        """Ask after the last song; return ``p`` to play again, or ``q``."""
        last = self._files[-1].file
        while (key := one_key(AT_END)) not in {"p", "q", "", "\x04"}:
            if key == "a":
                self._sign(last, last.duration_s)
            elif key == "n":
                self._note(last, last.duration_s)
            elif key == "?":
                self._call.say(*(f"  {name}  {meaning}" for name, meaning in KEYS_AT_END.items()))
            else:
                self._call.say("  there is no such key here; ? lists them all")
        return "p" if key == "p" else "q"

    def _sign(self, _: "AuditionFile", __: float) -> None:
        """Approve the master with the output that was presented."""
        from orchestrator.desk.review.playback import sign

        try:
            self._call.say(f"  {sign(self._studio, self._heard)} approved")
        except Refusal as refusal:
            self._call.say(f"  refused ({refusal.rule}): {refusal.detail}")

    def _note(self, file: "AuditionFile", position_s: float) -> None:
        """Ask for a note and write it on the mix that is heard, at its time."""
        from domain.core.address import parse_address
        from orchestrator.desk.review.notes import add_note

        if not (words := Keyboard.line("note: ").strip()):
            self._call.say("  no note")
            return
        song, time = next(one for one in self._files if one.file is file).place(position_s)
        text, starts = self._marks.noted(words)
        try:
            add_note(self._studio, parse_address(song.mix), text, at=starts or time)
        except Refusal as refusal:
            self._call.say(f"  refused ({refusal.rule}): {refusal.detail}")
        else:
            self._call.say(f"  noted on {song.title}")
