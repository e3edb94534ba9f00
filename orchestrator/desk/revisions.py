"""Mix revisions as they are named on a command line, and the prints that each is heard by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.address import Address
from domain.jobs import Named
from domain.mixes import FromOutside, Mixes, MixRevised
from domain.production import Production, mix_prints
from domain.refusal import Misused, Refused
from dsp.audio import Source
from flows.vault import Vault
from orchestrator.desk import where
from orchestrator.desk.productions import dossier
from orchestrator.studio import Studio


@dataclass(frozen=True, slots=True)
class Heard:
    """A revision and the prints it is compared by."""

    address: str
    revision: MixRevised
    prints: Mapping[str, Named]
    note: str = ""
    """Where they are not what it gives today."""


def meant(studio: Studio, words: Sequence[str]) -> list[Address]:
    """The mixes of one song that *words* mean; what follows the first may leave out the song, as in ``@mix2``.

    Raises:
        Misused: ``mix.compare``; they are mixes of several songs, or one of them twice.
        NotFound: ``address``.
    """
    first = where.find(studio, words[0], "mix")
    song = "/".join(first.path)
    rest = (f"{song}{word}" if word.startswith("@") else word for word in words[1:])
    found = [first, *(where.find(studio, word, "mix") for word in rest)]
    for number, one in enumerate(found):
        if one.path != first.path:
            raise Misused("mix.compare", f"{one} is no mix of {song}; mixes of one song are compared")
        if one in found[:number]:
            raise Misused("mix.compare", f"{one} is named twice", next=f"takesheet mix list {song}")
    return found


def before(mix: Address) -> Address:
    """The revision before the one at a full address.  Raises: Misused ``mix.compare``; it is the first."""
    kind, number = mix.revision or ("mix", 1)
    if number <= 1:
        raise Misused("mix.compare", f"{mix} is the first one: nothing comes before it", next="name another mix")
    return replace(mix, revision=(kind, number - 1))


def heard(studio: Studio, address: Address) -> Heard:
    """The prints of the mix at a full *address*: today's, or, where it is not rendered as things are, its last ones.

    Raises:
        NotFound: ``mix.unknown``.
        Refused: ``audio.pending``; it was never rendered.
    """
    song, number = "/".join(address.path), address.revision[1] if address.revision else 0
    state = dossier(studio, address.path[0]).state
    revision = state.mixes.get(song, Mixes()).revision(song, number)
    today = mix_prints(state, song, number)
    prints = today or _last(state, revision)
    if not prints:
        raise Refused("audio.pending", f"{address} is not rendered yet", next=f"takesheet render {song}")
    note = "" if today else f"{address} as it last was: what it hears changed since"
    return Heard(str(address), revision, {print_.name: print_ for print_ in prints}, note)


def _last(state: Production, revision: MixRevised) -> tuple[Named, ...]:
    if isinstance(revision.made, FromOutside):
        return revision.made.prints
    own = f"{revision.song}@mix{revision.number}"
    found = [one for reports in state.reports.values() for one in reports if one.subject == own and one.kind == "mix"]
    return found[-1].outputs if found else ()


def source_of(vault: Vault, print_: Named) -> Source:
    """The audio of a print."""
    return Source(vault.path(print_.sound.blob), print_.sound.first_channel, print_.sound.channels)
