"""Packs: a ZIP of several sounds of a mix or a master, with contact, tempo, key and lyrics beside them.

Equal sounds and facts give equal bytes on one day: members are in order, uncompressed, and carry no time.

Tests: ``tests/orchestrator/cli/commands/correspondence/test_packs.py``.
"""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from domain.core.address import clock
from domain.core.refusal import Refused
from domain.song.lyrics import LARGEST, read_lines
from flows.vault.regular_file import read_regular
from flows.vault.vault import Vault
from orchestrator.desk.correspondence.file_names import LONGEST_WHOLE, safe_word
from orchestrator.desk.record_state.song_places import places_read
from orchestrator.desk.song.song_facts import song_facts
from orchestrator.log.side_tables.contacts import contact_of
from orchestrator.studio import Studio

GIVEN_OUT: Final = ("email", "phone")
"""Fields of the sender's own contact data that a pack states; never a bank account or a number of a society."""
LARGEST_PACK: Final = 64 * 1024**3
"""Bytes of the sounds of one pack."""
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time of a ZIP member, written for each of them."""
MODE: Final = 0o644 << 16


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A finished file, and the word by which it is called in the pack."""

    word: str
    path: Path


def write_pack(pack: Path, top: str, files: Sequence[PackedFile], texts: dict[str, str]) -> None:
    """Write the ZIP *pack* with one folder *top*, which holds *files* and *texts*.

    No name in it has a separator, so nothing is unpacked outside of that folder.

    Raises:
        Refused: ``send.size``; the sounds are larger than a pack may be.
    """
    size = sum(one.path.stat().st_size for one in files)
    if size > LARGEST_PACK:
        raise Refused(
            "send.size",
            f"the pack would have {size:,} bytes; at most {LARGEST_PACK:,} are packed",
            next="name fewer prints with --what, or --format m4a",
        )
    folder = safe_word(top, "pack", LONGEST_WHOLE)
    with ZipFile(pack, "x", ZIP_STORED) as archive:
        for name, text in sorted(texts.items()):
            archive.writestr(_member(f"{folder}/{name}"), text.encode())
        for name, one in zip(_names(files), files, strict=True):
            with (
                one.path.open("rb") as source,
                archive.open(_member(f"{folder}/{name}"), "w", force_zip64=True) as into,
            ):
                shutil.copyfileobj(source, into, 1 << 20)


def _member(name: str) -> ZipInfo:
    member = ZipInfo(name, EPOCH)
    member.external_attr, member.create_system = MODE, 3
    return member


def _names(files: Iterable[PackedFile]) -> list[str]:
    """Names of *files* in the pack, each different from the others also where case does not count."""
    names: list[str] = []
    taken: set[str] = set()
    for one in files:
        word, number = safe_word(one.word, "sound"), 1
        name = f"{word}{one.path.suffix}"
        while name.casefold() in taken:
            number += 1
            name = f"{word} {number}{one.path.suffix}"
        taken.add(name.casefold())
        names.append(name)
    return names


def pack_texts(studio: Studio, song: str | None, heading: Sequence[str], sender: str) -> dict[str, str]:
    """The texts of a pack by their names: what it is, whom to ask, tempo and key; and the lyrics, if there are any.

    Args:
        studio: the store.
        song: song id; None for a master.
        heading: the first lines.
        sender: name of the person who sends it.
    """
    contact = contact_of(studio.log, studio.who.actor)
    lines = [
        *heading,
        "",
        f"Contact: {sender}, {studio.config.label}",
        *(contact[one] for one in GIVEN_OUT if one in contact),
    ]
    texts: dict[str, str] = {}
    if song is not None:
        lines += ["", *_musical(studio, song)]
        if lyrics := _lyrics(studio, song):
            texts["lyrics.txt"] = f"{lyrics}\n"
    texts["read me.txt"] = "\n".join(lines).rstrip() + "\n"
    return texts


def _musical(studio: Studio, song: str) -> list[str]:
    places = places_read(studio, song)
    lines, tempo = list[str](), places.arrangement.tempo
    if tempo is not None:
        bpm = ", ".join(dict.fromkeys(f"{float(one.bpm):g}" for one in tempo.tempi))
        meters = ", ".join(dict.fromkeys(f"{one.beats}/{one.unit}" for one in tempo.meters))
        lines.append(f"Tempo: {bpm} quarter notes a minute, {meters}")
    if key := song_facts(studio, song).get("key"):
        lines.append(f"Key: {key}")
    if places.rate and places.arrangement.sections:
        lines += [
            "Form:",
            *(f"  {clock(one.start, places.rate)} {one.name}" for one in places.arrangement.running_order),
        ]
    return lines


def _lyrics(studio: Studio, song: str) -> str:
    attached = places_read(studio, song).lyrics.attached
    if attached is None:
        return ""
    path = Vault(studio.config.vault).checked(attached.blob)
    return "\n".join(one.text for one in read_lines(read_regular(path, at_most=LARGEST)))
