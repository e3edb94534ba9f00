"""The commands of user: people and their roles.

Tests: ``tests/orchestrator/desk/label/test_contacts.py``.
"""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from orchestrator.cli.shell.arguments import PEOPLE, WhyOption
from orchestrator.cli.shell.corrections import add_corrections
from orchestrator.cli.shell.frame import Call, command, noun

user = noun("People and their roles.")

RecordOption = Annotated[str | None, typer.Option(help="Only for this record.")]
PersonArgument = Annotated[str, typer.Argument(metavar="NAME", help="Their name in this store."), PEOPLE]


@command(user)
def add(
    call: Call,
    name: PersonArgument,
    role: Annotated[list[str], typer.Option(help="producer, engineer, mixer, label, …; may be repeated.")],
    record: RecordOption = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Its last day, such as 2026-12-31, in the label's time zone.")
    ] = None,
    limit: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="The most that one booking or one payment may cost.")
    ] = None,
    why: WhyOption = None,
) -> None:
    """Add NAME, or grant an existing person another role.

    With --record the role holds for decisions about that record alone, with --until to the end of that day, and with
    --limit for bookings and payments of up to that amount each. The same role for the same record gets the new bounds.
    """
    from orchestrator.desk.addressing.addresses import record as record_id
    from orchestrator.desk.addressing.times import day
    from orchestrator.desk.label.people import add_user

    last = None if until is None else day(until)
    with call.studio() as studio:
        found = None if record is None else record_id(studio, record)
        added = add_user(studio, name, role, record=found, until=last, limit=limit, why=why)
    call.done({"person": added.person, "roles": role, "has": list(added.roles)}, added.person)
    if added.is_past:
        call.say(f"{until} is past: {', '.join(role)} holds nothing")


@command(user, "list", reads=True)
def list_(call: Call) -> None:
    """Everybody: their roles, each with its record, last day and limit, what they play, and their rate if booked."""
    from orchestrator.desk.label.person_facts import register_rows

    with call.studio() as studio:
        rows = register_rows(studio)
    columns = ["person", "name", "roles", "plays", "booked_at"]
    call.table(rows, columns, spare=["booked_at", "plays"], wrapped=["roles"])


@command(user, reads=True)
def show(call: Call, name: PersonArgument) -> None:
    """One person: what they may do today, for which record, until when, up to what; who granted it, when and why.

    Also what they play, and their rate if they can be booked; to whoever manages people, how they are reached.
    Their deals and fees are shown to whoever sees the money of the record, and to a musician their own.
    """
    from orchestrator.desk.label.person_facts import facts_of

    with call.studio() as studio:
        row = facts_of(studio, name)
    call.paragraphs(row, *_person_lines(row))


def _person_lines(row: dict[str, Any]) -> Iterator[str]:
    """The facts of one person, a line each."""
    from orchestrator.desk.label.leaves import leave_in_words

    yield from (f"{name}: {row[name]}" for name in ("person", "name", "standing", "roles") if row.get(name))
    yield from (f"may {one['in_words']}: {'; '.join(one['as'])}" for one in row["may"])
    for one in row["grants"]:
        why = f': "{one["why"]}"' if one["why"] else ""
        yield f"{one['in_words']}: granted by {one['by']}, {one['at']}, #{one['position']}{why}"
    yield from map(leave_in_words, row["away"])
    yield from (f"plays: {part}" for part in row["plays"])
    if row["booked_at"]:
        yield f"can be booked: {row['booked_at']}"
    for one in row["deals"]:
        yield f"{one['deal']}: {one['role']}, {one['fee']}, {one['total']} in all, {one['open']} open, {one['state']}"
    yield from (f"{one['session']}, {one['from']}: {one['fee']}" for one in row["fees"])
    yield from (f"{field}: {value}" for field, value in row["contact"].items())


@command(user)
def revoke(
    call: Call,
    name: PersonArgument,
    role: Annotated[list[str], typer.Option(help="The role to take back; may be repeated.")],
    record: RecordOption = None,
    why: WhyOption = None,
) -> None:
    """Take roles of NAME back; what they decided in them stands.

    With --record only the role for that record is taken back, without it the role for every record.
    """
    from orchestrator.desk.addressing.addresses import record as record_id
    from orchestrator.desk.label.people import revoke as take_back

    with call.studio() as studio:
        found = None if record is None else record_id(studio, record)
        done = take_back(studio, name, role, record=found, why=why)
    data = {"person": done.person, "roles": list(done.roles), "changed": done.changed}
    call.done(data, f"{done.person}: {', '.join(done.roles) or 'no role'}")


