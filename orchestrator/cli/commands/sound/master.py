"""``master``: planning, submitting, listing, checking, advice and approving.

Tests: ``tests/orchestrator/cli/test_release.py``.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.printing.table import rounded
from orchestrator.cli.shell.arguments import MasterArgument, OutputOption, RecordArgument, WhyOption
from orchestrator.cli.shell.corrections import add_corrections
from orchestrator.cli.shell.frame import Call, command, noun

if TYPE_CHECKING:
    from orchestrator.studio import Studio

master = noun("Masters: plan, fields, submit, list, show, check, advice, approve.")


@command(master)
def plan(
    call: Call,
    record: RecordArgument,
    target: Annotated[list[str] | None, typer.Option(help="streaming or cd; may be repeated.")] = None,
    lufs: Annotated[str | None, typer.Option(metavar="LUFS", help="Loudness for every target, such as -14.")] = None,
    as_mixed: Annotated[bool, typer.Option("--as-mixed", help="Leave the loudness as mixed.")] = False,
    recipe: Annotated[Path | None, typer.Option(metavar="FILE", help="A master recipe of your own (TOML).")] = None,
    match: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Bring its spectrum nearer to this recording; it is kept.")
    ] = None,
    match_amount: Annotated[str | None, typer.Option(metavar="0-1", help="How far; all the way is 1.")] = None,
    match_loudness: Annotated[
        bool, typer.Option("--match-loudness", help="Take the recording's loudness too.")
    ] = False,
    songs: Annotated[
        list[str] | None,
        typer.Option(metavar="SONG", help="Exactly these songs, in this order; once for each, or with commas."),
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(metavar="SONG", help="Leave this song out; may be repeated, or with commas.")
    ] = None,
    why: WhyOption = None,
) -> None:
    """Plan a master of RECORD from each song's chosen mix, the one approved last; prints its address.

    Songs without an approved mix are left out and listed.  A match changes third-octave bands by up to 6 dB, and does
    not change the level of the record.
    """
    from orchestrator.cli.shell.editor import read_text
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.masters.masters import plan_master
    from orchestrator.desk.masters.references import requested_match

    text, match_ = read_text(recipe) if recipe else None, requested_match(match, match_amount, loudness=match_loudness)
    with call.studio() as studio:
        planned = plan_master(
            studio, addresses.record(studio, record), target or [],
            lufs=lufs, as_mixed=as_mixed, recipe=text, match=match_,
            songs=_named(studio, record, songs), without=_named(studio, record, without), why=why,
        )  # fmt: skip
    call.done({"address": planned.address, "left_out": list(planned.left_out)}, planned.address)
    call.say(*(f"left out: {song} has no approved mix" for song in planned.left_out))
    call.say(*filter(None, [planned.remark]), "next: takesheet render")


def _named(studio: "Studio", record: str, songs: list[str] | None) -> list[str]:
    """Ids of *songs*, given as separate words or with commas; slug or title is enough for a song of *record*."""
    from orchestrator.desk.addressing import addresses

    return addresses.songs_of(studio, addresses.record(studio, record), songs) if songs else []


@command(master)
def submit(
    call: Call,
    record: RecordArgument,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder a target in it, a file a song in those.")],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who made it.")],
    target: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of the files right in DIR; else DIR's own name, or streaming.")
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="HANDOFF|HASH",
            help="A handoff such as H1; or the hash of the mixes they had, by master manifest.",
        ),
    ] = None,
    why: WhyOption = None,
) -> None:
    """Submit a master of RECORD made elsewhere: its files are checked; it depends on the mixes its maker was given.

    Files are called TARGET/NN_song.wav, as in an export, or TARGET/NN Title.wav; files in DIR itself are for one
    target. Each target needs every song that has an approved mix.  Without --from the mixes are the chosen mix of each
    song; the master no longer holds when one of them sounds different.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.submissions.outside_masters import submit_master

    with call.studio() as studio:
        name = addresses.record(studio, record)
        done = submit_master(studio, name, folder, maker=by, target=target, made_from=from_, why=why)
    call.say(*done.notes)
    call.done({"address": done.address, "notes": list(done.notes)}, done.address)


