"""Protocol between a render and the process that hosts a plug-in: messages over one socket, with kind and length.

The render sends ``setup`` once, then ``sound`` block by block; the host answers each with ``ready`` or ``sound``, or
with ``fault`` and a sentence.  Sound is float32, channel after channel.
"""

import json
import socket
import struct
import time
from typing import Any, Final

import numpy as np

from dsp.audio import BLOCK_FRAMES, STEREO, Audio

SETUP: Final = b"U"
READY: Final = b"R"
SOUND: Final = b"S"
FAULT: Final = b"F"

MOST_BYTES: Final = 4 * STEREO * BLOCK_FRAMES * 2
"""Largest message: a block, or a state or a list of parameters."""
_HEAD: Final = struct.Struct("<cI")


def send(talk: socket.socket, kind: bytes, content: bytes) -> None:
    """Send one message.  Raises: OSError; the other side is gone or does not read in time."""
    talk.sendall(_HEAD.pack(kind, len(content)) + content)


def receive(talk: socket.socket, *, patience_s: float | None = None) -> tuple[bytes, bytes]:
    """Receive one message: its kind and content.

    Args:
        talk: the socket.
        patience_s: time limit for the whole message; None for no limit.

    Raises:
        OSError: TimeoutError if it took too long, ConnectionError if the other side is gone.
    """
    until = None if patience_s is None else time.monotonic() + patience_s
    kind, size = _HEAD.unpack(_exactly(talk, _HEAD.size, until))
    if size > MOST_BYTES:
        raise ConnectionError(f"a message of {size} bytes")
    return kind, bytes(_exactly(talk, size, until))


def _exactly(talk: socket.socket, size: int, until: float | None) -> bytearray:
    found = bytearray()
    while len(found) < size:
        if until is not None:
            talk.settimeout(max(0.001, until - time.monotonic()))
        piece = talk.recv(min(size - len(found), 1 << 18))
        if not piece:
            raise ConnectionError("the other side is gone")
        found += piece
    return found


def words(content: bytes) -> dict[str, Any]:
    """Parse the content of ``setup`` or ``ready``.  Raises: ConnectionError; it is no table."""
    said = json.loads(content)
    if not isinstance(said, dict):
        raise ConnectionError("no table")
    return said


def block_of(content: bytes) -> Audio:
    """Parse the content of ``sound``, shape (2, frames).  Raises: ConnectionError; its length is invalid."""
    if len(content) % (4 * STEREO):
        raise ConnectionError(f"{len(content)} bytes of sound")
    return np.frombuffer(content, np.float32).reshape(STEREO, -1)
