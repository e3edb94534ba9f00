"""Mix revisions by the words of a command line, and their prints.

Tests: ``tests/orchestrator/cli/test_release.py``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.core.address import Address
from domain.core.refusal import Misused, NotFound, Refused, suggest
from domain.mixes.mixes import FromOutside, Mixes, MixRevised
from domain.render.jobs import Named, Sound
from domain.status.record_state import RecordState, mix_prints
from dsp.audio import Source
from flows.vault.vault import Vault
from orchestrator.desk.addressing import addresses
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.studio import Studio


@dataclass(frozen=True, slots=True)
class AudiblePrint:
    """A revision, and the prints that are played or compared."""

    address: str
    revision: MixRevised
    prints: Mapping[str, Named]
    note: str = ""
    """Remark if the prints are from an earlier plan; else empty."""


def mixes_named(studio: Studio, words: Sequence[str]) -> list[Address]:
    """Addresses of the mixes of one song that *words* name; words after the first may omit the song, as in ``@mix2``.

    Raises:
        Misused: ``mix.compare``; the mixes belong to several songs, or one is named twice.
        NotFound: ``address``.
    """
    first = addresses.find(studio, words[0], "mix")
    song = "/".join(first.path)
    rest = (f"{song}{word}" if word.startswith("@") else word for word in words[1:])
    found = [first, *(addresses.find(studio, word, "mix") for word in rest)]
    for number, one in enumerate(found):
        if one.path != first.path:
            raise Misused("mix.compare", f"{one} is no mix of {song}; mixes of one song are compared")
        if one in found[:number]:
            raise Misused("mix.compare", f"{one} is named twice", next=suggest("mix list", song))
    return found


def before(mix: Address) -> Address:
    """The revision before the one at a full address.  Raises: Misused ``mix.compare``; there is none."""
    kind, number = mix.revision or ("mix", 1)
    if number <= 1:
        raise Misused("mix.compare", f"{mix} is the first one: nothing comes before it", next="name another mix")
    return replace(mix, revision=(kind, number - 1))


def audible_print(studio: Studio, address: Address) -> AudiblePrint:
    """Prints of the mix at a full *address*: those of the current plan, else the last rendered ones.

    Raises:
        NotFound: ``mix.unknown``.
        Refused: ``audio.pending``; the mix was never rendered.
    """
    song, number = "/".join(address.path), address.revision[1] if address.revision else 0
    found = audible_print_in(read_record(studio, address.path[0]).state, song, number)
    if not found.prints:
        raise Refused("audio.pending", f"{address} is not rendered yet", next=suggest("render", str(address)))
    return found


def audible_print_in(state: RecordState, song: str, number: int) -> AudiblePrint:
    """:func:`audible_print` for a state that was read already; without prints if the mix was never rendered."""
    revision = state.mixes.get(song, Mixes()).revision(song, number)
    today = mix_prints(state, song, number)
    prints = today or _last(state, revision)
    address = f"{song}@mix{number}"
    note = "" if today else f"{address} as it was last rendered: its sources have changed since"
    return AudiblePrint(address, revision, {print_.name: print_ for print_ in prints}, note)


def newest(state: RecordState, song: str) -> AudiblePrint:
    """The newest mix of *song* that has prints.

    Raises:
        NotFound: ``mix.unknown``; the song has no mix.
        Refused: ``audio.pending``; no mix was ever rendered.
    """
    numbers = sorted(state.mixes.get(song, Mixes()).living, reverse=True)
    if not numbers:
        raise NotFound("mix.unknown", f"{song} has no mix", next=suggest("mix draft", song))
    for number in numbers:
        if (found := audible_print_in(state, song, number)).prints:
            return found
    raise Refused("audio.pending", f"no mix of {song} is rendered yet", next=suggest("render", song))


def _last(state: RecordState, revision: MixRevised) -> tuple[Named, ...]:
    if isinstance(revision.made, FromOutside):
        return revision.made.prints
    own = f"{revision.song}@mix{revision.number}"
    found = [one for reports in state.reports.values() for one in reports if one.subject == own and one.kind == "mix"]
    return found[-1].outputs if found else ()


def source_of(vault: Vault, sound: Sound) -> Source:
    """Audio source that reads a sound of the vault."""
    return Source(vault.path(sound.blob), sound.first_channel, sound.channels)
