"""MPEG-4 files made by FFmpeg's own encoders, which the package ``av`` brings."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

RATE = 48_000
FRAME = 1024


def mpeg4(path: Path, *, form: str = "ipod", codec: str = "aac", channels: int = 1, picture: bool = False) -> Path:
    """A file of one second: silence up to 0.5 s, then a tone of 220 Hz at -10 dBFS."""
    path.parent.mkdir(parents=True, exist_ok=True)
    at = np.arange(RATE) / RATE
    wave = np.tile(np.where(at < 0.5, 0, 0.3 * np.sin(2 * np.pi * 220 * at)), (channels, 1)).astype(np.float32)
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[channels]
    with av.open(str(path), "w", format=form) as out:
        stream = out.add_stream(codec, rate=RATE, layout=layout)
        cover = out.add_stream("mjpeg", rate=1, width=64, height=64, pix_fmt="yuvj420p") if picture else None
        if cover is not None:
            for packet in cover.encode(av.VideoFrame(64, 64, "yuvj420p")):
                out.mux(packet)
        samples, kind = (wave, "fltp") if codec == "aac" else ((wave * 32767).astype(np.int16), "s16p")
        for start in range(0, RATE, FRAME):
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(samples[:, start : start + FRAME]), format=kind, layout=layout
            )
            frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path
