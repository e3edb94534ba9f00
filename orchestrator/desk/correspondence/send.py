"""Sending a sound: a file for people outside, the message that goes with it, and the record of who holds which hash.

Tests: ``tests/orchestrator/cli/commands/correspondence/test_send.py``.
"""

import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from domain.core.address import Address, slug
from domain.core.event import Event
from domain.core.refusal import Misused, Refused
from domain.correspondence.parcels import (
    MOST_RECIPIENTS,
    Purpose,
    SentSound,
    SoundFormat,
    SoundSent,
    known_parcel,
    send_sound,
)
from domain.label.people import Permission, Role, add_person
from domain.label.permissions import not_permitted, permissions_held
from domain.status.events.event_permissions import SENDING
from dsp.files.lossy.encoder import ListenerFormat, can_encode, encode, listener_rate
from flows.vault.regular_file import open_regular
from orchestrator.desk.addressing.register import EVERYBODY, everybody, person_query, refuse_contact_data
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.addressing.times import shown
from orchestrator.desk.correspondence.file_names import NOT_FINAL, listener_file_name
from orchestrator.desk.correspondence.messages import Letter, message_of
from orchestrator.desk.correspondence.outgoing_sounds import MAIN, OutgoingSound, outgoing_prints, outgoing_sound
from orchestrator.desk.correspondence.packs import PackedFile, pack_texts, write_pack
from orchestrator.desk.record_state.holders import older_mixes_held, parcel_query, parcels_of
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.new_file import new_file
from orchestrator.studio import History, Studio

FORMATS: Final[tuple[ListenerFormat, ...]] = ("m4a", "mp3", "flac", "wav")


@dataclass(frozen=True, slots=True)
class SentParcel:
    """A parcel that was recorded, its file, and the message to paste."""

    parcel: SoundSent
    path: Path
    message: str
    new_people: tuple[str, ...]
    """Ids of people who were added to the register."""


def send(
    studio: Studio, address: Address, folder: Path, *, to: Sequence[str], format: ListenerFormat | None,  # noqa: A002 - the word of the command
    purpose: Purpose, what: Sequence[str] = (), say: Callable[[str], None], why: str | None,
) -> SentParcel:  # fmt: skip
    """Write the sound at a full *address* into *folder* as a file for listeners, and record who gets it.

    The file is whole before anything is recorded, so a process that is killed in between leaves a file that the same
    command finds and records.

    Args:
        studio: the store.
        address: of a mix, a master, a take, a part or a pass.
        folder: where to; it is made if it is missing.
        to: names of the people who get it; who is new is added to the register, without a role.
        format: None for AAC, in a pack for WAV; or FLAC where this machine has no encoder for it.
        purpose: what they get it for.
        what: names of prints of a mix, which are packed as a ZIP; empty for one file.
        say: prints a remark.
        why: the reason given.

    Raises:
        Misused: ``send.what``, ``send.to``; ``person.name``, a name holds contact data.
        NotFound: ``send.what``; the mix has no such print.
        Refused: ``person.role``; ``audio.pending``; ``send.exists``, a file of other content has the name;
            ``send.channels``, ``rate.match``, ``send.size``.
    """
    recipients = recipients_of(to)
    refuse_not_sending(studio, address.path[0])
    state = read_record(studio, address.path[0]).state
    sounds = outgoing_prints(studio, state, address, what) if what else [outgoing_sound(studio, state, address)]
    record = state.catalog.records[address.path[0]]
    song = state.catalog.songs.get("/".join(address.path[:2])) if len(address.path) > 1 else None
    title, written = song.title if song else record.title, _format(format or ("wav" if what else None), say)
    people = everybody(studio.read(EVERYBODY))
    parcel_file = ParcelFile(
        artist=record.artist, album=record.title, title=title, date=studio.today().isoformat(), written=written,
        what=f"{address.revision[0]} {address.revision[1]}" if what and address.revision else sounds[0].what,
        is_pack=bool(what), sender=people.names.get(studio.who.actor, studio.who.actor), song=song.id if song else None,
    )  # fmt: skip
    path, sha, size = _written(studio, sounds, folder, parcel_file)
    for rate in dict.fromkeys(one.rate for one in sounds):
        if (other := listener_rate(written, rate)) != rate:
            say(f"written at {other} Hz, from {rate} Hz: {written} has no such rate")
    sent = [one for sound in sounds for one in sound.sent]
    parcel, new_people = _recorded(
        studio, address, sent, recipients, purpose=purpose, format="zip" if what else written, file=path.name, sha=sha,
        size=size, why=why,
    )  # fmt: skip
    people = everybody(studio.read(EVERYBODY))
    letter = Letter(
        artist=record.artist, title=title, what=parcel_file.what, length_s=max(one.frames / one.rate for one in sounds),
        purpose=purpose, file=path.name, is_final=sounds[0].is_final,
        recipients=[people.names.get(one, one) for one in parcel.to], sender=parcel_file.sender,
        label=studio.config.label, holds=[one.what for one in sounds] if what else [],
    )  # fmt: skip
    return SentParcel(parcel, path, message_of(letter), new_people)


