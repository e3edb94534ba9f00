"""Prefect's home, and other files and variables that could configure Prefect."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from orchestrator.engine.prefect_server.fault import ServerFault
from orchestrator.engine.prefect_server.home import environment, home_of, isolated, prepare
from tests.paths import ROOT


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "takesheet"


def test_a_store_has_one_home_in_the_cache_of_the_user_however_it_is_reached(tmp_path: Path, cache: Path) -> None:
    store = tmp_path / "store" / ".takesheet"
    store.mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "store")
    home = home_of(store)
    assert home == home_of(tmp_path / "link" / ".takesheet")
    assert home.parent == cache / "prefect"
    assert not home.exists()
    prepare(home, store)
    assert home.stat().st_mode & 0o777 == 0o700
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in home.iterdir())
    assert list(store.iterdir()) == []


def test_what_would_configure_prefect_is_taken_out_of_its_home(tmp_path: Path) -> None:
    home = tmp_path / "cache" / "home"
    prepare(home)
    victim = tmp_path / "victim"
    victim.write_text("keep")
    for name in ("logging.yml", "profiles.toml", "prefect.toml", "pyproject.toml"):
        (home / name).symlink_to(victim)
    (home / ".env").mkdir()
    (home / "prefect.db").write_text("stays")
    prepare(home)
    assert [file.name for file in home.iterdir()] == ["prefect.db"]
    assert victim.read_text() == "keep"


def test_a_home_that_is_a_link_or_cannot_be_made_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "home").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ServerFault, match="link"):
        prepare(tmp_path / "home")
    (tmp_path / "file").write_text("")
    with pytest.raises(ServerFault, match="cannot be used"):
        prepare(tmp_path / "file" / "prefect" / "home")


def test_a_home_that_others_could_enter_is_closed_and_a_file_in_its_place_makes_way(tmp_path: Path) -> None:
    home = tmp_path / "prefect" / "home"
    home.mkdir(parents=True, mode=0o755)
    prepare(home)
    assert home.stat().st_mode & 0o777 == 0o700
    home.rmdir()
    home.write_text("")
    prepare(home)
    assert home.is_dir()


def test_the_home_of_a_store_that_is_gone_is_swept_and_others_stay(tmp_path: Path) -> None:
    gone, stays = tmp_path / "gone", tmp_path / "stays"
    for store in (gone, stays):
        store.mkdir()
        prepare(home_of(store), store)
    gone_home = home_of(gone)
    gone.rmdir()
    prepare(home_of(stays), stays)
    assert not gone_home.exists()
    assert home_of(stays).exists()


def test_the_users_own_prefect_does_not_reach_in(tmp_path: Path) -> None:
    env = environment(tmp_path, {"PREFECT_API_KEY": "secret", "PREFECT_API_URL": "https://elsewhere", "HOME": "/h"})
    assert "PREFECT_API_KEY" not in env
    assert "PREFECT_API_URL" not in env
    assert (env["HOME"], env["DO_NOT_TRACK"], env["PREFECT_SERVER_ANALYTICS_ENABLED"]) == ("/h", "1", "false")


def test_no_proxy_is_asked_for_a_server_of_this_machine(tmp_path: Path) -> None:
    env = environment(tmp_path, {"NO_PROXY": "intranet.example", "HTTP_PROXY": "http://proxy.example"})
    assert env["NO_PROXY"] == "intranet.example,127.0.0.1,localhost,::1"


def test_environment_and_working_folder_are_as_they_were_even_where_the_folder_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_HOME", raising=False)
    monkeypatch.setenv("PREFECT_API_URL", "https://elsewhere")
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    with isolated(tmp_path):
        assert "PREFECT_API_URL" not in os.environ
        assert Path.cwd() == tmp_path
    assert os.environ["PREFECT_API_URL"] == "https://elsewhere"
    assert "PREFECT_HOME" not in os.environ
    assert Path.cwd() == here
    here.rmdir()
    with isolated(tmp_path):
        assert Path.cwd() == tmp_path


SETTINGS = """
import os, sys
from pathlib import Path
from orchestrator.engine.prefect_server.api import Api
from orchestrator.engine.embedded import _import_prefect, confined
home = Path(sys.argv[1])
home.mkdir()
_import_prefect(home)
with confined(Api("http://127.0.0.1:9/api", "secret"), home):
    from prefect.settings import get_current_settings
    settings = get_current_settings()
    print(settings.api.url, settings.tasks.default_retries, settings.logging.level, settings.home == home)
    print(settings.profiles_path.parent == home, settings.logging.config_path.name, settings.api.key)
print(os.environ.get("PREFECT_API_URL"), "PREFECT_API_AUTH_STRING" in os.environ)
"""


def test_no_file_of_the_working_folder_or_the_users_home_configures_prefect(tmp_path: Path) -> None:
    here, user = tmp_path / "here", tmp_path / "user"
    ran = tmp_path / "ran"
    (user / ".prefect").mkdir(parents=True)
    here.mkdir()
    logging = f'{{"version": 1, "handlers": {{"x": {{"()": "subprocess.check_output", "args": ["touch", "{ran}"]}}}}}}'
    (here / "logging.yml").write_text(logging)
    (user / ".prefect" / "logging.yml").write_text(logging)
    table = f'[tasks]\ndefault_retries = 7\n[logging]\nlevel = "ERROR"\nconfig_path = "{here / "logging.yml"}"\n'
    (here / "prefect.toml").write_text(table)
    (here / "pyproject.toml").write_text(table.replace("[", "[tool.prefect."))
    dotenv = f"PREFECT_TASKS_DEFAULT_RETRIES=7\nPREFECT_LOGGING_SETTINGS_PATH={here / 'logging.yml'}\n"
    (here / ".env").write_text(f"{dotenv}PREFECT_API_KEY=key\nPREFECT_PROFILES_PATH={here / 'profiles.toml'}\n")
    profiles = 'active = "evil"\n[profiles.evil]\nPREFECT_TASKS_DEFAULT_RETRIES = "7"\nPREFECT_API_KEY = "key"\n'
    (here / "profiles.toml").write_text(profiles)
    (user / ".prefect" / "profiles.toml").write_text(profiles)
    env = {
        "PATH": os.environ["PATH"], "HOME": str(user), "PREFECT_PROFILES_PATH": str(here / "profiles.toml"),
        "PREFECT_LOGGING_SETTINGS_PATH": str(here / "logging.yml"), "PREFECT_API_URL": "https://elsewhere",
        "PREFECT_HOME": str(user / ".prefect"), "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    words = [sys.executable, "-c", SETTINGS, str(tmp_path / "home")]
    done = subprocess.run(words, cwd=here, env=env, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "http://127.0.0.1:9/api 0 INFO True", "True flows-logging.yml None", "https://elsewhere False",
    ]  # fmt: skip
    assert not ran.exists()
