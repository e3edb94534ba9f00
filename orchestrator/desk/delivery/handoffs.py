"""Handoffs: a folder for an editor, a mixer or a mastering engineer, written whole or not at all, and its updates.

The folder is finished as a draft, then the handoff is recorded, then the folder gets its name.  So no folder is there
that the log does not know; if the name fails, the same command again writes the same folder under the same number.

Tests: ``tests/orchestrator/cli/commands/sound/test_handoff.py``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import file_digest
from pathlib import Path
from typing import Final

from domain.core.address import slug
from domain.core.event import Event, Sha, Value
from domain.core.ids import IdParts, record_of, slug_of
from domain.core.refusal import Misused, Refused, suggest
from domain.core.text_limits import NAME, refuse_long
from domain.correspondence.handoffs import (
    GivenSound,
    HandoffGiven,
    Purpose,
    give,
    id_for,
    read_purpose,
)
from domain.label.people import Permission, Role, add_person
from domain.status.handoff_changes import comps_to_give, mixes_to_give, to_give_again
from domain.status.record_fold import EVENTS, fold
from flows.vault.regular_file import refuse_links
from flows.vault.storage import sync
from flows.vault.vault import Vault
from orchestrator.desk.addressing.register import everybody, person_query, refuse_contact_data
from orchestrator.desk.delivery.handoff_files import (
    HandoffContents,
    HandoffFile,
    record_contents,
    safe_name,
    song_contents,
)
from orchestrator.desk.delivery.handoff_papers import first_sheet
from orchestrator.desk.record_state.record_state import RecordReading, production_query, read_record
from orchestrator.desk.submissions.handoff_list import handoff_named, handoff_query, handoffs_in, handoffs_read
from orchestrator.new_file import new_file
from orchestrator.studio import History, Studio

MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"
FIRST: Final = "HANDOFF.txt"
_DEEDS: Final[Mapping[Purpose, Permission]] = {"mix": "mix", "edit": "mix", "master": "plan-master"}


class ListedFile(Value):
    """A file that the receiver has."""

    name: str
    sha256: Sha
    bytes: int
    source: str
    """Hash of the samples and length in frames, or hash of the paper: equal for equal files."""


class Manifest(Value):
    """The manifest of a handoff: everything that the receiver has after it, and what of that is in this folder."""

    handoff: str
    of: str
    """Id of the song, or of the record."""
    to: str
    purpose: Purpose
    given: Mapping[str, Sha]
    """The hash of each sound by its address, on which what comes back stands."""
    files: tuple[ListedFile, ...]
    here: tuple[str, ...]
    """Names of the files in this folder."""
    withdrawn: tuple[str, ...] = ()
    """Names of files that the receiver has and that are no longer part of it."""


@dataclass(frozen=True, slots=True)
class WrittenHandoff:
    """A handoff that was recorded, and its folder."""

    handoff: str
    """Such as ``night-bus/H1``."""
    folder: Path
    files: tuple[str, ...]
    """Names of the files in it."""
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Order:
    """The sounds to be given, their receiver, and the number of the handoff."""

    record: str
    song: str | None
    id_: str
    to: str
    name: str
    purpose: Purpose
    given: tuple[GivenSound, ...]

    @property
    def of(self) -> str:
        return self.song or self.record


def give_handoff(
    studio: Studio, target: str, folder: Path, *, to: str, purpose: str, why: str | None
) -> WrittenHandoff:
    """Write a new folder in *folder* with everything that *to* needs, and record every hash under a number.

    The same sounds for the same person and purpose keep their number.

    Args:
        studio: the store.
        target: id of a song; for mastering, of a record; for editing, also of one part.
        folder: where the new folder is made.
        to: name of the receiver, who enters the register, without a role, if it does not know them.
        purpose: ``mix``, ``edit`` or ``master``.
        why: the reason given.

    Raises:
        Misused: ``handoff.purpose``, ``person.name``.
        NotFound: ``file.folder``.
        Refused: ``handoff.empty``, ``handoff.pending``, ``handoff.changed``, ``file.exists``, ``store.link``.
        Unsound, VaultFault, OSError: a sound cannot be read, or the folder cannot be written.
    """
    refuse_long("the name of the receiver", to, NAME)
    refuse_contact_data(to)
    sort, person, place = read_purpose(purpose), slug(to), IdParts.of(target)
    _refuse_other_target(sort, place)
    record = record_of(target)
    read = read_record(studio, record)
    song = place.song
    parts = (target,) if place.part else ()
    given = mixes_to_give(read.state, record) if song is None else comps_to_give(read.state, song, parts)
    id_ = id_for(handoffs_read(studio, record), song=song, to=person, purpose=sort, given=given)
    order = _Order(record, song, id_, person, to, sort, given)
    vault = Vault(studio.config.vault)
    contents = _contents(studio, vault, read, order)
    return _written(studio, vault, order, contents, folder / _stem(order), base=None, why=why)


def update_handoff(studio: Studio, text: str, folder: Path, *, why: str | None) -> WrittenHandoff:
    """Write a new folder in *folder* with the files of the handoff named *text* that have changed since it was given.

    If nothing has changed since the last update, that update is written again.

    Raises:
        Misused, NotFound: ``handoff.id``, ``handoff.unknown``.
        Refused: ``handoff.current``; nothing has changed since it was given.  Else as :func:`give_handoff`.
    """
    last = handoff_named(studio, text)
    events = handoffs_read(studio, last.record).given[last.handoff]
    read = read_record(studio, last.record)
    given = to_give_again(read.state, last)
    order = _Order(last.record, last.song, last.handoff, last.to, last.to, last.purpose, given)
    vault = Vault(studio.config.vault)
    contents = _contents(studio, vault, read, order)
    base, number = _manifest(vault, last.manifest), len(events)
    if given == last.given and _is_all_of(base, contents.files):
        if len(events) == 1:
            raise Refused(
                "handoff.current", f"nothing of {last.handoff} has changed since it was given",
                next=suggest("handoff show", f"{last.record}/{last.handoff}"),
            )  # fmt: skip
        base, number = _manifest(vault, events[-2].manifest), number - 1
    return _written(studio, vault, order, contents, folder / f"{_stem(order)}_update{number}", base=base, why=why)


def _refuse_other_target(purpose: Purpose, place: IdParts) -> None:
    """Refuse a target that is not given for *purpose*.  Raises: Misused ``handoff.target``."""
    if purpose == "master" and place.song:
        raise Misused("handoff.target", f"a record is mastered as a whole; name {place.record}, not {place.name}")
    if purpose != "master" and not place.song:
        raise Misused("handoff.target", f"to {purpose}, name a song of {place.record}")
    if purpose == "mix" and place.part:
        raise Misused("handoff.target", f"a song is mixed with all its parts; name {place.song}, not {place.name}")


def _contents(studio: Studio, vault: Vault, read: RecordReading, order: _Order) -> HandoffContents:
    """The files of *order*, with the sheet to read first.  Raises: Refused ``handoff.empty``, ``handoff.pending``."""
    if order.song is None:
        found = record_contents(studio, read, order.record, order.given)
    else:
        found = song_contents(studio, vault, read, order.song, order.given)
    sheet = first_sheet(
        read.state, id_=order.id_, of=order.of, to=order.to, purpose=order.purpose, given=order.given,
        length=found.length,
    )  # fmt: skip
    return replace(found, files=(HandoffFile(FIRST, content=sheet), *found.files))


def _stem(order: _Order) -> str:
    """Name of the folder: record, song, number and purpose."""
    words = [order.record, slug_of(order.song) if order.song else "", order.id_, order.purpose]
    return safe_name("_".join(filter(None, words)))


def _written(
    studio: Studio, vault: Vault, order: _Order, contents: HandoffContents, final: Path, *, base: Manifest | None,
    why: str | None,
) -> WrittenHandoff:  # fmt: skip
    """Write what *base*, the manifest of what the receiver has, lacks of *contents*; record it; name the folder."""
    refuse_links(final, final.parent)
    final.parent.mkdir(parents=True, exist_ok=True)
    held = {one.name: one for one in base.files} if base else {}
    new = [file for file in contents.files if file.name not in held or held[file.name].source != file.source]
    names = {file.name for file in contents.files}
    with new_file(final) as draft:
        draft.mkdir()
        for file in new:
            file.write(vault, draft)
            sync(draft / file.name)
            held[file.name] = _listed(file, draft)
        manifest = Manifest(
            handoff=order.id_, of=order.of, to=order.to, purpose=order.purpose,
            given={one.target: one.hash for one in order.given},
            files=tuple(held[file.name] for file in contents.files),
            here=tuple(file.name for file in new),
            withdrawn=tuple(sorted(held.keys() - names)),
        )  # fmt: skip
        _write(draft / SUMS, "".join(f"{held[file.name].sha256}  {file.name}\n" for file in new).encode())
        _write(draft / MANIFEST, manifest.model_dump_json(indent=1).encode() + b"\n")
        blob = vault.take_in(draft / MANIFEST)
        remarks = _recorded(studio, order, manifest=blob.hash, files=len(new), why=why)
    gone = (f"no longer part of it: {', '.join(manifest.withdrawn)}",) if manifest.withdrawn else ()
    return WrittenHandoff(
        f"{order.record}/{order.id_}", final, (*manifest.here, SUMS, MANIFEST), (*contents.remarks, *gone, *remarks)
    )


def _recorded(studio: Studio, order: _Order, *, manifest: str, files: int, why: str | None) -> tuple[str, ...]:
    """Record *order* as given; return remarks on it.

    Raises:
        Refused: ``handoff.changed``; another sound is current than was written.  ``handoff.taken``.
    """

    def decision(history: History, _: Role) -> tuple[tuple[str, ...], Sequence[Event]]:
        state = fold(one for one in history if isinstance(one.event, EVENTS))
        parts = tuple(one.target for one in order.given) if order.purpose == "edit" else ()
        today = mixes_to_give(state, order.record) if order.song is None else comps_to_give(state, order.song, parts)
        if today != order.given:
            raise Refused(
                "handoff.changed", f"the sounds of {order.of} changed while they were written; nothing was given",
                next="the same command again",
            )  # fmt: skip
        new = HandoffGiven(
            record=order.record, song=order.song, handoff=order.id_, to=order.to, purpose=order.purpose,
            given=order.given, manifest=manifest, files=files, at=studio.now(),
        )  # fmt: skip
        entered = add_person(everybody(history), person=order.to, name=order.name, roles=())
        remarks = (f"{order.to} is new among the people of this label, without a role",) if entered else ()
        return remarks, [*entered, *give(handoffs_in(history), new)]

    query = production_query(order.record) | handoff_query(order.record) | person_query(order.to)
    return studio.decide(query, decision, deed=_DEEDS[order.purpose], why=why)


def _listed(file: HandoffFile, folder: Path) -> ListedFile:
    path = folder / file.name
    with path.open("rb") as opened:
        digest = file_digest(opened, "sha256").hexdigest()
    return ListedFile(name=file.name, sha256=digest, bytes=path.stat().st_size, source=file.source)


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as out:
        out.write(data)
    sync(path)


def _is_all_of(manifest: Manifest, files: Sequence[HandoffFile]) -> bool:
    """True if the receiver of *manifest* has exactly *files*."""
    return {one.name: one.source for one in manifest.files} == {file.name: file.source for file in files}


def _manifest(vault: Vault, hash_: str) -> Manifest:
    """The manifest that the vault holds under *hash_*.  Raises: VaultFault; it is missing or damaged."""
    return Manifest.model_validate_json(vault.checked(hash_).read_bytes())
