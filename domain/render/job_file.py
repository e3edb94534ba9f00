"""Job files: one job as JSON, kept under the SHA-256 of its own bytes, that any machine with the code can render.

A job file is complete: recipe text, inputs by hash, plug-ins by name and tree hash, and the engine epoch of each kind
of job in it.  Other programs may write to the vault, so a reader checks size, shape, epochs, names and plans, and
refuses a file that fails any check.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field, ValidationError

from domain.core.event import Value
from domain.core.ids import song_of
from domain.core.plain_errors import plain_words
from domain.core.refusal import Misused, Refused, suggest
from domain.recipe import EditRecipe
from domain.render.jobs import (
    EPOCHS,
    EditJob,
    GainJob,
    Kind,
    MasterJob,
    MixJob,
    Named,
    SongJob,
    Sound,
    album_gain_plan,
    edit_plan,
    key,
    song_master_plan,
    subject_of,
)

FORMAT: Final = "takesheet-job-1"
"""Format of the files that this program writes, and the only one that it reads."""
MOST_BYTES: Final = 32 << 20
"""Largest job file; one of fifty parts with sixteen tracks each has half a megabyte."""
MOST_FRAMES: Final = 384_000 * 3600 * 24
"""Longest edit: a day at the highest rate."""
_SAID: Final = {"json_invalid": "no JSON", "union_tag_invalid": "kind must be song, gain or master"}
"""Errors of pydantic in words, by type, where :func:`plain_words` has none."""
_NO_FILE_NAME: Final = frozenset("/\\\0")
"""Characters that the name of a track must not contain, since its render becomes a file of that name."""

WholeJob: TypeAlias = SongJob | GainJob | MasterJob
"""A job that a machine can render by itself."""


class JobFile(Value):
    """Content of a job file."""

    format: Literal["takesheet-job-1"] = FORMAT
    epochs: Mapping[Kind, int]
    """Engine epoch of each kind of job in it."""
    job: Annotated[WholeJob, Field(discriminator="kind")]


def job_bytes(job: WholeJob) -> bytes:
    """The job file of *job*: JSON in UTF-8 with sorted keys and no blanks, so that equal jobs have equal files."""
    file = JobFile(epochs={kind: EPOCHS[kind] for kind in _kinds(job)}, job=job)
    text = json.dumps(file.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def read_job(data: bytes) -> WholeJob:
    """The job in a job file.

    Raises:
        Refused: ``job.size``, ``job.format``, ``job.epoch`` or ``job.plan``; the file is too large, in another format,
            for another engine epoch, or a plan in it is not that of its recipe and inputs.
        Misused: ``job.file``; the content is not that of a job file.
    """
    refuse_size(len(data))
    try:
        file = JobFile.model_validate_json(data, strict=True)
    except ValidationError as error:
        raise _refusal_of(error) from None
    job = file.job
    _check_epochs(name_of(job), _kinds(job), file.epochs)
    match job:
        case SongJob():
            _check_song(job)
        case GainJob():
            _check_plan(job, album_gain_plan(job.recipe, job.target, job.mixes, job.reference))
        case MasterJob():
            _check_plan(job, song_master_plan(job.recipe, job.target, job.mix, job.gain_db, job.curve))
    return job


def refuse_size(size: int) -> None:
    """Refuse a job file of *size* bytes if it is too large.  Raises: Refused ``job.size``."""
    if size > MOST_BYTES:
        raise Refused(
            "job.size",
            f"the job file has {size:,} bytes, and at most {MOST_BYTES:,} are read",
            next="render the song in smaller parts, or remove the file from the vault if nobody knows it",
        )


def name_of(job: WholeJob) -> str:
    """The address of *job* for people."""
    return job.song if isinstance(job, SongJob) else subject_of(job)


def inputs_of(job: WholeJob) -> Iterator[tuple[str, Sound]]:
    """Each file that *job* takes from the vault, with its name for people; outputs of its own edits are left out."""
    match job:
        case SongJob():
            for edit in job.edits:
                yield from _takes_of(edit)
            for mix in job.mixes:
                yield from _inputs_of_mix(mix)
        case GainJob():
            yield from ((f"mix of {mix.name}", mix.sound) for mix in job.mixes)
            if job.reference:
                yield f"reference {job.reference.name}", job.reference.sound
        case MasterJob():
            yield f"mix of {job.song}", job.mix


def _takes_of(edit: EditJob) -> Iterator[tuple[str, Sound]]:
    for number, tracks in edit.takes.items():
        yield from ((f"{edit.part}/{number}.{track.name}", track.sound) for track in tracks)


def _inputs_of_mix(mix: MixJob) -> Iterator[tuple[str, Sound]]:
    for part, tracks in mix.inputs.items():
        yield from ((f"{mix.song}/{part}.{track.name}", track.sound) for track in tracks)
    yield from ((f"impulse {impulse.name} of {subject_of(mix)}", impulse.sound) for impulse in mix.impulses)


def _kinds(job: WholeJob) -> tuple[Kind, ...]:
    if not isinstance(job, SongJob):
        return (job.kind,)
    edits: tuple[Kind, ...] = ("edit",) if job.edits else ()
    return (*edits, "mix") if job.mixes else edits


def _refusal_of(error: ValidationError) -> Misused | Refused:
    errors = error.errors(include_url=False, include_context=True)
    for one in errors:
        if one["loc"] == ("format",) and one["type"] == "literal_error":
            return Refused(
                "job.format",
                f"the job is written in the format {str(one['input'])[:100]!r}, and this version reads {FORMAT}",
                next="render it with the version that wrote it",
            )
    first = errors[0]
    place = ".".join(map(str, first["loc"]))[:200]
    said = _SAID.get(first["type"]) or plain_words(first)
    return _misshapen(f"{place}: {said}" if place else said)


def _misshapen(detail: str) -> Misused:
    return Misused("job.file", f"this is no job file: {detail}", next=suggest("render"))


def _check_epochs(name: str, kinds: tuple[Kind, ...], epochs: Mapping[Kind, int]) -> None:
    if set(epochs) != set(kinds):
        raise _misshapen(f"its jobs are {', '.join(kinds) or 'none'}, and its epochs of {', '.join(epochs) or 'none'}")
    for kind in kinds:
        if epochs[kind] != EPOCHS[kind]:
            raise Refused(
                "job.epoch",
                f"{name}: its {kind} is of engine epoch {epochs[kind]}, and this version renders epoch {EPOCHS[kind]}",
                next="render it with the version that wrote it",
            )


def _check_song(job: SongJob) -> None:
    if not job.edits and not job.mixes:
        raise _misshapen("it holds no edit and no mix")
    for edit in job.edits:
        _check_edit(job, edit)
    keys = {key("edit", edit.plan, again=edit.again) for edit in job.edits}
    for mix in job.mixes:
        _check_mix(job, mix, keys)


def _check_edit(job: SongJob, edit: EditJob) -> None:
    if song_of(edit.part) != job.song:
        raise _misshapen(f"{edit.part} is no part of {job.song}")
    for tracks in edit.takes.values():
        _check_track_names(edit.part, tracks)
    try:
        recipe = EditRecipe.model_validate_json(edit.recipe)
    except ValidationError as error:
        raise _misshapen(f"the edit of {edit.part}: {plain_words(error.errors()[0])}") from None
    used = {span.take for layer in recipe.layers for span in layer}
    if unknown := sorted(used - (edit.takes.keys() & recipe.starts.keys())):
        raise _misshapen(f"the edit of {edit.part} has no take {unknown[0]}")
    if max(recipe.length, recipe.result_frames) > MOST_FRAMES:
        raise _misshapen(f"the edit of {edit.part} has more than {MOST_FRAMES:,} frames")
    _check_plan(edit, edit_plan(recipe, edit.takes))


def _check_mix(job: SongJob, mix: MixJob, keys: set[str]) -> None:
    if mix.song != job.song:
        raise _misshapen(f"{subject_of(mix)} is no mix of {job.song}")
    if unknown := sorted(part for part, edit in mix.edits.items() if edit not in keys):
        raise _misshapen(f"{subject_of(mix)} waits for an edit of {unknown[0]} that is not in the file")
    for part, tracks in mix.inputs.items():
        _check_track_names(f"{mix.song}/{part}", tracks)


def _check_track_names(part: str, tracks: tuple[Named, ...]) -> None:
    """Refuse track names that would lead a render out of its folder."""
    for track in tracks:
        if track.name.startswith(".") or _NO_FILE_NAME & set(track.name):
            raise _misshapen(f"a track of {part} has the name {track.name[:100]!r}")


def _check_plan(job: EditJob | GainJob | MasterJob, plan: str) -> None:
    if job.plan != plan:
        raise Refused(
            "job.plan",
            f"{job.kind} {subject_of(job)}: its recipe and inputs have the plan {plan[:12]}, not {job.plan[:12]}",
            next=suggest("render"),
        )
