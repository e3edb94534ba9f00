"""Setups: microphones, preamps, positions, cue mix and a photo of how a part was recorded, to be set up again.

A setup is approved as the sound of its part; the next session starts from the one that was approved last.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Final, Literal, assert_never

from pydantic import Field, StringConstraints
from typing_extensions import override

from domain.core.blob_reference import BlobReference
from domain.core.event import Event, PartId, PersonId, SessionId, Sha, Traits, Value
from domain.core.refusal import Misused, NotFound, Refused, suggest
from domain.label.people import Role

LONGEST_WORD: Final = 200
"""Characters of one field of a line."""
LONGEST_WORDS: Final = 2_000
"""Characters of the cue mix, and of the words about a setup."""
MOST_LINES: Final = 200
LAST_NUMBER: Final = 999_999

LineWord = Annotated[str, StringConstraints(max_length=LONGEST_WORD)]
SetupNumber = Annotated[int, Field(ge=1, le=LAST_NUMBER, strict=True)]
"""Counted within the part."""
FIELDS: Final[Mapping[str, str]] = {
    "microphone": "microphone", "mic": "microphone", "preamp": "preamp", "pre": "preamp", "position": "position",
    "chain": "chain", "settings": "settings",
}  # fmt: skip
"""Fields of a line by the words for them."""


class SetupLine(Value):
    """How one track of a part is recorded."""

    track: LineWord = ""
    """Name of the track, such as ``kick-in``; empty for a part with one microphone."""
    microphone: LineWord = ""
    """Or the pickup, the box or the line."""
    preamp: LineWord = ""
    position: LineWord = ""
    chain: LineWord = ""
    """Everything between preamp and recorder."""
    settings: LineWord = ""

    @property
    def text(self) -> str:
        """The line as it is shown, such as ``kick-in: D112 · 1073 · inside, 10 cm``."""
        told = " · ".join(filter(None, (self.microphone, self.preamp, self.position, self.chain, self.settings)))
        return f"{self.track}: {told}" if self.track else told


class SetupSaved(Event):
    """How a part is recorded was written down, under the next number of that part."""

    kind: Literal["setup-saved"] = "setup-saved"
    traits = Traits(undoable=False, newsworthy=False, searchable=True, moves_sound=False, by_driver=False)
    address_fields = ("part",)
    erasable_since = 1
    part: PartId
    number: SetupNumber
    session: SessionId | None = None
    """Session in which it was set up; None between sessions."""
    lines: Annotated[tuple[SetupLine, ...], Field(max_length=MOST_LINES)] = ()
    cue_mix: Annotated[str, Field(max_length=LONGEST_WORDS)] = ""
    """Headphone mix of whoever plays."""
    words: Annotated[str, Field(max_length=LONGEST_WORDS)] = ""
    photo: Sha | None = None
    """Blob of a photo, which contains no metadata: no place, no time, no name."""

    @property
    @override
    def erasable_fields(self) -> tuple[str, ...]:
        return tuple(name for name in ("cue_mix", "words") if getattr(self, name))

    @override
    def describe(self) -> str:
        told = [one.text for one in self.lines]
        told += [f"cue mix {self.cue_mix}"] if self.cue_mix else []
        told += [self.words] if self.words else []
        told += ["a photo"] if self.photo else []
        return f"{self.part} setup {self.number}: {'; '.join(told)}"

    @override
    def blobs(self) -> Iterator[BlobReference]:
        if self.photo is not None:
            yield BlobReference(f"{self.part} setup {self.number} photo", self.photo, None, "photo")


class SetupApproved(Event):
    """A setup was approved as the sound of its part, in the place of the one before."""

    kind: Literal["setup-approved"] = "setup-approved"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("part",)
    part: PartId
    number: SetupNumber
    by: PersonId
    role: Role

    @override
    def describe(self) -> str:
        return f"{self.part} setup {self.number} approved by {self.by}"


class SetupRecalled(Event):
    """A setup was set up again in a session."""

    kind: Literal["setup-recalled"] = "setup-recalled"
    traits = Traits(undoable=False, newsworthy=False, searchable=False, moves_sound=False, by_driver=False)
    address_fields = ("part",)
    part: PartId
    number: SetupNumber
    session: SessionId

    @override
    def describe(self) -> str:
        return f"{self.part} setup {self.number} recalled in {self.session}"


SetupEvent = SetupSaved | SetupApproved | SetupRecalled


@dataclass(frozen=True, slots=True)
class Setups:
    """The setups of one part."""

    saved: Mapping[int, SetupSaved] = field(default_factory=dict)
    """By number, in the order they were saved."""
    approved: SetupApproved | None = None
    """The approval that was given last."""
    recalled: Mapping[str, int] = field(default_factory=dict)
    """Number of the setup that was recalled last, by session."""

    @property
    def current(self) -> SetupSaved | None:
        """The setup that the next session starts from: the one approved last; None without one."""
        return self.saved.get(self.approved.number) if self.approved else None

    @property
    def latest(self) -> SetupSaved | None:
        """The setup that was saved last; None without one."""
        return next(reversed(tuple(self.saved.values())), None)


def evolve(setups: Setups, event: SetupEvent) -> Setups:
    """Fold one event of one part into the state."""
    match event:
        case SetupSaved(number=number):
            return replace(setups, saved={**setups.saved, number: event})
        case SetupApproved():
            return replace(setups, approved=event)
        case SetupRecalled(session=session, number=number):
            return replace(setups, recalled={**setups.recalled, session: number})
        case _:
            assert_never(event)


def read_line(text: str) -> SetupLine:
    """The line of words such as ``kick-in: mic=D112; preamp=1073; position=inside, 10 cm``.

    A track may be left out; the first field may be the microphone without its name: ``U47; preamp=1073``.

    Raises:
        Misused: ``setup.line``; a field has no such name, is said twice or is too long, or the line says nothing.
    """
    head, colon, rest = text.partition(":")
    track, fields = (head.strip(), rest) if colon and not {"=", ";"} & set(head) else ("", text)
    values: dict[str, str] = {}
    for at, one in enumerate(filter(None, (part.strip() for part in fields.split(";")))):
        name, equals, value = (part.strip() for part in one.partition("="))
        if not equals and at == 0:
            name, value = "microphone", one
        known = FIELDS.get(name.lower())
        if known is None or known in values:
            names = ", ".join(dict.fromkeys(FIELDS.values()))
            told = "twice" if known else "no field of a line"
            raise _unfit_line(f"{name[:40]!r} is {told}; there are {names}, as name=value with ; between them")
        values[known] = value
    if not any(values.values()):
        raise _unfit_line(f"{text[:60]!r} says nothing")
    for value in (track, *values.values()):
        if len(value) > LONGEST_WORD or not value.isprintable():
            raise _unfit_line(f"a field is one line of at most {LONGEST_WORD} characters, this has {len(value)}")
    return SetupLine(track=track, **values)


def save_setup(
    setups: Setups, *, part: str, session: str | None = None, lines: Sequence[SetupLine] = (),
    cue_mix: str | None = None, words: str | None = None, photo: str | None = None, start: int | None = None,
) -> list[SetupSaved]:  # fmt: skip
    """Save a setup of *part*.  One equal to the setup that was saved last yields no event.

    Args:
        setups: those of the part.
        part: its id.
        session: the session in which it is set up.
        lines: its lines; one for a track that another has already replaces that one.
        cue_mix: None leaves that of *start*, or none.
        words: None leaves those of *start*, or none.
        photo: blob of the photo; None leaves that of *start*, or none.
        start: number of a setup whose lines and words stay where nothing else is said; None to begin anew.

    Raises:
        NotFound: ``setup.unknown``; there is no setup of the number *start*.
        Misused: ``setup.empty``, nothing is said; ``setup.words``, a text is too long; ``setup.lines``, too many.
    """
    base = setup_of(setups, part, start) if start is not None else None
    merged = {one.track: one for one in (*(base.lines if base else ()), *lines)}
    event = SetupSaved(
        part=part, number=max(setups.saved, default=0) + 1, session=session, lines=_few(part, merged),
        cue_mix=_text(part, base.cue_mix if base and cue_mix is None else cue_mix or ""),
        words=_text(part, base.words if base and words is None else words or ""),
        photo=photo or (base.photo if base else None),
    )  # fmt: skip
    if not (event.lines or event.cue_mix or event.words or event.photo):
        raise Misused("setup.empty", "say how it is set up", next=suggest("setup save", part, "LINE"))
    latest = setups.latest
    return [] if latest is not None and _content(latest) == _content(event) else [event]


def approve_setup(
    setups: Setups, *, part: str, number: int | None = None, by: str, role: Role
) -> list[SetupApproved]:  # fmt: skip
    """Approve a setup as the sound of *part*: the one of *number*, else the one saved last.

    The one that is approved already yields no event.

    Raises:
        NotFound: ``setup.unknown``.
    """
    chosen = setup_of(setups, part, number)
    if setups.approved is not None and setups.approved.number == chosen.number:
        return []
    return [SetupApproved(part=part, number=chosen.number, by=by, role=role)]


def recall_setup(
    setups: Setups, *, part: str, session: str, number: int | None = None
) -> list[SetupRecalled]:  # fmt: skip
    """Set *part* up again in *session*, as the setup of *number* says, else as the approved one does.

    The one that was recalled there last yields no event.

    Raises:
        NotFound: ``setup.unknown``.
        Refused: ``setup.unapproved``; no number is given, and none is approved.
    """
    chosen = recalled_setup(setups, part, number)
    if setups.recalled.get(session) == chosen.number:
        return []
    return [SetupRecalled(part=part, number=chosen.number, session=session)]


def recalled_setup(setups: Setups, part: str, number: int | None = None) -> SetupSaved:
    """The setup of *number*, else the approved one.

    Raises:
        NotFound: ``setup.unknown``.
        Refused: ``setup.unapproved``; no number is given, and none is approved.
    """
    if number is not None or not setups.saved:
        return setup_of(setups, part, number)
    if setups.current is None:
        raise Refused(
            "setup.unapproved", f"none of the {len(setups.saved)} setups of {part} is approved",
            next=suggest("setup approve", part, str(max(setups.saved))),
        )  # fmt: skip
    return setups.current


def setup_of(setups: Setups, part: str, number: int | None) -> SetupSaved:
    """The setup of *number*; the one saved last for None.

    Raises:
        NotFound: ``setup.unknown``.
    """
    known = setups.latest if number is None else setups.saved.get(number)
    if known is None:
        there = f"1 to {max(setups.saved)}" if setups.saved else "none"
        wanted = f"setup {number}" if number is not None else "setup"
        raise NotFound(
            "setup.unknown", f"{part} has no {wanted}; there are {there}", next=suggest("setup save", part, "LINE")
        )
    return known


def _few(part: str, lines: Mapping[str, SetupLine]) -> tuple[SetupLine, ...]:
    if len(lines) > MOST_LINES:
        raise Misused(
            "setup.lines", f"{len(lines)} lines; a setup has at most {MOST_LINES}",
            next=suggest("setup save", part, "LINE"),
        )  # fmt: skip
    return tuple(lines.values())


def _text(part: str, text: str) -> str:
    plain = text.strip()
    if len(plain) > LONGEST_WORDS:
        raise Misused(
            "setup.words", f"at most {LONGEST_WORDS:,} characters, these are {len(plain):,}",
            next=suggest("setup save", part, "LINE"),
        )  # fmt: skip
    return plain


def _content(one: SetupSaved) -> tuple[object, ...]:
    return one.lines, one.cue_mix, one.words, one.photo


def _unfit_line(detail: str) -> Misused:
    return Misused("setup.line", detail, next=suggest("setup save", "PART", "kick: mic=D112; preamp=1073"))
