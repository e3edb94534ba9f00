"""``comp``: the takes that sound in a part, and edits of a part that were made elsewhere.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from typing import Annotated

import typer

from orchestrator.cli.shell.arguments import HtmlOption, PartArgument, SongArgument, WhyOption
from orchestrator.cli.shell.frame import Call, command, noun

comp = noun("Comps: which take sounds where in a part, and the band's from passes.")


@command(comp, "list", reads=True)
def list_(call: Call, song: SongArgument) -> None:
    """List the comps of SONG: the takes that sound in each part."""
    from orchestrator.cli.commands.song.song import show_song

    show_song(call, song)


@command(comp, "show", reads=True)
def show(call: Call, part: PartArgument) -> None:
    """Show which take sounds where in PART, and how far each splice was moved by a render."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.takes.take_rows import comp_rows

    with call.studio() as studio:
        rows = comp_rows(studio, addresses.part(studio, part))
    call.table(rows, ["layer", "from", "to", "take", "spliced", "correlation"], empty="no comp yet")


@command(comp, "sheet", reads=True)
def sheet(call: Call, part: PartArgument, html: HtmlOption = None) -> None:
    """Print the lyrics of PART's song with a box for each take: filled where the comp keeps the line.

    To print and to mark by hand: `takesheet comp sheet vocal --html sheet.html` is a page of A4.
    """
    from orchestrator import new_file
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.sheets.comp_sheet import comp_sheet

    with call.studio() as studio:
        found = comp_sheet(studio, addresses.part(studio, part))
    data = {"takes": list(found.takes), "lines": found.rows(), "remark": found.remark}
    if html is None:
        call.done(data, *found.text())
        return
    new_file.replace(html, found.page().encode())
    call.done({**data, "file": str(html)}, str(html))


@command(comp, "set")
def set_(
    call: Call,
    part: PartArgument,
    spans: Annotated[
        list[str], typer.Argument(metavar="PLACE=TAKE", help="0:00=1 0:48=3, verse1=1 or L1-4=2; - is silence.")
    ],
    why: WhyOption = None,
) -> None:
    """Paint PART's whole comp: each take sounds from its time until the next, the last to its end.

    A take set to a section, lyric lines or a span (0:48-1:20=3) sounds in that range alone.
    """
    from orchestrator.cli.commands.daily.verdicts import print_verdict
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.takes.takes import paint

    with call.studio() as studio:
        print_verdict(call, paint(studio, addresses.part(studio, part), spans, why=why), "approved")


@command(comp, shows=True)
def band(
    call: Call,
    song: SongArgument,
    pieces: Annotated[
        list[str] | None, typer.Argument(metavar="PIECE", help="Such as @pass3:intro-chorus1 @pass5:verse2-end.")
    ] = None,
    why: WhyOption = None,
) -> None:
    """Cut the whole band from sections of passes, which end to end become SONG's time line; without PIECE, show it.

    Every part that was played on these passes is cut at the same sample. Once an overdub has a keeper, moving sections
    needs --why.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.song.band_comp import band_comp_rows, cut_song

    columns = ["section", "from", "to", "pass", "at", "takes"]
    with call.studio() as studio:
        address = addresses.song(studio, song)
        if not pieces:
            call.table(band_comp_rows(studio, address), columns, empty="it is cut from no passes")
            return
        found = cut_song(studio, address, pieces, why=why)
    call.table(found.rows, columns)
    call.say(*found.moves)


@command(comp, "submit")
def submit(
    call: Call,
    part: PartArgument,
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE", help="TRACK=FILE each; or FILEs named like an export's, or one with a channel a track."
        ),
    ],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who edited it.")],
    from_: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="HANDOFF|HASH",
            help="A handoff such as H1; or the hash of the comp they had, by comp manifest.",
        ),
    ] = None,
    why: WhyOption = None,
) -> None:
    """Submit an edit of PART made elsewhere: its tracks are checked; it depends on the comp its maker was given.

    Without --from that is the present comp.  When the takes in use change, the edit no longer holds and the painted
    comp applies; when they are as before, the edit applies again.  `undo` takes it back.
    """
    from orchestrator.cli.shell.editor import tracks_of
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.submissions.outside_comps import submit_comp

    tracks = tracks_of(files)
    with call.studio() as studio:
        done = submit_comp(studio, addresses.part(studio, part), tracks, maker=by, made_from=from_, why=why)
    call.say(*done.notes)
    call.done({"address": done.address, "notes": list(done.notes)}, done.address)


@command(comp, "manifest", reads=True)
def manifest(call: Call, target: Annotated[str, typer.Argument(metavar="TARGET", help="A song, or one part.")]) -> None:
    """Print the hash of a song's comps, for mix submit --from, or of one part's comp, for comp submit --from."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.record_state.record_state import read_record
    from orchestrator.desk.submissions.handoffs import given_hash, given_now, part_given_now

    with call.studio() as studio:
        address = addresses.find(studio, target, "song", "part")
        name, song = "/".join(address.path), "/".join(address.path[:2])
        state = read_record(studio, address.path[0]).state
    if name != song:
        hash_ = part_given_now(state, name)
        call.done({"part": name, "manifest": hash_}, hash_)
        return
    given = given_now(state, song)
    call.done({"song": song, "manifest": given_hash(given), "given": given}, given_hash(given))
