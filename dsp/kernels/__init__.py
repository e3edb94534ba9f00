"""Compiled loops over samples: equal bits on every processor of an architecture, and a cache that is never stale.

Three settings are made here, before numba is first imported, because numba reads them on import:

* code is generated for the architecture's common denominator, with the wider vectors of AVX2 if the processor has them
  (a lane of a vector rounds as a number alone does), and never with fused multiply-add or Intel's SVML;
* nothing is reordered: no ``fastmath``, and division follows IEEE 754 (``error_model="numpy"``);
* compiled code is kept in a folder named by the hash of *every* kernel source, of numba and llvmlite, and of the
  processor features used.  numba itself looks only at the file of the function it loads, and so goes on serving an
  edited callee of another file.

All compiled code lives in this package; a test holds that.
"""

import errno
import os
import pkgutil
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar, cast

from llvmlite.binding import get_host_cpu_features

_HERE = Path(__file__).resolve().parent


def sources() -> list[Path]:
    """Every file of compiled code, sorted."""
    return sorted(_HERE.rglob("*.py"))


WIDE_VECTORS = ("sse3", "ssse3", "sse4.1", "sse4.2", "avx", "avx2")


def features_of(host: Mapping[str, bool]) -> str:
    """Processor features that code may use beyond the common denominator: 256-bit vectors, or none.

    *host* maps LLVM's feature names to availability; architectures other than x86-64 have none of :data:`WIDE_VECTORS`.
    ``TAKESHEET_VECTORS=narrow`` in the environment disables them, so that unlike machines can share one cache.
    """
    if os.environ.get("TAKESHEET_VECTORS") == "narrow" or not all(host.get(name) for name in WIDE_VECTORS):
        return ""
    return ",".join(f"+{name}" for name in WIDE_VECTORS)


FEATURES = features_of(get_host_cpu_features())


def cache_name(files: Iterable[Path], features: str = FEATURES) -> str:
    """Name of the cache folder: a hash of the bytes of *files*, the versions of numba and llvmlite, and *features*."""
    digest = sha256(f"numba {version('numba')} llvmlite {version('llvmlite')} for {features}\n".encode())
    for file in files:
        text = file.read_bytes()
        digest.update(f"{file.name} {len(text)}\n".encode() + text)
    return digest.hexdigest()[:32]


def _user_cache() -> Path:
    if named := os.environ.get("XDG_CACHE_HOME"):
        return Path(named)
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")


def _cache_folder() -> Path:
    """Folder of compiled code; a private temporary folder if the user's cache cannot be written."""
    try:
        top = _user_cache() / "takesheet"
        folder = top / "numba" / cache_name(sources())
        _make_private([top, folder.parent, folder])
        if os.access(folder, os.W_OK):
            return folder
    except (OSError, RuntimeError):  # a read-only or missing home: compiling again is slow, but correct
        pass
    return Path(tempfile.mkdtemp(prefix="takesheet-numba-"))


def _make_private(folders: Sequence[Path]) -> None:
    """Make *folders*, each within the one before it, writable by this account alone: numba runs the code in them.

    The last one is emptied if others could write to any of them until now.

    Raises:
        PermissionError: one belongs to another account.
        OSError: one cannot be made.
    """
    doubted = False
    for folder in folders:
        folder.mkdir(mode=0o700, parents=folder == folders[0], exist_ok=True)
        found = folder.stat()
        if found.st_uid != os.geteuid():
            raise PermissionError(errno.EPERM, "another account's", str(folder))
        if found.st_mode & 0o022:
            folder.chmod(0o700)
            doubted = True
    if doubted:
        shutil.rmtree(folders[-1])
        folders[-1].mkdir(mode=0o700)


CACHE = _cache_folder()
_WARM = CACHE / "all-compiled"

_LATE = "numba" in sys.modules
os.environ |= {
    "NUMBA_CPU_NAME": "generic",
    "NUMBA_CPU_FEATURES": FEATURES,
    "NUMBA_DISABLE_INTEL_SVML": "1",
    "NUMBA_CACHE_DIR": str(CACHE),
}

import numba  # noqa: E402 - only after its environment

if _LATE:
    numba.core.config.reload_config()  # type: ignore[no-untyped-call] # numba ships few types

READ_LINES = numba.types.Array(numba.types.float32, 2, "C", readonly=True)
"""A block that a kernel only reads, each channel contiguous, so that loops over frames vectorise."""
READ_BLOCK = numba.types.Array(numba.types.float32, 2, "A", readonly=True)
"""A block that a kernel only reads, in any memory layout: a file's interleaved frames need no copy."""

Loop = TypeVar("Loop", bound=Callable[..., Any])


def kernel(*signatures: object) -> Callable[[Loop], Loop]:
    """Compile a loop for the given numba signatures, now, or load it from the cache.

    Signatures are explicit, so that an array of another type is an error rather than another compilation.  The loop
    runs without the GIL; it must use + - * / and square roots only, and :mod:`dsp.kernels.maths` for the rest.
    """

    def compiled_loop(loop: Loop) -> Loop:
        compile_it = numba.njit(list(signatures), cache=True, nogil=True, error_model="numpy", fastmath=False)
        return cast("Loop", compile_it(loop))

    return compiled_loop


def compiled() -> bool:
    """True if every kernel is in the cache; the first :func:`warm` takes some ten seconds."""
    return _WARM.exists()


def warm() -> None:
    """Compile or load every kernel."""
    for module in pkgutil.walk_packages(__path__, __name__ + "."):
        import_module(module.name)
    _WARM.touch()
