"""No tracked file names a package registry's host or a place on somebody's machine."""

import subprocess
import sys
from pathlib import Path

HOSTS = tuple(
    ".".join(name)
    for name in (
        ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("yarnpkg", "com"),
        ("deb", "debian", "org"), ("anaconda", "org"), ("crates", "io"),
    )
)  # fmt: skip
HOMES = tuple(f"/{name}/" for name in ("work/main", "root", "home/runner"))
LOCKS = ("uv.lock", "pylock.toml", "poetry.lock", "Pipfile.lock")


def problems(root: Path) -> list[str]:
    """Problems of the files that git tracks under *root*, a line each."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True).stdout
    found = []
    for name in filter(None, listed.decode().split("\0")):
        file = root / name
        if file.name in LOCKS or file.name.startswith("pylock."):
            found.append(f"{name}: names hosts; the lock is requirements.txt")
        text = file.read_bytes().decode(errors="replace") if file.is_file() else ""
        for word in (*HOSTS, *HOMES):
            if word in text and name != "tests/lint_tree.py":
                line = text[: text.index(word)].count("\n") + 1
                found.append(f"{name}:{line}: names {word}")
        if name.endswith(".txt") and "://" in text:
            found.append(f"{name}: holds an address")
    return found


if __name__ == "__main__":
    wrong = problems(Path(__file__).resolve().parent.parent)
    print("\n".join(wrong) or "no file names a registry or a machine")
    sys.exit(bool(wrong))
