"""Prefect for users: its pages, the handling of its database, and the doctor's report on it."""

import os
import shutil
import signal
import sys
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from orchestrator.engine.prefect_server.api import Api, _file, published_api
from orchestrator.engine.prefect_server.home import home_of, read_facts
from orchestrator.engine.prefect_server.server import PrefectServer
from orchestrator.engine.prefect_server.sign_in import PATH
from tests.orchestrator.label import SONG, Label, rendered
from tests.orchestrator.processes import left_after
from tests.orchestrator.sounds import note

TRAP = '{{"version": 1, "handlers": {{"x": {{"()": "subprocess.check_output", "args": ["touch", "{}"]}}}}}}'


@pytest.fixture
def owing(label: Label, tmp_path: Path) -> Label:
    """A label with one comp and one mix due."""
    label.does("take", "ingest", f"{SONG}/bass", note(tmp_path / "bass.wav", 80, seconds=1.0))
    label.does("take", "approve", f"{SONG}/bass/1")
    label.does("mix", "revise", SONG, label.mix_recipe("bass"))
    return label


def test_with_no_server_up_open_says_so_and_what_would_start_one(label: Label) -> None:
    said = label.refuses(4, "prefect", "open", "--no-browser")
    assert said.rule == "prefect.down"
    assert "next: takesheet up" in said.err


def test_open_finds_the_secret_of_this_start_in_a_file_of_this_user_alone(label: Label) -> None:
    store = label.folder / ".takesheet"
    home = home_of(store)
    server = PrefectServer(home, print, store=store)
    with server as url:
        first = server.api
        assert published_api(home) == first == Api(url, first.auth)
        assert first.auth in _file(home).read_text()
        assert _file(home).stat().st_mode & 0o777 == 0o600
        assert _file(home).parent.stat().st_mode & 0o777 == 0o700
        link = label.does("prefect", "open", "--no-browser")
        assert link.startswith(f"http://{urlsplit(url).netloc}{PATH}/")
        with urlopen(link, timeout=30) as page:  # noqa: S310 - a link of our own
            assert page.status == 200
    assert published_api(home) is None
    server.begin()
    assert server.api.auth != first.auth, "each start has a secret of its own"
    server.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells where and how another process works")
def test_the_server_works_in_its_home_not_where_the_command_was_given_and_what_it_writes_is_this_users_alone(
    label: Label, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = home_of(label.folder / ".takesheet")
    monkeypatch.chdir(label.folder)
    with PrefectServer(home, print):
        process = Path(f"/proc/{read_facts(home)['pid']}")
        assert os.readlink(process / "cwd") == str(home)  # noqa: PTH115 - it is no file
        assert "\nUmask:\t0077\n" in (process / "status").read_text()


def test_a_render_obeys_no_file_of_the_store_or_the_working_folder_and_leaves_nothing_of_prefect_there(
    owing: Label, tmp_path: Path
) -> None:
    ran = tmp_path / "ran"
    old = owing.folder / ".takesheet" / "prefect"
    old.mkdir()
    for folder in (old, owing.folder):
        (folder / "logging.yml").write_text(TRAP.format(ran))
    (owing.folder / ".env").write_text(f"PREFECT_LOGGING_SETTINGS_PATH={owing.folder / 'logging.yml'}\n")
    (owing.folder / "prefect.toml").write_text(f'[logging]\nconfig_path = "{owing.folder / "logging.yml"}"\n')
    home = home_of(owing.folder / ".takesheet")
    shutil.rmtree(home, ignore_errors=True)  # of an earlier run in a folder of the same name
    said = rendered(owing, "render")
    assert f"done mix {SONG}@mix1" in said.err
    assert not ran.exists()
    assert [file.name for file in old.iterdir()] == ["logging.yml"]
    assert home.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in home.iterdir() if file.is_file()} == {0o600}


def test_a_damaged_database_of_prefect_costs_one_line_and_the_doctor_sees_it(owing: Label) -> None:
    database = home_of(owing.folder / ".takesheet") / "prefect.db"
    assert {row["what"]: row["found"] for row in owing.data("doctor")}["prefect database"] == "none yet"
    database.parent.mkdir(parents=True)
    database.write_bytes(b"no database" * 1000)
    said = owing.run("doctor")
    assert (said.code, said.rule) == (6, "store.unwell")
    assert "prefect database is unusable" in said.err
    assert "the next render makes it anew" in said.err
    said = rendered(owing, "render")
    told = [line for line in said.err.splitlines() if "Prefect" in line]
    assert len(told) == 1, told
    assert "it is made anew, and nothing is lost by it" in told[0]
    assert f"done mix {SONG}@mix1" in said.err
    assert {row["what"]: row["found"] for row in owing.data("doctor")}["prefect database"] == "whole"
    assert not (owing.folder / ".takesheet" / "prefect").exists()


def test_a_server_that_is_killed_in_the_middle_of_a_render_is_replaced_and_the_render_goes_on(owing: Label) -> None:
    home = home_of(owing.folder / ".takesheet")
    with owing.begin("render") as process:
        assert process.stderr is not None
        while "start edit" not in (line := process.stderr.readline()):
            assert line, "it ended before it began"
        os.kill(int(str(read_facts(home)["pid"])), signal.SIGKILL)
        _, err = process.communicate(timeout=180)
    assert process.returncode == 0, err
    assert f"done mix {SONG}@mix1" in err
    assert left_after(str(home), 5) == []
    assert [row["kind"] for row in owing.data("log", "show")].count("rendered") == 2
