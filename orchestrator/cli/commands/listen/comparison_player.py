"""A/B listening: a key for each mix, at equal loudness; the new mix goes on at the time where the last one stopped.

Tests: ``tests/orchestrator/desk/mixes/test_mix_diff.py``.
"""

import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from orchestrator.cli.commands.listen.player_keys import has_keys
from orchestrator.cli.printing.table import rounded
from orchestrator.cli.shell.frame import Call
from orchestrator.cli.shell.keys import Keyboard, quiet_terminal

if TYPE_CHECKING:
    from domain.core.address import Address
    from domain.status.review_items import QueueItem
    from orchestrator.desk.mixes.loudness_match import MatchedMix
    from orchestrator.desk.review.item_comparison import Comparison
    from orchestrator.studio import Studio

MOST = 9
"""Most mixes, since each has a digit as its key."""

QUIT: Final = frozenset({"q", "", "\x04"})


class Switch:
    """Plays one of several mixes at a time with the user's own player.

    A context manager: at its end the player is stopped and its file is deleted.
    """

    def __init__(self, player: Sequence[str], mixes: "Sequence[MatchedMix]") -> None:
        self._player, self._mixes = player, mixes
        self._room = tempfile.TemporaryDirectory(prefix="takesheet-")
        self._playing: subprocess.Popen[bytes] | None = None
        self._place_s = self._begun = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._room.cleanup()

    def to(self, number: int) -> None:
        """Play the mix *number* (from 0) at the time where the last one stopped; from the start if it ends before that.

        Raises:
            OSError: the player cannot be started.
        """
        from dsp.files.excerpt import Layer, write_excerpt

        self.stop()
        mix = self._mixes[number]
        if self._place_s >= mix.loudness.duration_s:
            self._place_s = 0.0
        layer = Layer(mix.source, gain=10 ** (mix.gain_db / 20))
        start = int(self._place_s * mix.loudness.sample_rate_hz)
        file = write_excerpt([layer], Path(self._room.name) / "listen.wav", start=start).path
        self._playing = subprocess.Popen(  # noqa: S603 - the user's own player
            [*self._player, str(file)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._begun = time.monotonic()

    def stop(self) -> None:
        """Stop the player, and remember the time."""
        if self._playing is None:
            return
        self._place_s += time.monotonic() - self._begun
        self._playing.terminate()
        try:
            self._playing.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._playing.kill()
            self._playing.wait()
        self._playing = None

    def rewind(self) -> None:
        """Stop the player, and return to the start."""
        self.stop()
        self._place_s = 0.0


def comparison_keys(mixes: int, *, more: bool = False) -> dict[str, str]:
    """Meaning of each key while *mixes* mixes are compared; with *more*, another song follows."""
    following = {"n": "the next song"} if more else {}
    digits = {str(number): f"hear number {number}, from where the last one stopped" for number in range(1, mixes + 1)}
    return {**digits, "0": "stop, and begin at the start", "space": "stop", **following, "q": "quit"}


def listen(call: Call, player: Sequence[str], mixes: "Sequence[MatchedMix]", *, more: bool = False) -> str:
    """Let the user switch between *mixes* until they quit; does nothing without a terminal or a player.

    Args:
        call: the command.
        player: command line of the player.
        mixes: what is compared; only the first nine are heard.
        more: True if another song follows, to which ``n`` goes.

    Returns:
        ``q`` if the user quit, ``n`` for the next song.
    """
    if not has_keys(call) or not player:
        return "n"
    heard = mixes[:MOST]
    prompt = f"(1-{len(heard)}) hear that one (0) from the start (space) stop {'(n)ext song ' if more else ''}(q)uit ? "
    keys = comparison_keys(len(heard), more=more)
    with Keyboard(prompt) as keyboard, Switch(player, heard) as switch:
        while (key := keyboard.key()) not in QUIT and not (more and key == "n"):
            if key.isdecimal() and key in keys and key != "0":
                _switch_to(call, switch, heard, int(key) - 1)
            elif key == "0":
                switch.rewind()
            elif key == " ":
                switch.stop()
            elif key == "?":
                call.say(*(f"  {name:5}  {meaning}" for name, meaning in keys.items()))
            else:
                call.say("  there is no such key here; ? lists them all")
    return "n" if key == "n" else "q"


def _switch_to(call: Call, switch: Switch, mixes: "Sequence[MatchedMix]", number: int) -> None:
    try:
        switch.to(number)
    except OSError as error:
        call.say(f"  the player cannot be started: {error.strerror}")
    else:
        call.say(f"  {mixes[number].address}")


def beside_rough(call: Call, studio: "Studio", mix: "Address") -> None:
    """Print a song's rough and its *mix* with gains that match their loudness; on a terminal, let the user switch."""
    from orchestrator.desk.listening.player import player_of
    from orchestrator.desk.mixes.loudness_match import with_rough

    matched = with_rough(studio, mix)
    rows = [one.row() for one in matched]
    call.say(*(one.note for one in matched if one.note))
    call.table(rows if call.json else [rounded(row) for row in rows], list(rows[0]))
    listen(call, player_of(studio), matched)


def _unnamed(compared: "Comparison") -> "Comparison":
    """*compared* without names and notes: the item is the last of the sounds."""
    others, own = compared.sounds[:-1], compared.sounds[-1]
    names = [*("another one" for _ in others), "this one"]
    sounds = [replace(one, address=name, note="") for one, name in zip([*others, own], names, strict=True)]
    return replace(compared, sounds=sounds)


def beside_kept(call: Call, studio: "Studio", item: "QueueItem", *, blind: bool = False) -> None:
    """Print what an item of review is compared with, at equal loudness; on a terminal, let the user switch.

    A take is compared with the keeper of its part; a mix with its song's rough and with the mix approved last; a master
    song by song with the master approved last and with the mix that it was made from.  If *blind*, none is named: the
    item is the last.

    Raises:
        NotFound: ``review.compare``.
        Refused: ``audio.pending``.
    """
    from orchestrator.desk.listening.player import player_of
    from orchestrator.desk.review.item_comparison import item_comparisons

    player = player_of(studio)
    quiet = quiet_terminal(has_keys=has_keys(call) and bool(player))
    with quiet, item_comparisons(studio, item) as comparisons:
        for compared in map(_unnamed, comparisons) if blind else comparisons:
            call.say(*filter(None, [f"  {compared.title}" if compared.title else ""]))
            call.say(*(f"  {one.note}" for one in compared.sounds if one.note))
            for number, one in enumerate(compared.sounds, start=1):
                lufs = one.loudness.integrated_lufs
                level = "silent" if lufs is None else f"{lufs:.1f} LUFS"
                call.wraps(f"  {number}  {one.address}: {level}, played {round(one.gain_db, 1) + 0.0:+.1f} dB")
            if listen(call, player, compared.sounds, more=not compared.last) == "q":
                return
