"""Masters through real flows under a real server: the gain first, then each song with it."""

from decimal import Decimal
from pathlib import Path

import pytest

from domain.render.jobs import (
    GainJob,
    MasterJob,
    Named,
    Rendered,
    RenderFailed,
    album_gain_plan,
    song_master_plan,
)
from flows.run.progress import Progress
from flows.run.run_job import Outcome
from flows.vault.vault import Vault
from tests.flows.band import stereo
from tests.flows.running import run_masters

pytestmark = pytest.mark.waits

RECIPE = """
[targets.streaming]
integrated_lufs = -14
ceiling_dbtp = -1
"""


@pytest.fixture
def mixes(vault: Vault, room: Path) -> tuple[Named, ...]:
    return tuple(stereo(vault, room, f"night-bus/song-{n}", seed=n, seconds=2) for n in (1, 2))


def gain_job(mixes: tuple[Named, ...]) -> GainJob:
    plan_ = album_gain_plan(RECIPE, "streaming", mixes, None)
    return GainJob(record="night-bus", master=1, target="streaming", plan=plan_, recipe=RECIPE, mixes=mixes)


def master_job(mix: Named, gain_db: str, target: str = "streaming") -> MasterJob:
    plan_ = song_master_plan(RECIPE, target, mix.sound, gain_db, {})
    return MasterJob(
        record="night-bus", song=mix.name, master=1, target=target, plan=plan_, recipe=RECIPE, mix=mix.sound,
        gain_db=gain_db,
    )  # fmt: skip


def run(vault: Vault, jobs: list[GainJob] | list[MasterJob], messages: list[Progress]) -> list[Outcome]:
    return run_masters("night-bus", jobs, vault, 2, messages.append)


@pytest.mark.usefixtures("api")
def test_the_gain_is_found_and_every_song_is_finished_with_it(
    vault: Vault, mixes: tuple[Named, ...], messages: list[Progress]
) -> None:
    (found,) = run(vault, [gain_job(mixes)], messages)
    assert isinstance(found, Rendered)
    gain = found.report.measures["gain_db"]
    assert gain is not None
    assert Decimal(gain).is_finite()
    assert (found.report.subject, found.report.outputs, found.song) == ("night-bus@master1 streaming", (), None)
    finished = run(vault, [master_job(mix, gain) for mix in mixes], messages)
    reports = [one.report for one in finished if isinstance(one, Rendered)]
    assert [report.subject for report in reports] == [f"night-bus@master1 streaming song-{n}" for n in (1, 2)]
    assert all(vault.rehash(report.outputs[0].sound.blob) == report.outputs[0].sound.blob for report in reports)
    assert [one.subject for one in messages if one.state == "failed"] == []


@pytest.mark.usefixtures("api")
def test_a_target_the_recipe_does_not_name_fails_alone(
    vault: Vault, mixes: tuple[Named, ...], messages: list[Progress]
) -> None:
    good = master_job(mixes[0], "1.5")
    bad = master_job(mixes[1], "1.5", target="cassette")
    outcomes = run(vault, [bad, good], messages)
    assert [type(one) for one in outcomes] == [RenderFailed, Rendered]
    assert isinstance(outcomes[0], RenderFailed)
    assert "cassette" in outcomes[0].reason
