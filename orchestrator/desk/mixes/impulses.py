"""Impulse responses (recorded rooms) of mixes: ingest, description and comparison."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from domain.core.refusal import NotFound
from domain.mixes.mixes import FromOutside, FromRecipe
from domain.recipe.differences import RecipeChange
from domain.render.jobs import Impulse, Sound
from flows.vault.vault import Vault


def take_impulses(vault: Vault, files: Mapping[str, Path]) -> dict[str, Impulse]:
    """Put *files*, keyed by their names in the recipe, into the vault.

    Raises:
        NotFound: ``file.missing``.
        Unsound: a file is no impulse response, see :func:`dsp.mix.impulse.inspect_impulse`.
        VaultFault: a file cannot be stored.
    """
    return {name: _take(vault, name, file) for name, file in sorted(files.items())}


def _take(vault: Vault, name: str, file: Path) -> Impulse:
    from dsp.audio import Source, Unsound
    from dsp.mix.impulse import inspect_impulse

    if not file.exists():
        raise NotFound("file.missing", f"there is no file {file}")
    try:
        facts = inspect_impulse(Source(file))
    except Unsound as error:
        raise Unsound(f"{file.name}: {error.reason}") from error
    blob = vault.take_in(file)
    sound = Sound(
        blob=blob.hash, size=blob.size, pcm=facts.pcm, rate=facts.rate, frames=facts.frames, channels=facts.channels
    )
    return Impulse(name=name, file=file.name, sound=sound)


def describe_impulse(impulse: Impulse) -> str:
    """Describe an impulse response in one line of text."""
    sound = impulse.sound
    shape = {1: "mono", 2: "stereo"}.get(sound.channels, "true stereo")
    return f"impulse {impulse.name}: {impulse.file}, {sound.frames / sound.rate:.2f} s, {shape}, {sound.pcm[:12]}"


def changed(old: FromRecipe | FromOutside, new: FromRecipe | FromOutside) -> Iterator[RecipeChange]:
    """Yield a change for each name whose impulse response has other audio."""
    if isinstance(old, FromRecipe) and isinstance(new, FromRecipe):
        before = {impulse.name: impulse for impulse in old.impulses}
        for now in new.impulses:
            was = before.get(now.name, now)
            if was.sound.pcm != now.sound.pcm:
                names = (f"{one.file} ({one.sound.pcm[:8]})" for one in (was, now))
                yield RecipeChange(f"impulse {now.name}", " -> ".join(names))
