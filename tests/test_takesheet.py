"""The rings have plain names; where somebody else's is found first, one sentence names it."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from takesheet import RINGS
from tests.paths import ROOT

RUN = "from takesheet import main; main()"


def says(*first: Path, words: tuple[str, ...]) -> tuple[int, str, str]:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (*first, ROOT)))}
    done = subprocess.run(
        [sys.executable, "-P", "-c", RUN, *words], env=env, capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout, done.stderr


def test_the_command_starts_by_the_door_that_the_wheel_installs() -> None:
    assert says(words=("--version",))[:2] == (0, "takesheet 0.1.0\n")


def test_the_wheel_holds_the_door_and_every_ring_and_nothing_else_at_the_top(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    with ZipFile(wheel) as packed:
        top = {name.partition("/")[0] for name in packed.namelist()}
        packed.extractall(tmp_path / "installed")
    assert {name for name in top if not name.endswith(".dist-info")} == {*RINGS, "takesheet.py"}
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    code = f"import sys; sys.path.insert(0, {str(tmp_path / 'installed')!r}); {RUN}"
    for words in (("--version",), ("demo", "--help"), ("mix", "fields")):
        done = subprocess.run(
            [sys.executable, "-P", "-c", code, *words],
            cwd=tmp_path,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("kind", ["package", "module", "namespace"])
@pytest.mark.parametrize(
    ("ring", "words"),
    [
        ("domain", ("--help",)),
        ("orchestrator", ("--help",)),
        ("dsp", ("measure", "a.wav")),
        ("flows", ("show", "a.wav")),
    ],
)
def test_a_package_of_the_same_name_that_is_found_first_is_named(
    tmp_path: Path, ring: str, words: tuple[str, ...], kind: str
) -> None:
    if kind == "module":
        (tmp_path / f"{ring}.py").touch()
    else:
        (tmp_path / ring).mkdir()
        (tmp_path / ring / ("__init__.py" if kind == "package" else "readme")).touch()
    code, out, err = says(tmp_path, words=words)
    if kind == "namespace":  # a real package wins over a folder without __init__.py
        assert "install" not in err
        return
    assert (code, out) == (1, "")
    assert err.startswith("error (install): ")
    assert str(tmp_path / ring) in err
    assert "Traceback" not in err