@command(user)
def away(
    call: Call,
    name: PersonArgument,
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day, in the label's time zone.")],
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="The last day.")],
    deputy: Annotated[
        str | None, typer.Option(metavar="OTHER", help="Who stands in for NAME on these days."), PEOPLE
    ] = None,
    role: Annotated[
        list[str] | None, typer.Option(help="Only in this role; may be repeated. Without it, in all that NAME has.")
    ] = None,
    why: WhyOption = None,
) -> None:
    """Note that NAME is away, and who stands in for them: for oneself, or, by whoever manages people, for anybody.

    On these days OTHER decides as NAME could, within the bounds of NAME's own roles, and the log says for whom; OTHER
    neither manages people nor erases by it, nor passes it on. The same first day again replaces the leave.
    """
    from orchestrator.desk.addressing.times import day
    from orchestrator.desk.label.leaves import note_leave

    with call.studio() as studio:
        noted = note_leave(studio, name, first=day(first), last=day(last), deputy=deputy, roles=role or [], why=why)
    data = {"person": noted.person, "from": noted.first, "to": noted.last, "deputy": noted.deputy}
    call.done({**data, "roles": list(noted.roles)}, noted.describe())


@command(user)
def back(
    call: Call,
    name: PersonArgument,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="The leave that begins on DATE, not the next one.")
    ] = None,
    why: WhyOption = None,
) -> None:
    """End a leave of NAME, the present or the next one, as if it had not been noted: nobody stands in any more."""
    from orchestrator.desk.addressing.times import day
    from orchestrator.desk.label.leaves import end_leave

    with call.studio() as studio:
        ended = end_leave(studio, name, first=None if first is None else day(first), why=why)
    call.done({"person": ended.person, "from": ended.first}, ended.describe())


@command(user)
def contact(
    call: Call,
    name: PersonArgument,
    email: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help='Such as pat@example.org; "" removes it.')
    ] = None,
    phone: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="With its country, such as +49 30 1234567.")
    ] = None,
    bank: Annotated[str | None, typer.Option(metavar="IBAN", help="Where they are paid.")] = None,
    ipi: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Their number with the collecting societies.")
    ] = None,
) -> None:
    """Show or change how NAME is reached, paid and registered; none of it enters the log."""
    from orchestrator.desk.label.contacts import contact as note_contact

    with call.studio() as studio:
        person, known = note_contact(studio, name, {"email": email, "phone": phone, "bank": bank, "ipi": ipi})
    call.done({"person": person, **known}, *(f"{field}: {value}" for field, value in known.items()))
    call.say(*([] if known else [f"there is no contact data of {person}"]))


@command(user)
def erase(
    call: Call,
    name: PersonArgument,
    words: Annotated[
        bool,
        typer.Option("--words", help="Also their other notes, briefs, reasons, names; takes the role label."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List what would be erased, and erase nothing.")] = False,
    why: WhyOption = None,
) -> None:
    """Erase the contact data and the private notes of NAME for good; what they decided and played stays.

    The log stays whole: of an erased text it holds a hash, from which nobody finds the text.  What no command can erase
    is listed: words that releases up to 0.1.0 wrote into the log itself, backups and exports made before.  Their short
    name stays in addresses.
    """
    from orchestrator.cli.commands.song.ingest_result import ask
    from orchestrator.desk.label.erasure import erasable, shown_text
    from orchestrator.desk.label.erasure import erase as erase_found

    with call.studio() as studio:
        found = erasable(studio, name, words=words)
        rows: list[dict[str, object]] = [
            {"position": one.position, "what": one.sort, "address": one.address, "text": shown_text(studio, found, one)}
            for one in found.texts
        ]
        counted = f"{len(found.contact)} fields of contact data and {_texts(len(found.texts))}"
        if words or dry_run:
            call.say(*(f"{one['position']} {one['what']}, {one['address']}: {one['text']}" for one in rows))
        if dry_run:
            call.done({"person": found.person, "contact": found.contact, "texts": rows, "kept_at": found.kept_at},
                      f"{found.person}: {counted} would be erased")  # fmt: skip
            return
        if not (yes or ask(call, f"erase {counted} of {found.person} for good?")):
            call.say("nothing was erased")
            return
        erase_found(studio, found, why=why)
    data = {"person": found.person, "erased": found.contact, "texts": len(rows), "told_at": found.kept_at}
    said = [*found.contact, *([_texts(len(rows))] if rows else [])]
    call.done(data, f"{found.person}: {', '.join(said) or 'there was nothing to erase'}")
    call.say("backups and exports made before still contain it, and so may the logs of a database server")
    call.say(*(f"position {at} repeats some of it in free text" for at in found.kept_at))


def _texts(count: int) -> str:
    return "1 text" if count == 1 else f"{count} texts"


add_corrections(user, "user", "pat", metavar="NAME", leaves="They are in no list and decide nothing any more.")
