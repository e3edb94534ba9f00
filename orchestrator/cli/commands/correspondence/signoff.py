"""The commands of signoff: named people accept the outputs of a record, each by its hash."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from orchestrator.cli.shell.arguments import RecordArgument, WhyOption
from orchestrator.cli.shell.frame import Call, command, noun

if TYPE_CHECKING:
    from orchestrator.desk.record_state.signoff_list import SignoffToday

signoff = noun("Sign-offs: who accepts the mixes and the master of a record, by hash.")

SignoffArgument = Annotated[str, typer.Argument(metavar="SIGNOFF", help="A sign-off, such as night-bus/G1.")]


@command(signoff, "open")
def open_(
    call: Call,
    record: RecordArgument,
    who: Annotated[
        str,
        typer.Option(metavar="ROLE,ROLE", help="Whose yes is needed, such as artist,label or artist=mia,label=kim."),
    ],
    acceptance: Annotated[
        Literal["technical", "commercial"] | None,
        typer.Option("--for", metavar="technical|commercial", help="Which acceptance it is; else of everything."),
    ] = None,
    due: Annotated[str | None, typer.Option(metavar="DATE", help="By when, such as 2027-03-12.")] = None,
    quorum: Annotated[int | None, typer.Option(metavar="N", help="How many of them are enough; else all.")] = None,
    why: WhyOption = None,
) -> None:
    """Open a sign-off of RECORD: the chosen mix of each song, and its newest master by target.

    It replaces the one before for the same acceptance. Afterwards it reopens by itself, and only for outputs whose hash
    is another one. One person gives the yes of two roles only if the house rule approve.self is on.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.addressing.times import day
    from orchestrator.desk.correspondence.signoffs import OpenOptions, open_for

    with call.studio() as studio:
        when = day(due) if due else None
        options = OpenOptions(who.split(","), acceptance, when, quorum)
        there = open_for(studio, addresses.record(studio, record), options, why=why)
    call.done(_data(there), f"{there.name}: {there.owing or there.state}")
    call.say(f"next: takesheet signoff give {there.name}")


@command(signoff)
def give(
    call: Call,
    signoff: SignoffArgument,
    output: Annotated[
        str | None, typer.Option(metavar="HASH", help="Only if this is still the list, as signoff show names it.")
    ] = None,
    speaker: Annotated[
        str | None, typer.Option("--for", metavar="NAME", help="Somebody absent, whose yes you record.")
    ] = None,
    evidence: Annotated[
        str | None, typer.Option(metavar="FILE|TEXT", help="With --for: the message in which they said yes.")
    ] = None,
    why: WhyOption = None,
) -> None:
    """Accept all outputs of SIGNOFF that ask for your yes; undo takes it back.

    A producer, label or coordinator records the yes of somebody absent with --for and --evidence: a file, such as a
    mail, or the words themselves. The yes counts for that person in the role that was asked, and for nobody else.
    """
    from orchestrator.desk.correspondence.signoffs import give as give_yes

    with call.studio() as studio:
        there, count = give_yes(studio, signoff, seen=output, person=speaker, evidence=evidence, why=why)
    accepted = f"{count} output{'' if count == 1 else 's'} accepted" if count else "accepted before"
    rest = f"; still asked: {there.owing}" if there.owing else f"; {there.state}"
    call.done({**_data(there), "accepted": count}, f"{there.name}: {accepted}{rest}")


@command(signoff, "list", reads=True)
def list_(
    call: Call,
    record: Annotated[str | None, typer.Argument(metavar="RECORD", help="Only those of this record.")] = None,
) -> None:
    """List the sign-offs, and whose yes to how many outputs is asked for."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.record_state.signoff_list import signoff_rows

    with call.studio() as studio:
        rows = signoff_rows(studio, addresses.record(studio, record) if record else None)
    columns = ["signoff", "for", "who", "quorum", "due", "outputs", "state", "owed_by"]
    call.table(
        rows, columns, spare=["quorum", "outputs"], wrapped=["who", "owed_by"], empty="nothing is to be signed off"
    )


@command(signoff, reads=True)
def show(
    call: Call,
    signoff: SignoffArgument,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the report as one A4 page instead of printing it.")
    ] = None,
) -> None:
    """Show the report of SIGNOFF: what is accepted, by whom, and whose yes is missing.

    It holds no money and no note.
    """
    from orchestrator import new_file
    from orchestrator.desk.correspondence.signoffs import signoff_sheet
    from orchestrator.desk.record_state.signoff_list import signoff_named

    with call.studio() as studio:
        there = signoff_named(studio, signoff)
        sheet = signoff_sheet(studio, there)
    data = _data(there)
    if html is not None:
        new_file.replace(html, sheet.page().encode())
        call.done({**data, "file": str(html)}, str(html))
    else:
        call.done({**data, "lines": sheet.lines()}, *sheet.lines())


def _data(there: "SignoffToday") -> dict[str, Any]:
    opened, today = there.signoff.opened, there.today
    return {
        "signoff": there.name,
        "for": opened.acceptance,
        "signatories": [
            {"person": one.person, "role": one.role, "asked": [out.target for out in there.signoff.asked(one, today)]}
            for one in opened.signatories
        ],
        "quorum": opened.quorum,
        "due": opened.due,
        "outputs": {one.target: one.hash for one in today.outputs},
        "pending": list(today.pending),
        "list": today.hash,
        "state": there.state,
        "owed_by": there.owing,
    }