@dataclass(frozen=True, slots=True)
class ParcelFile:
    """Facts that name and tag the file of a parcel."""

    artist: str
    album: str
    title: str
    what: str
    date: str
    """ISO 8601."""
    written: ListenerFormat
    is_pack: bool
    sender: str
    song: str | None

    def name(self, *, is_final: bool) -> str:
        """Name of the file."""
        suffix = "zip" if self.is_pack else self.written
        return listener_file_name(self.artist, self.title, self.what, self.date, suffix, is_final=is_final)

    def tags(self, sound: OutgoingSound) -> dict[str, str]:
        """Tags of one sound of it."""
        what = f"{self.what}, {sound.what}" if self.is_pack and sound.what != MAIN else self.what
        mark = "" if sound.is_final else f", {NOT_FINAL}"
        tags = {
            "title": f"{self.title} ({what}{mark})", "artist": self.artist, "album": self.album, "date": self.date,
            "comment": f"{what}{mark}; {sound.sent[0].hash[:12]}",
        }  # fmt: skip
        return {key: "".join(char if char.isprintable() else " " for char in text) for key, text in tags.items()}


def recipients_of(names: Sequence[str]) -> dict[str, str]:
    """Names of people by their ids.

    Raises:
        Misused: ``send.to``; nobody, or too many.  ``person.name``; a name holds contact data.
    """
    words = [name.strip() for text in names for name in text.split(",") if name.strip()]
    for name in words:
        refuse_contact_data(name)
    found = {slug(name): name for name in words}
    if not 0 < len(found) <= MOST_RECIPIENTS:
        raise Misused("send.to", f"{len(found)} people; a file is sent to 1 to {MOST_RECIPIENTS}", next="--to NAME")
    return found


def refuse_not_sending(studio: Studio, record: str) -> None:
    """Refuse before any file is written.  Raises: Refused ``person.role``."""
    people, day = everybody(studio.read(EVERYBODY)), studio.today()
    if SENDING and not set(SENDING) & set(permissions_held(people, studio.who.actor, day=day)):
        raise not_permitted(people, studio.who.actor, SENDING[0], day=day, records=(record,))


def _format(wanted: ListenerFormat | None, say: Callable[[str], None]) -> ListenerFormat:
    """The format that is written: *wanted*, or FLAC where this machine has no encoder for it, which is said."""
    chosen = wanted or "m4a"
    if can_encode(chosen):
        return chosen
    say(f"this machine has no encoder for {chosen}; the file is FLAC, which is larger and loses nothing")
    return "flac"


