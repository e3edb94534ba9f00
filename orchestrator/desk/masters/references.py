"""Reference recordings for the matching of masters: requests, ingest and description."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from domain.core.refusal import Misused, NotFound, Refused, Unfit
from domain.render.jobs import Reference, Sound
from flows.vault.vault import Vault

STEREO: Final = 2
LOUDEST, QUIETEST = Decimal(-5), Decimal(-40)
"""Bounds of a master's integrated loudness, in LUFS."""
_AMOUNT_STEP, _LUFS_STEP = Decimal("0.01"), Decimal("0.1")


@dataclass(frozen=True, slots=True)
class ReferenceMatch:
    """A match to a reference as requested on the command line, not checked yet."""

    file: Path
    amount: str | None = None
    """Amount of the match, from 0 to 1; None is 1."""
    loudness: bool = False
    """True if the loudness of the reference becomes that of the target."""


def requested_match(file: Path | None, amount: str | None, *, loudness: bool) -> ReferenceMatch | None:
    """The match requested by options; None without a file.  Raises: Misused ``master.match``, options but no file."""
    if file is None and (amount is not None or loudness):
        said = "--match-amount" if amount is not None else "--match-loudness"
        raise Misused("master.match", f"{said} needs a recording to match: give --match FILE too")
    return ReferenceMatch(file, amount, loudness) if file else None


def take_reference(vault: Vault, match: ReferenceMatch) -> tuple[Reference, Decimal]:
    """Put a reference file into the vault; return it and its integrated loudness in LUFS, to one decimal.

    Raises:
        Misused: ``master.match``; the amount is not a number from 0 to 1.
        NotFound: ``file.missing``.
        Refused: ``master.match``; the file is neither mono nor stereo.
        Unfit: ``master.match``; the file is silent, or too short to be measured.
        Unsound, VaultFault: the file is not sound, or cannot be stored.
    """
    from dsp.audio import Source
    from dsp.files.sound import inspect
    from dsp.meter.loudness import measure

    amount, file = _amount(match.amount), match.file
    if not file.exists():
        raise NotFound("file.missing", f"there is no file {file}")
    facts = inspect(file)
    if facts.channels > STEREO:
        raise Refused("master.match", f"{file.name} has {facts.channels} channels; a reference is mono or stereo")
    lufs = measure(Source(file), true_peak=False).integrated_lufs
    if lufs is None:
        raise Unfit("master.match", f"{file.name}: it is silent, or too short to say what it sounds like")
    blob = vault.take_in(file)
    sound = Sound(
        blob=blob.hash, size=blob.size, pcm=facts.pcm, rate=facts.rate, frames=facts.frames, channels=facts.channels
    )
    return Reference(name=file.name, sound=sound, amount=amount), Decimal(lufs).quantize(_LUFS_STEP)


def within(lufs: Decimal, name: str) -> tuple[Decimal, str]:
    """*lufs* limited to the bounds of a master's loudness, and a remark if it was out of bounds.

    Args:
        lufs: loudness of the reference.
        name: file name of the reference.
    """
    kept = min(LOUDEST, max(QUIETEST, lufs))
    said = f"{name} has {lufs} LUFS, and a master {QUIETEST} to {LOUDEST}: it is made for {kept} LUFS"
    return kept, said if kept != lufs else ""


def _amount(text: str | None) -> Decimal:
    try:
        found = Decimal(1 if text is None else text)
    except InvalidOperation:
        found = Decimal("NaN")
    if found.is_nan() or not 0 <= found <= 1:
        raise Misused("master.match", f"{text!r} is no amount; write one from 0 (not at all) to 1 (all the way)")
    return found.quantize(_AMOUNT_STEP).normalize()


def describe_match(reference: Reference, curve: Mapping[str, str]) -> str:
    """Describe a match in one line of text.

    Args:
        reference: the master's reference.
        curve: gain in dB by frequency in Hz, as measured; empty if nothing changes or nothing is rendered yet.
    """
    how = "all the way" if reference.amount == 1 else f"to {reference.amount:.0%}"
    if not curve:
        return f"{reference.name}, {how}"
    hz, most = max(curve.items(), key=lambda one: abs(Decimal(one[1])))
    return f"{reference.name}, {how}: {len(curve)} bands, the most {Decimal(most):+} dB at {hz} Hz"
