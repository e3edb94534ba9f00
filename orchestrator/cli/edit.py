"""``edit``: one performance, or the entire arrangement, without touching what was recorded."""

from typing import TYPE_CHECKING, Annotated

import typer

from domain.refusal import Misused
from orchestrator.cli.arguments import SongArgument
from orchestrator.cli.frame import Call, command, noun

if TYPE_CHECKING:
    from domain.song_edit import SongEdit

edit = noun("Edits: one performance, or the entire arrangement.")


@edit.callback()
def _edit() -> None:
    """Edits: one performance, or the entire arrangement."""  # keeps a noun of one verb a noun


@command(edit, "song")
def edit_song(
    call: Call,
    song: SongArgument,
    move: Annotated[str | None, typer.Option(metavar="SECTION", help="Move it, --before or --after another.")] = None,
    before: Annotated[str | None, typer.Option(metavar="SECTION", help="Where a moved one goes.")] = None,
    after: Annotated[str | None, typer.Option(metavar="SECTION", help="Where a moved one goes.")] = None,
    repeat: Annotated[
        str | None, typer.Option(metavar="SECTION", help="Let it sound twice, or --times, in a row.")
    ] = None,
    times: Annotated[int | None, typer.Option(metavar="N", help="How often in a row.")] = None,
    cut: Annotated[str | None, typer.Option(metavar="SECTION", help="Leave it out.")] = None,
    reset: Annotated[bool, typer.Option("--reset", help="As it was recorded.")] = False,
    why: Annotated[str | None, typer.Option(help="The reason; it is kept and found again.")] = None,
) -> None:
    """Put SONG's sections in another order, in all parts at the same sample; without an option, show the order.

    Takes, spans and comps stay in recorded time. Mixes, their automation and notes on them are in arranged time.
    Where a section sounds more than once, chorus1:2 is the second time.
    """
    from orchestrator.desk import where
    from orchestrator.desk.forms import formed, places_read
    from orchestrator.desk.song_edits import edit, order_rows, told

    wish = _wish(move, before, after, repeat, times, cut, reset=reset)
    with call.studio() as studio:
        name = where.song(studio, song)
        if wish is None:
            places = formed(places_read(studio, name))
            call.table(order_rows(places.arrangement, places.rate), ["place", "section", "from", "to", "length"])
            return
        edited = edit(studio, name, wish, why=why)
    before_, after_ = told(edited.before, edited.rate), told(edited.after, edited.rate)
    data = {"song": name, "before": before_, "after": after_, "again": edited.again}
    data["order"] = order_rows(edited.after, edited.rate)
    call.done(data, *(["it sounds so already", after_] if edited.again else [f"was {before_}", f"now {after_}"]))


def _wish(
    move: str | None,
    before: str | None,
    after: str | None,
    repeat: str | None,
    times: int | None,
    cut: str | None,
    *,
    reset: bool,
) -> "SongEdit | None":
    from domain.song_edit import SongEdit

    wishes = [wish for wish in (move, repeat, cut, reset) if wish]
    beside = [wish for wish in (before, after) if wish]
    if len(wishes) > 1 or len(beside) != bool(move) or (times is not None and not repeat):
        raise Misused(
            "arrange.one",
            "say one thing: --move SECTION --before (or --after) SECTION, --repeat SECTION [--times N], --cut SECTION, "
            "or --reset",
        )
    if move:
        return SongEdit("moved", move, beside[0], after=after is not None)
    if repeat:
        return SongEdit("repeated", repeat, times=2 if times is None else times)
    if cut:
        return SongEdit("cut", cut)
    return SongEdit("reset") if reset else None