def _written(
    studio: Studio, sounds: Sequence[OutgoingSound], folder: Path, parcel: ParcelFile
) -> tuple[Path, str, int]:
    """Path, SHA-256 and size of the file, which is written whole, or is there already with the same bytes."""
    name = parcel.name(is_final=sounds[0].is_final)
    with TemporaryDirectory(prefix="takesheet-send-") as room:
        files: list[PackedFile] = []
        for number, sound in enumerate(sounds):
            draft = Path(room) / f"{number}.{parcel.written}"
            encode(
                sound.blocks(), draft, format=parcel.written, rate=sound.rate, frames=sound.frames,
                channels=sound.channels, tags=parcel.tags(sound),
            )  # fmt: skip
            files.append(PackedFile(sound.what, draft))
        if not parcel.is_pack:
            return placed(files[0].path, folder, name)
        mark = [] if sounds[0].is_final else ["It is not final; please do not pass it on."]
        heading = [f"{parcel.title} by {parcel.artist}, {parcel.what}, {parcel.date}", *mark]
        pack = Path(room) / "pack.zip"
        write_pack(pack, Path(name).stem, files, pack_texts(studio, parcel.song, heading, parcel.sender))
        return placed(pack, folder, name)


def placed(draft: Path, folder: Path, name: str) -> tuple[Path, str, int]:
    """Give the finished *draft* its place in *folder*; return its path, SHA-256 and size.

    Raises:
        Refused: ``send.exists``; a file of other content has the name.
    """
    with draft.open("rb") as file:
        sha = file_digest(file, "sha256").hexdigest()
    size, path = draft.stat().st_size, folder / name
    folder.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError), os.fdopen(open_regular(path), "rb") as there:
        if file_digest(there, "sha256").hexdigest() == sha:
            return path, sha, size
        raise Refused(
            "send.exists", f"{path} is there already, with other bytes", next="name another folder with --out"
        )
    with new_file(path) as new:
        shutil.copyfile(draft, new)
    return path, sha, size


def _recorded(
    studio: Studio, address: Address, sounds: Sequence[SentSound], recipients: dict[str, str], *, purpose: Purpose,
    format: SoundFormat, file: str, sha: str, size: int, why: str | None,  # noqa: A002 - the word of the event
) -> tuple[SoundSent, tuple[str, ...]]:  # fmt: skip
    record = address.path[0]
    song = "/".join(address.path[:2]) if len(address.path) > 1 else None

    def decision(history: History, _: Role) -> tuple[tuple[SoundSent, tuple[str, ...]], Sequence[Event]]:
        people = everybody(history)
        entered = [
            one for id_, name in recipients.items() for one in add_person(people, person=id_, name=name, roles=())
        ]
        known = [one.event for one in history if isinstance(one.event, SoundSent)]
        sent = send_sound(
            known, record=record, song=song, sounds=sounds, to=tuple(recipients), purpose=purpose, format=format,
            file=file, sha=sha, size=size, at=studio.now(),
        )  # fmt: skip
        parcel = sent[0] if sent else known_parcel(known, sha=sha, to=recipients, purpose=purpose)
        assert parcel is not None, "it is recorded now, or was before"
        return (parcel, tuple(one.address for one in entered)), [*entered, *sent]

    query = parcel_query(record)
    for person in recipients:
        query |= person_query(person)
    deed: Permission = "note"
    return studio.decide(query, decision, deed=deed, why=why)


def sent_rows(studio: Studio, record: str) -> list[Row]:
    """One row for each sound and each person who holds it, oldest first; ``now`` says where a newer mix is chosen."""
    newer = {
        (holder.person, holder.parcel, holder.held.target): chosen
        for holder, chosen in older_mixes_held(studio, record)
    }
    return [
        {
            "parcel": parcel.parcel,
            "to": person,
            "sound": sound.target,
            "hash": sound.hash[:12],
            "for": parcel.purpose,
            "file": parcel.file,
            "sent": shown(studio, parcel.at),
            "now": f"{newer[key]} is chosen" if (key := (person, parcel.parcel, sound.target)) in newer else "",
        }
        for parcel in parcels_of(studio, record)
        for sound in parcel.sounds
        for person in parcel.to
    ]
