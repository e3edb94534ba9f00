"""Parcels: which sounds were sent to whom, as which file, and who therefore holds which hash.

A parcel is a file that left the house: one sound, or several as a ZIP.  The program sends nothing itself; it writes the
file and records to whom it goes.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field, StringConstraints
from typing_extensions import override

from domain.booking.slots import Moment
from domain.core.event import Event, PersonId, RecordId, Sha, SongId, Traits, Value
from domain.core.ids import IdParts, number_of_revision

Purpose = Literal["approval", "pitch", "mix", "master"]
SoundFormat = Literal["m4a", "mp3", "flac", "wav", "zip"]
MOST_RECIPIENTS: Final = 100
MOST_SOUNDS: Final = 500


class SentSound(Value):
    """One sound of a parcel."""

    target: Annotated[str, StringConstraints(min_length=1, max_length=600)]
    """Full address, such as ``night-bus/tin-roof@mix3``; of a print beside the main one ``...@mix3 instrumental``."""
    hash: Sha
    """Manifest hash of the output of a mix or a master, which a verdict is given on; else the pcm hash of the sound."""


class SoundSent(Event):
    """A file with sounds of a record was made for people outside, and given to them."""

    kind: Literal["sound-sent"] = "sound-sent"
    traits = Traits(undoable=False, newsworthy=True, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("song", "record")
    record: RecordId
    song: SongId | None = None
    """Song of all the sounds; None for a master."""
    parcel: Annotated[str, StringConstraints(pattern=r"^E[1-9][0-9]{0,8}$")]
    """Number within the record, such as ``E1``."""
    sounds: Annotated[tuple[SentSound, ...], Field(min_length=1, max_length=MOST_SOUNDS)]
    to: Annotated[tuple[PersonId, ...], Field(min_length=1, max_length=MOST_RECIPIENTS)]
    purpose: Purpose
    format: SoundFormat
    file: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    """Name of the file, without a folder."""
    sha: Sha
    """SHA-256 of the file."""
    size: Annotated[int, Field(gt=0)]
    """Bytes of the file."""
    at: Moment
    """Time at which the file was given out, by the store's clock."""

    @override
    def describe(self) -> str:
        more = f" and {len(self.sounds) - 1} more" if len(self.sounds) > 1 else ""
        return f"{self.parcel}: {self.sounds[0].target}{more} to {', '.join(self.to)}, for {self.purpose}"


class Holder(NamedTuple):
    """A person who holds an older mix of a song than the one that is chosen now."""

    person: str
    held: SentSound
    parcel: str
    at: datetime


def send_sound(
    parcels: Sequence[SoundSent], *, record: str, song: str | None, sounds: Sequence[SentSound], to: Sequence[str],
    purpose: Purpose, format: SoundFormat, file: str, sha: str, size: int, at: datetime,  # noqa: A002 - the word of the event
) -> list[SoundSent]:  # fmt: skip
    """Record that a file was given to people.  The same file again to the same people yields no event.

    Args:
        parcels: the parcels of the record, oldest first.
        record: record id.
        song: song id; None for a master.
        sounds: what the file holds.
        to: ids of the people who get it.
        purpose: what they get it for.
        format: of the file.
        file: its name.
        sha: SHA-256 of its bytes.
        size: its bytes.
        at: the present moment.
    """
    people = tuple(sorted(set(to)))
    if known_parcel(parcels, sha=sha, to=people, purpose=purpose) is not None:
        return []
    return [
        SoundSent(
            record=record, song=song, parcel=f"E{len(parcels) + 1}", sounds=tuple(sounds), to=people, purpose=purpose,
            format=format, file=file, sha=sha, size=size, at=at,
        )
    ]  # fmt: skip


def known_parcel(parcels: Iterable[SoundSent], *, sha: str, to: Iterable[str], purpose: Purpose) -> SoundSent | None:
    """The parcel with the same file, people and purpose; None if there is none."""
    people = tuple(sorted(set(to)))
    return next((one for one in parcels if (one.sha, one.to, one.purpose) == (sha, people, purpose)), None)


def last_sent(parcels: Iterable[SoundSent], person: str, address: str) -> SentSound | None:
    """The sound at *address* as *person* got it last; None if they never got it."""
    found = [one for parcel in parcels if person in parcel.to for one in parcel.sounds if one.target == address]
    return found[-1] if found else None


def holders_of_older(parcels: Iterable[SoundSent], chosen: Mapping[str, SentSound]) -> list[Holder]:
    """Whoever holds an older mix than the chosen one, and was never sent the chosen one.

    Args:
        parcels: of one record, oldest first.
        chosen: the chosen mix of each song, by song id.
    """
    newest: dict[tuple[str, str], Holder] = {}
    current: set[tuple[str, str]] = set()
    for parcel in parcels:
        for sound in parcel.sounds:
            now = chosen.get(parcel.song or "")
            if now is None or not _is_main_mix(sound):
                continue
            for person in parcel.to:
                key = (person, parcel.song or "")
                newest[key] = Holder(person, sound, parcel.parcel, parcel.at)
                if sound.hash == now.hash:
                    current.add(key)
    return [
        holder
        for key, holder in newest.items()
        if key not in current and number_of_revision(holder.held.target) <= number_of_revision(chosen[key[1]].target)
    ]


def _is_main_mix(sound: SentSound) -> bool:
    place = IdParts.of(sound.target)
    return place.revision.startswith("mix") and not place.label
