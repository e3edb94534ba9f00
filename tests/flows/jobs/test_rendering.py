from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from domain.render.jobs import EPOCHS
from dsp.files.sound import SoundWriter
from flows.jobs.rendering import JobId, Rendering, Unequal, answer, existing_report
from flows.vault.vault import Vault
from flows.vault.vault_faults import VaultFault

pytestmark = pytest.mark.waits

ASK = JobId("edit", sha256(b"plan").hexdigest(), 0, "night-bus/tin-roof/drums")


def sounding(level: float) -> Callable[[Path], Rendering]:
    """A render of ten frames at *level*."""

    def render(room: Path) -> Rendering:
        with SoundWriter(room / "kick.wav", 44_100, 1, 10) as writer:
            writer.write(np.full((1, 10), level, np.float32))
        return Rendering([writer.printed], {"level": str(level)}, ("a note",))

    return render


def never(_room: Path) -> Rendering:
    raise AssertionError("it was rendered before")


def test_a_job_is_rendered_once_and_answered_from_the_vault_ever_after(vault: Vault) -> None:
    first = answer(vault, ASK, sounding(0.5))
    assert answer(vault, ASK, never) == first
    assert (first.key, first.subject, first.epoch) == (ASK.key, ASK.subject, EPOCHS["edit"])
    assert (dict(first.measures), first.notes) == ({"level": "0.5"}, ("a note",))
    assert vault.rehash(first.outputs[0].sound.blob) == first.outputs[0].sound.blob
    assert list((Path(vault.url) / "incoming").iterdir()) == []


def test_the_same_answer_by_another_hand_is_the_first_ones(vault: Vault) -> None:
    """Two workers, one job: the second started before the first had published."""
    first: list[object] = []

    def overtaken(room: Path) -> Rendering:
        first.append(answer(vault, ASK, sounding(0.5)))
        return sounding(0.5)(room)

    assert [answer(vault, ASK, overtaken)] == first


def test_another_sound_under_the_same_key_is_a_fault_and_the_first_stands(vault: Vault) -> None:
    def overtaken(room: Path) -> Rendering:
        answer(vault, ASK, sounding(0.5))
        return sounding(0.25)(room)

    with pytest.raises(Unequal, match="night-bus/tin-roof/drums"):
        answer(vault, ASK, overtaken)
    found = existing_report(vault, ASK.key)
    assert found is not None
    assert found.measures["level"] == "0.5"


def test_a_report_whose_audio_is_gone_does_not_stand(vault: Vault) -> None:
    report = answer(vault, ASK, sounding(0.5))
    vault.path(report.outputs[0].sound.blob).unlink()
    assert existing_report(vault, ASK.key) is None
    assert answer(vault, ASK, sounding(0.5)) == report
    assert existing_report(vault, ASK.key) == report


def test_a_damaged_report_is_named(vault: Vault) -> None:
    vault.publish_report(ASK.key, b'{"kind": "edit"')
    with pytest.raises(VaultFault, match=f"report {ASK.key} .* damaged"):
        existing_report(vault, ASK.key)


def test_asking_anew_is_another_job_of_the_same_plan() -> None:
    assert JobId("edit", ASK.plan, 1, ASK.subject).key != ASK.key
