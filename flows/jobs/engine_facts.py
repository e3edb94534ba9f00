"""Versions and platform of this engine, for reports; no part of a job key, so that an upgrade makes nothing stale."""

import platform
from functools import cache
from importlib.metadata import version

from domain.render.jobs import Engine

SOUND_PACKAGES = ("llvmlite", "numba", "numpy", "pedalboard", "soundfile", "soxr")
"""Packages whose code processes samples."""


@cache
def engine() -> Engine:
    """The engine of this process."""
    return Engine(
        takesheet=version("takesheet"),
        python=platform.python_version(),
        platform=f"{platform.system()} {platform.machine()}",
        packages={name: version(name) for name in SOUND_PACKAGES},
    )
