"""A small band: jobs over a second of generated sound, for tests of flows."""

import json
from pathlib import Path

import numpy as np

from domain.recipe import EditRecipe
from domain.render.jobs import EditJob, MixJob, Named, SongJob, Sound, edit_plan, key
from dsp.files.sound import SoundWriter
from flows.vault.vault import Vault

RATE = 44_100
FRAMES = 44_100
Takes = dict[int, tuple[Named, ...]]
MIX = '[strips.drums]\ngain_db = -3\n[strips.bass]\npan = 0.25\n[versions.instrumental]\nwithout = ["bass"]\n'


def track(vault: Vault, room: Path, name: str, seed: int) -> Named:
    """A mono track of noise in the vault, equal for equal *seed*."""
    return _noise(vault, room, name, seed, (1, FRAMES))


def stereo(vault: Vault, room: Path, name: str, seed: int, seconds: int) -> Named:
    """A stereo sound used as a mix."""
    return _noise(vault, room, name, seed, (2, seconds * RATE))


def _noise(vault: Vault, room: Path, name: str, seed: int, shape: tuple[int, int]) -> Named:
    noise = np.random.default_rng(seed).uniform(-0.25, 0.25, shape).astype(np.float32)
    with SoundWriter(room / f"{seed}.wav", RATE, *shape) as writer:
        writer.write(noise)
    printed = writer.printed
    blob = vault.take_in(printed.path)
    sound = Sound(
        blob=blob.hash, size=blob.size, pcm=printed.pcm, rate=RATE, frames=printed.frames, channels=printed.channels
    )
    return Named(name=name, sound=sound)


def edit_job(part: str, takes: Takes) -> EditJob:
    """An edit in which each take plays an equal share of the part, in turn."""
    joints = [round(FRAMES * share / len(takes)) for share in range(len(takes) + 1)]
    spans = [{"start": joints[n], "end": joints[n + 1], "take": take} for n, take in enumerate(takes)]
    text = json.dumps({
        "rate": RATE, "length": FRAMES, "crossfade_frames": 441, "starts": dict.fromkeys(takes, 0), "layers": [spans],
    })  # fmt: skip
    recipe = EditRecipe.model_validate_json(text)
    return EditJob(part=part, plan=edit_plan(recipe, takes), recipe=text, takes=takes)


def long_mix_job(vault: Vault, room: Path, song: str, *, seconds: int) -> SongJob:
    """A mix of two finished parts."""
    parts = {part: (stereo(vault, room, part, seed, seconds),) for seed, part in enumerate(("drums", "bass"))}
    return SongJob(song=song, mixes=(MixJob(song=song, revision=1, recipe=MIX, inputs=parts, edits={}),))


def song_job(vault: Vault, room: Path, song: str, *, seed: int = 0, recipe: str = MIX) -> SongJob:
    """Two parts of two takes, and a mix of them."""
    drums: Takes = {
        n: (track(vault, room, "kick", seed + n), track(vault, room, "snare", seed + 10 + n)) for n in (1, 2)
    }
    bass: Takes = {n: (track(vault, room, "di", seed + 20 + n),) for n in (1, 2)}
    edits = (edit_job(f"{song}/drums", drums), edit_job(f"{song}/bass", bass))
    heard = {edit.part.rpartition("/")[2]: key("edit", edit.plan) for edit in edits}
    return SongJob(
        song=song, edits=edits, mixes=(MixJob(song=song, revision=1, recipe=recipe, inputs={}, edits=heard),)
    )
