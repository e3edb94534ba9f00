"""``record``: the records of the label.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from typing import Annotated

import typer

from domain.core.refusal import Misused
from orchestrator.cli.shell.arguments import RecordArgument, WhyOption
from orchestrator.cli.shell.corrections import add_corrections, print_entry
from orchestrator.cli.shell.frame import Call, command, noun

record = noun("Records: new, edit, list, show.")

Absent = Annotated[bool, typer.Option("--absent", help="What is removed, shelved or dropped, instead.")]


@command(record)
def new(
    call: Call,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="Its title; it may change, its address never does.")],
    artist: Annotated[str, typer.Option(help="Who makes it.")],
    due: Annotated[str | None, typer.Option(metavar="DATE", help="When it is due, such as 2027-03-12.")] = None,
    template: Annotated[
        str | None, typer.Option(metavar="single|ep|album|FILE", help="Songs, parts and durations to begin with.")
    ] = None,
    song: Annotated[
        list[str] | None, typer.Option(metavar="TITLE", help="With a template: titles of its songs, in order.")
    ] = None,
) -> None:
    """Open a record called TITLE; prints its address, even if it is open already.

    A FILE is TOML: songs = 4, budget = ["studio"], a table [durations] with recording = 2, and a table [[parts]] for
    each part, with name, instrument, guide, optional, stack and sections.
    """
    from orchestrator.desk.addressing.times import day
    from orchestrator.desk.intake.record_templates import new_record_from_template
    from orchestrator.desk.label.records import new_record

    if song and template is None:
        raise Misused("template.title", "--song names the songs of a template: give --template too")
    lines: tuple[str, ...] = ()
    with call.studio() as studio:
        when = day(due) if due else None
        if template is None:
            address = new_record(studio, title=title, artist=artist, due=when)
        else:
            address, used = new_record_from_template(
                studio, template, title=title, artist=artist, due=when, songs=song or []
            )
            lines = used.budget
    call.done({"address": address}, address)
    if template is None:
        call.say(f"next: takesheet song add {address} TITLE")
    else:
        amounts = " ".join(f"{line}=AMOUNT" for line in lines)
        call.say(f"next: takesheet budget set {address} {amounts}" if lines else f"next: takesheet song list {address}")


@command(record)
def edit(
    call: Call,
    record: RecordArgument,
    artist: Annotated[str | None, typer.Option(help="Who makes it.")] = None,
    due: Annotated[
        str | None, typer.Option(metavar="DATE", help='When it is due, such as 2027-03-12; "" for no date.')
    ] = None,
    why: WhyOption = None,
) -> None:
    """Change the artist or the due date of RECORD; whatever is not named stays."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.addressing.times import day
    from orchestrator.desk.label.corrections import edit_record_facts

    with call.studio() as studio:
        if artist is None and due is None:
            raise Misused("record.edit", "name what changes: --artist or --due")
        done = edit_record_facts(
            studio, addresses.record(studio, record), artist=artist, due=day(due) if due else None,
            without_due=due == "", why=why,
        )  # fmt: skip
    print_entry(call, done, "edited" if done.changed else "is so already")


@command(record, "list", reads=True)
def list_(call: Call, absent: Absent = False) -> None:
    """Every record."""
    from orchestrator.desk.label.boards import board_rows

    with call.studio() as studio:
        if absent:
            from orchestrator.desk.label.corrections import absent_records

            call.table(absent_records(studio), ["address", "title", "standing"])
            return
        call.table(board_rows(studio), ["record", "title", "artist", "due", "songs"])


@command(record, reads=True)
def show(call: Call, record: RecordArgument, absent: Absent = False) -> None:
    """Show one record: its songs, and the status of each mix and master."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.label.boards import record_rows
    from orchestrator.desk.label.briefs import brief_lines
    from orchestrator.desk.label.corrections import absent_rows

    with call.studio() as studio:
        name = addresses.record(studio, record)
        rows = absent_rows(studio, name) if absent else record_rows(studio, name)
        call.say(*brief_lines(studio, name))
        call.table(
            rows, ["address", "title", *([] if absent else ["stage"]), "standing", *([] if absent else ["remark"])]
        )


@command(record, reads=True)
def check(call: Call, record: RecordArgument) -> None:
    """List what is missing until RECORD is complete, and who owes it; exit 6 while anything is.

    Complete are all its songs (see song check), and an approved master of their chosen mixes.
    """
    from orchestrator.cli.shell.missing_items import show_missing
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.review.completion import check_completion

    with call.studio() as studio:
        found = check_completion(studio, addresses.record(studio, record))
    show_missing(call, found)


add_corrections(
    record, "record", "night-bus",
    leaves="It leaves lists, review, renders and boards. Refused while it has sessions ahead: cancel them.",
)  # fmt: skip
