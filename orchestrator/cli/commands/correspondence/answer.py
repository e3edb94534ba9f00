"""The command answer: what somebody outside says about a sound, as notes in song time and a verdict."""

import sys
import termios
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from orchestrator.cli.shell.arguments import WhyOption
from orchestrator.cli.shell.frame import Call, command, noun

if TYPE_CHECKING:
    from domain.correspondence.answers import AnsweredVerdict
    from orchestrator.desk.correspondence.answers import KeptAnswer

answer = noun("Keep what somebody outside answered about a sound, as notes in song time and a verdict.")

STDIN: Final = "-"
MOST_QUESTIONS: Final = 10


@command(answer, "answer")
def keep(
    call: Call,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="What they heard, such as @mix3.")],
    speaker: Annotated[str, typer.Option("--from", metavar="NAME", help="Whose answer it is.")],
    file: Annotated[str, typer.Argument(metavar="FILE", help="A text or a mail (.eml); - for standard input.")] = STDIN,
    verdict: Annotated[
        str | None, typer.Option("--verdict", metavar="WORD", help="yes, changes or later; asked if not said.")
    ] = None,
    why: WhyOption = None,
) -> None:
    """Keep the answer in FILE about ADDRESS: notes by NAME, each at the time that it names, and their verdict.

    Quoted lines, greetings and signatures are left out.  A time beyond the end of the sound is kept as words.  The
    message is kept as evidence.  A yes approves a mix or a master in the name of the speaker, if they have a role that
    judges it, and says who typed it in.  With --no-input the notes are kept and the verdict stays open.
    """
    from domain.core.refusal import Misused
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.correspondence.answers import keep_answer, read_answer

    if not speaker.strip():
        raise Misused("answer.from", "whose answer is it?", next="the same command with --from NAME")
    said = _verdict(verdict)
    with call.studio() as studio:
        data = _message(call, file)
        target = addresses.find(studio, address, "mix", "master", "take", "part", "pass")
        read = read_answer(studio, target, data, speaker, is_mail=True if file.lower().endswith(".eml") else None)
        if said is None and _asks(call):
            call.say(*(f"note {_line(remark.at_ms, remark.text)}" for remark in read.remarks.notes))
            said = _asked()
        kept = keep_answer(studio, read, speaker, verdict=said, why=why)
    call.done(
        {
            "about": kept.about, "from": kept.speaker, "verdict": kept.verdict, "approved": kept.approved,
            "withheld": kept.withheld, "notes": [{"at_ms": one.at_ms, "text": one.text} for one in kept.notes],
            "beyond": list(kept.beyond), "recorded": kept.recorded,
        },
        *(f"noted: {_line(one.at_ms, one.text)}" for one in kept.notes), _summary(kept),
    )  # fmt: skip
    call.say(*(f"{time} is no time of {kept.about}; its words are kept as a note without one" for time in kept.beyond))
    if kept.new_person:
        call.say(f"{kept.speaker} is new among the people of this label, without a role")
    if kept.withheld:
        call.say(f"not approved by it: {kept.withheld}")


def _summary(kept: "KeptAnswer") -> str:
    if not kept.recorded:
        return f"{kept.about}: this answer of {kept.speaker} is kept already"
    word = f"says {kept.verdict}" if kept.verdict else "has not decided yet; the verdict stays open"
    return f"{kept.about}: {kept.speaker} {word}{', and it is approved' if kept.approved else ''}"


def _line(at_ms: int | None, text: str) -> str:
    from domain.core.address import clock

    return text if at_ms is None else f"{clock(at_ms, 1000)} {text}"


def _asks(call: Call) -> bool:
    return not call.no_input and not call.json and sys.stdin.isatty()


def _asked() -> "AnsweredVerdict | None":
    """The verdict as it is typed; Enter and other words ask again, and after some tries the verdict stays open."""
    from orchestrator.desk.correspondence.answers import VERDICTS

    for _ in range(MOST_QUESTIONS):
        termios.tcflush(sys.stdin, termios.TCIFLUSH)  # what was typed before the question answers nothing
        word = typer.prompt("yes, changes or later?", default="", show_default=False, err=True).strip().lower()
        if found := next((one for one in VERDICTS if one == word), None):
            return found
    return None


def _verdict(text: str | None) -> "AnsweredVerdict | None":
    from domain.core.refusal import Misused
    from orchestrator.desk.correspondence.answers import VERDICTS

    if text is None:
        return None
    found = next((one for one in VERDICTS if one == text.strip().lower()), None)
    if found is None:
        raise Misused("answer.verdict", f"{text[:40]!r} is no verdict; say {', '.join(VERDICTS)}")
    return found


def _message(call: Call, file: str) -> bytes:
    """The bytes of the message, one more than are read at most.

    Raises:
        NotFound: ``file.missing``.
        Refused: ``file.size``.
    """
    from domain.core.refusal import NotFound
    from flows.vault.regular_file import read_regular
    from orchestrator.desk.correspondence.mail import LARGEST_ANSWER

    if file == STDIN:
        if sys.stdin.isatty() and not call.no_input:
            call.say("paste the answer, then Ctrl-D on an empty line")
        return sys.stdin.buffer.read(LARGEST_ANSWER + 1)
    path = Path(file)
    if not path.is_file():
        raise NotFound("file.missing", f"there is no file {path}")
    return read_regular(path, at_most=LARGEST_ANSWER)
