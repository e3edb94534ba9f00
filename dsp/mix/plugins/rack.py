"""The rack: the plug-ins of other makers in one render, each in a process of its own.

A recipe names plug-ins; only plug-ins that the store's configuration allows, at the paths given there, are loaded.
"""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Final, Self

import numpy as np

from domain.recipe import External, external_note
from dsp.audio import Audio, Unsound
from dsp.blocks.graph import Node
from dsp.mix.plugins.messages import FAULT, MOST_BYTES, READY, SETUP, SOUND, block_of, receive, send, words

HOST: Final = ("-P", "-m", "dsp.mix.plugins.host")
"""``-P`` keeps the working folder out of the import path."""
MOST_PLUG_INS: Final = 48
"""Most plug-ins at once; each is a process of about a hundred megabytes."""
PATIENCE_S: Final = 60.0
"""Longest time for loading a plug-in, or for one block of about a second."""
MOST_LATENCY_S: Final = 10
NONE_ALLOWED: Final[Mapping[str, str]] = MappingProxyType({})


class PlugIn:
    """One plug-in in its process; one instance per render.

    Args:
        name: name in the recipe.
        path: path of the plug-in.
        external: its settings in the recipe.
        rate: Hz.
        host: command-line arguments of ``python`` that start a host.
        patience_s: see :data:`PATIENCE_S`.

    Attributes:
        latency_frames: latency of the plug-in.
        tail_frames: length of its tail, as given in the recipe.
        description: the plug-in's name, version, maker, state and parameters.
        place: its channel, for messages; empty until it is inserted.

    Raises:
        Unsound: the plug-in cannot be loaded, crashes, hangs, or refuses a setting.
    """

    def __init__(
        self, name: str, path: Path, external: External, rate: int, *, host: Sequence[str], patience_s: float
    ) -> None:
        self._name, self.place, self._patience_s = name, "", patience_s
        self._talk, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module; the plug-in's path is from the store's configuration
                [sys.executable, *host, str(theirs.fileno())], pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        try:
            self.description = words(self._asked(SETUP, _setup(path, external, rate), READY))
            self.latency_frames = int(self.description["latency_frames"])
        except BaseException:
            self.close()
            raise
        self.tail_frames = round(external.tail_s * rate)
        if not 0 <= self.latency_frames <= MOST_LATENCY_S * rate:
            self.close()
            raise self._unsound(f"says that it is {self.latency_frames} frames late, which cannot be made good")

    @property
    def made_by(self) -> str:
        """The plug-in's own name, version and maker."""
        maker = f" by {self.description['maker']}" if self.description["maker"] else ""
        return f"{self.description['name']} {self.description['version'] or 'of no version'}{maker}"

    def process(self, block: Audio) -> Audio:
        """The next block of the grid, shape (2, frames).

        Raises:
            Unsound: the plug-in crashed, hangs, or returned invalid audio.
        """
        made = block_of(self._asked(SOUND, np.ascontiguousarray(block, np.float32).tobytes(), SOUND))
        if made.shape != block.shape:
            raise self._unsound(f"gave {made.shape[1]} frames for {block.shape[1]}")
        if not np.isfinite(made).all():
            raise self._unsound("gave NaN or infinity, which is no sound")
        return made

    def close(self) -> None:
        """End the process; closing again does nothing."""
        self._talk.close()
        self._process.kill()
        self._process.wait()

    def _asked(self, kind: bytes, content: bytes, wanted: bytes) -> bytes:
        """Send one message and return the content of the answer."""
        try:
            self._talk.settimeout(self._patience_s)
            send(self._talk, kind, content)
            answer, said = receive(self._talk, patience_s=self._patience_s)
        except TimeoutError:
            raise self._unsound(f"hangs: no answer for {self._patience_s:g} s") from None
        except OSError:
            raise self._unsound(f"crashed{self._how()}") from None
        if answer == FAULT:
            raise self._unsound(said.decode("utf-8", "replace"))
        if answer != wanted:
            raise self._unsound("talks nonsense")
        return said

    def _unsound(self, how: str) -> Unsound:
        return Unsound(f"{f'{self.place}: ' if self.place else ''}plug-in {self._name!r} {how}")

    def _how(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            code = self._process.wait(timeout=1)
            if code < 0:
                return f" ({signal.Signals(-code).name})"
            return f" (exit {code})" if code else ""
        return ""


def _setup(path: Path, external: External, rate: int) -> bytes:
    values = {
        name: float(value) if isinstance(value, Decimal) else value for name, value in external.parameters.items()
    }
    state = "".join(external.state.split()) if external.state is not None else None
    content = json.dumps({"path": str(path), "rate": rate, "state": state, "parameters": values}).encode()
    assert len(content) <= MOST_BYTES, "a recipe is not as long"
    return content


class Rack:
    """All plug-ins of one render.  A context manager: at its end no process is left.

    Args:
        allowed: path by name; plug-ins of other names are refused.
        host: command-line arguments of ``python`` that start a host.
        patience_s: see :data:`PATIENCE_S`.
    """

    def __init__(
        self, allowed: Mapping[str, str] = NONE_ALLOWED, *, host: Sequence[str] = (), patience_s: float = PATIENCE_S
    ) -> None:
        self._allowed, self._host, self._patience_s = allowed, host or HOST, patience_s
        self._open, self._count = ExitStack(), 0
        self._notes: dict[tuple[str, int], str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes for the report, one sentence per plug-in of the recipe, sorted by channel and number."""
        return tuple(self._notes[place] for place in sorted(self._notes))

    def insert(self, place: str, number: int, external: External, rate: int) -> PlugIn:
        """Start a plug-in in a channel.

        Args:
            place: its channel in words.
            number: its number in the channel, from 1.
            external: its recipe.
            rate: Hz.

        Raises:
            Unsound: the plug-in is not allowed or missing, or as :class:`PlugIn`.
        """
        plugin = self.begin(external, rate)
        plugin.place = place
        self._notes[place, number] = external_note(place, external.plugin, plugin.made_by)
        return plugin

    def begin(self, external: External, rate: int) -> PlugIn:
        """Start a plug-in outside of any channel.  Raises: Unsound, as :meth:`insert`."""
        path = self._path(external.plugin)
        self._count += 1
        if self._count > MOST_PLUG_INS:
            raise Unsound(f"the mix and its prints go through more than {MOST_PLUG_INS} plug-ins at once: ask for less")
        plugin = PlugIn(external.plugin, path, external, rate, host=self._host, patience_s=self._patience_s)
        self._open.callback(plugin.close)
        return plugin

    def _path(self, name: str) -> Path:
        if name not in self._allowed:
            known = f"; it names {', '.join(sorted(self._allowed))}" if self._allowed else ""
            raise Unsound(
                f"plug-in {name!r} is not allowed here: [plugins] in the store's config.toml does not name it{known}; "
                f'write {name} = "/path/to/it.vst3" there, and run takesheet trust'
            )
        path = Path(self._allowed[name])
        if not path.exists():
            raise Unsound(f"plug-in {name!r} is not there: {path}")
        return path


def inserted(node: Node, plugin: PlugIn) -> Node:
    """*node* (stereo) followed by a plug-in."""
    latency = node.latency + plugin.latency_frames
    return Node(lambda _, heard: plugin.process(heard[0]), (node,), node.ends + plugin.tail_frames, latency)
