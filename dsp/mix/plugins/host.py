"""The process that hosts one plug-in of another maker, so that a crash or hang does not affect the render.

``python -m dsp.mix.plugins.host DESCRIPTOR`` serves the socket of that number (:mod:`dsp.mix.plugins.messages`) until
the render closes it.  Plug-ins are reset first and run offline, with a fixed buffer size.
"""

import base64
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from dsp.audio import BLOCK_FRAMES, STEREO, Audio
from dsp.mix.plugins.messages import FAULT, READY, SOUND, block_of, receive, send, words

BUFFER_FRAMES: Final = 8192
"""Frames a plug-in processes at a time; divides a block of the grid."""
LOAD_S: Final = 30.0
Load = Callable[[str], Any]
"""Loads a plug-in from a path, as ``pedalboard.ExternalPlugin``."""


class PlugInUnfit(Exception):
    """A plug-in cannot be loaded or used; the message is one sentence."""


def load(path: str) -> Any:  # noqa: ANN401 - pedalboard's plug-ins have no common type
    """The plug-in at *path*.  Raises: PlugInUnfit."""
    import pedalboard

    try:
        return pedalboard.load_plugin(path, initialization_timeout=LOAD_S)  # type: ignore[attr-defined]
    except (ImportError, ValueError, RuntimeError) as error:
        raise PlugInUnfit(f"cannot be loaded: {_first_line(error)}") from error


class Hosted:
    """One plug-in over a stream of blocks; a mono plug-in has an instance per side.

    Args:
        wanted: ``path`` and ``rate``, and the settings: ``state`` in base64 or None, and ``parameters``.
        load: loads a plug-in from its path.

    Attributes:
        latency_frames: latency of the plug-in.

    Raises:
        PlugInUnfit: the plug-in cannot be loaded, is no effect, or has no such parameter or value.
    """

    def __init__(self, wanted: Mapping[str, Any], load: Load) -> None:
        self._rate, self._ready = float(wanted["rate"]), np.zeros((STEREO, 0), np.float32)
        self._plugins = [_made(wanted, load)]
        try:
            self._prepare()
        except ValueError:  # it does not take two channels
            self._plugins = [self._plugins[0], _made(wanted, load)]
            try:
                self._prepare()
            except ValueError as error:
                raise PlugInUnfit(f"takes neither one nor two channels: {_first_line(error)}") from error
        self.latency_frames = int(getattr(self._plugins[0], "reported_latency_samples", 0))
        self._begun = False

    def _prepare(self) -> None:
        """Process one silent block, since latency may depend on rate and buffer size; then reset."""
        self._through(np.zeros((STEREO, BLOCK_FRAMES), np.float32))
        for plugin in self._plugins:
            plugin.reset()

    def _through(self, block: Audio) -> Audio:
        sides = np.array_split(block, len(self._plugins))
        made = [
            plugin.process(np.ascontiguousarray(side), self._rate, buffer_size=BUFFER_FRAMES, reset=False)
            for plugin, side in zip(self._plugins, sides, strict=True)
        ]
        return np.concatenate(made)

    def process(self, block: Audio) -> Audio:
        """The next block, shape (2, frames), of equal length.

        pedalboard drops the latency of a plug-in once, at the start; silence in its place keeps the declared latency.

        Raises:
            PlugInUnfit: the plug-in returned too few frames.
        """
        made = self._through(block)
        if not self._begun:
            missing = block.shape[1] - made.shape[1]
            self._ready, self._begun = np.zeros((STEREO, max(0, missing)), np.float32), True
        self._ready = np.concatenate([self._ready, made], axis=1, dtype=np.float32)
        if self._ready.shape[1] < block.shape[1]:
            raise PlugInUnfit(f"gave {made.shape[1]} frames for {block.shape[1]}")
        out, self._ready = np.split(self._ready, [block.shape[1]], axis=1)
        return out

    def describe(self) -> dict[str, Any]:
        """Describe the plug-in: name, version, maker, latency, state and parameters."""
        plugin = self._plugins[0]
        state = getattr(plugin, "raw_state", b"")
        return {
            "latency_frames": self.latency_frames,
            "name": _text(plugin, "name"),
            "version": _text(plugin, "version"),
            "maker": _text(plugin, "manufacturer_name"),
            "state": base64.b64encode(state).decode(),
            "parameters": {name: str(getattr(plugin, name, ""))[:100] for name in list(plugin.parameters)[:1000]},
        }


def _made(wanted: Mapping[str, Any], load: Load) -> Any:  # noqa: ANN401 - as pedalboard's
    plugin = load(wanted["path"])
    if getattr(plugin, "is_instrument", False):
        raise PlugInUnfit("is an instrument: only an effect can stand in a channel")
    if wanted["state"] is not None:
        try:
            plugin.raw_state = base64.b64decode(wanted["state"])
        except (ValueError, RuntimeError, TypeError) as error:
            raise PlugInUnfit(f"does not take its state: {_first_line(error)}") from error
    for name, value in wanted["parameters"].items():
        if name not in plugin.parameters:
            raise PlugInUnfit(f"has no parameter {name!r}; it has {', '.join(plugin.parameters)}"[:600])
        try:
            setattr(plugin, name, value)
        except (ValueError, TypeError) as error:
            raise PlugInUnfit(f"does not take {name} = {value!r}: {_first_line(error)}") from error
    return plugin


def _text(plugin: Any, name: str) -> str:  # noqa: ANN401 - as pedalboard's
    said = " ".join(str(getattr(plugin, name, "") or "").split())
    return "".join(letter for letter in said if letter.isprintable())[:100]


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]


def serve(talk: socket.socket, load: Load) -> None:
    """Host one plug-in until the other side closes the socket; a fault of the plug-in is sent, and ends the hosting."""
    try:
        _, setup = receive(talk)
        hosted = Hosted(words(setup), load)
        send(talk, READY, _ready(hosted))
        while True:
            kind, content = receive(talk)
            if kind == SOUND:
                send(talk, SOUND, np.ascontiguousarray(hosted.process(block_of(content)), np.float32).tobytes())
    except PlugInUnfit as unfit:
        send(talk, FAULT, str(unfit).encode())
    except ConnectionError:
        return  # the render has finished, or its process is gone


def _ready(hosted: Hosted) -> bytes:
    return json.dumps(hosted.describe()).encode()


def main(load: Load = load) -> None:
    """Host a plug-in over the descriptor given on the command line."""
    talk = socket.socket(fileno=int(sys.argv[1]))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)  # plug-ins write to their standard streams
    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()
    serve(talk, load)
    os._exit(0)  # without the plug-in's own cleanup, in which many crash


def _leave_with(parent: int) -> None:
    """Exit when the parent process has exited, even while a plug-in hangs."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    main()
