"""Checks of what ``start`` is given: what one of its commands would refuse is refused before anything is made.

Tests: ``tests/orchestrator/cli/commands/store/test_start.py``.
"""

from pathlib import Path

from pydantic import ValidationError

from domain.core.address import slug
from domain.core.refusal import NotFound, Refused
from domain.label.catalog import RATES, PartAdded, RecordOpened
from orchestrator.desk.intake.checked_files import CheckedFile, hear
from orchestrator.desk.intake.folder_import import ImportPlan, usable_files
from orchestrator.desk.intake.take_arrival import FileResult
from orchestrator.desk.submissions.outside_mixes import check_prints
from orchestrator.studio import unfit

STEREO = 2


def is_mix(source: Path) -> bool:
    """True for one stereo file, which is a mix that was made elsewhere; a mono file is a part.

    Raises:
        Refused: ``audio.refused``; the file is no sound.
    """
    return source.is_file() and _heard(source).facts.channels == STEREO


def refuse_unusable(source: Path) -> None:
    """Refuse a file or folder of which nothing can be taken; files are read until one is found that can.

    Raises:
        NotFound: ``import.folder``; there is no such folder or file.
        Refused: ``start.sound``; the folder holds no sound file.  ``audio.refused``, ``rate.match``, ``mix.submit``;
            no file can be taken.
        Unfit: ``mix.prints``; a mix is silent.
    """
    if source.is_file():
        heard = _heard(source)
        if heard.facts.channels == STEREO:
            check_prints([("main", source)])
        _refuse_rate(heard)
    elif source.is_dir():
        _refuse_folder(source)
    else:
        raise NotFound("import.folder", f"there is no folder {source}")


def refuse_names(title: str, artist: str, part: str = "") -> None:
    """Refuse names that no record, song or *part* can have.

    Raises:
        Misused: ``title.empty``; a name has no letter or digit.  ``text.long``, ``text.unfit``.
    """
    record = slug(title)
    try:
        RecordOpened(record=record, title=title, artist=artist, due=None, currency="EUR")
        if part:
            PartAdded(part=f"{record}/{record}/{slug(part)}", name=part)
    except ValidationError as error:
        raise unfit(error) from None


def _heard(source: Path) -> CheckedFile:
    found = hear(source, check=False)
    if isinstance(found, FileResult):
        raise Refused("audio.refused", f"{source.name}: {found.reason}", next="export it as WAV, then the same command")
    return found


def _refuse_folder(folder: Path) -> None:
    plan, last = ImportPlan("", folder), None
    for one in usable_files(plan):
        try:
            _refuse_rate(one)
        except Refused as refused:
            last = refused
        else:
            return
    if last:
        raise last
    if plan.refused:
        first = plan.refused[0]
        raise Refused(
            "audio.refused",
            f"none of the {len(plan.refused)} files in {folder} can be taken: {first.path.name}: {first.reason}",
            next="export them as WAV, then the same command",
        )
    raise Refused("start.sound", f"{folder} holds no sound", next="name the folder that holds the stems")


def _refuse_rate(heard: CheckedFile) -> None:
    if heard.facts.rate not in RATES:
        rates = ", ".join(map(str, RATES))
        raise Refused(
            "rate.match",
            f"{heard.name}: no song can run at {heard.facts.rate} Hz; the rates are {rates}",
            next="export it at one of them, then the same command",
        )