@command(master, reads=True)
def manifest(call: Call, record: RecordArgument) -> None:
    """Print the hash of RECORD's chosen mixes, for master submit --from."""
    from domain.status.master_status import given_mixes
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.record_state.record_state import read_record
    from orchestrator.desk.submissions.handoffs import given_hash, mixes_given_now

    with call.studio() as studio:
        name = addresses.record(studio, record)
        state = read_record(studio, name).state
        given = given_mixes(state, mixes_given_now(state, name))
    call.done({"record": name, "manifest": given_hash(given), "given": given}, given_hash(given))


@command(master)
def approve(call: Call, master: MasterArgument, output: OutputOption = None, why: WhyOption = None) -> None:
    """Approve the present sound of MASTER."""
    from orchestrator.cli.commands.daily.approvals import give_verdict

    give_verdict(call, master, "master", "approved", output, why)


@command(master)
def reject(call: Call, master: MasterArgument, output: OutputOption = None, why: WhyOption = None) -> None:
    """Reject the present sound of MASTER."""
    from orchestrator.cli.commands.daily.approvals import give_verdict

    give_verdict(call, master, "master", "rejected", output, why)


@command(master, "list", reads=True)
def list_(call: Call, record: RecordArgument) -> None:
    """List the masters of RECORD with their status."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.masters.masters import master_rows

    with call.studio() as studio:
        rows = master_rows(studio, addresses.record(studio, record))
    call.table(rows, ["address", "title", "songs", "targets", "made", "standing", "remark"], spare=["made", "title"])


@command(master, reads=True)
def show(call: Call, master: MasterArgument) -> None:
    """Show loudness, peak and hash of each file of MASTER."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.masters.masters import file_rows

    with call.studio() as studio:
        rows = file_rows(studio, addresses.find(studio, master, "master"))
    shown = ["target", "number", "song", "mix", "integrated_lufs", "true_peak_dbtp", "pcm"]
    call.table(rows, [*shown, "matched"] if any("matched" in row for row in rows) else shown)


@command(master)
def check(call: Call, master: MasterArgument) -> None:
    """Decode each file of MASTER again and check it with independent meters, as export does."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.delivery.quality_check import fit, judge_master

    with call.studio() as studio:
        address = addresses.find(studio, master, "master")
        judged = judge_master(studio, address, call.say)
    fit(address, judged)
    shown = ["file", "integrated_lufs", "judged_lufs", "true_peak_dbtp", "judged_dbtp", "ceiling_dbtp", "fit"]
    rows = [one.row for one in judged]
    call.table(rows if call.json else [rounded(row) for row in rows], shown)


@command(master)
def fields(
    call: Call,
    table: Annotated[str, typer.Argument(metavar="TABLE", help="Such as targets or limiter.")] = "",
) -> None:
    """List every field of a master recipe, or of one TABLE of it, with its range and its default."""
    from domain.recipe.master import MasterRecipe
    from orchestrator.cli.shell.recipe_fields import list_fields

    list_fields(call, table, MasterRecipe)


@command(master, reads=True)
def advice(call: Call, master: MasterArgument) -> None:
    """Show the effect of streaming services on the loudness of each file of MASTER; --json adds sources and dates."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.masters.masters import advice_rows

    with call.studio() as studio:
        rows = advice_rows(studio, addresses.find(studio, master, "master"))
    columns = ["target", "song", "service", "service_lufs", "plays_at_lufs", "advice"]
    call.table(rows, columns, spare=["service_lufs"], wrapped=["advice"])


add_corrections(master, "master", "night-bus@master1", leaves="It leaves lists, review and renders.")
