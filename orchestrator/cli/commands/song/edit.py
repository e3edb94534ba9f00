"""``edit``: edits of one performance, or of the entire arrangement, without a change of the recorded audio."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.core.refusal import Misused
from orchestrator.cli.shell.arguments import PartArgument, SongArgument, TakeArgument, WhyOption
from orchestrator.cli.shell.frame import Call, command, noun

if TYPE_CHECKING:
    from domain.song.song_edit import SongEdit

edit = noun("Edits: one performance, or the entire arrangement.")


EditedArgument = Annotated[
    str, typer.Argument(metavar="ADDRESS", help="A take (drums/3), or a span of one (lead-vocal/2@0:48-0:52).")
]
LENGTH = "12ms, 1.5s or 480f; milliseconds where no unit is named"


@command(edit)
def part(
    call: Call,
    address: EditedArgument,
    nudge: Annotated[str | None, typer.Option(metavar="LENGTH", help=f"Later, or earlier with -: {LENGTH}.")] = None,
    gain: Annotated[str | None, typer.Option(metavar="DB", help="Louder, or softer with -.")] = None,
    fade_in: Annotated[
        str | None, typer.Option(metavar="LENGTH", help="Rise from silence over its first LENGTH.")
    ] = None,
    fade_out: Annotated[
        str | None, typer.Option(metavar="LENGTH", help="Fall to silence over its last LENGTH.")
    ] = None,
    mute: Annotated[bool | None, typer.Option("--mute/--no-mute", help="Silence.")] = None,
    reverse: Annotated[bool | None, typer.Option("--reverse/--no-reverse", help="Backwards.")] = None,
    trim: Annotated[bool, typer.Option("--trim", help="Keep only this span of the take.")] = False,
    stretch: Annotated[str | None, typer.Option(metavar="RATIO", help="How many times as long, 0.5 to 2.")] = None,
    pitch: Annotated[
        str | None,
        typer.Option(metavar="SEMITONES", help="Higher, or lower with -; 24 at most."),
    ] = None,
    formants: Annotated[
        str | None,
        typer.Option(
            metavar="keep|move",
            help="While the pitch moves, formants stay where they are (keep, the default), or move.",
        ),
    ] = None,
    reset: Annotated[bool, typer.Option("--reset", help="Remove every edit made there.")] = False,
    why: WhyOption = None,
) -> None:
    """Edit a take, or a span of it, on all its tracks at the same sample; undo or --reset removes the edit.

    A span keeps its place in the song: nudged sound moves within the span, and stretched sound is cut at its end.

    Formants are the resonances of a voice or an instrument: kept, a voice stays the same singer; moved, it becomes
    smaller or larger with the pitch, as on a tape at another speed: `takesheet edit part vocal/2 --pitch +3 --formants
    move`.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.takes.take_edits import EditRequest, edit_take

    lengths = {"nudge": nudge, "fade_in": fade_in, "fade_out": fade_out}
    values = {"gain_db": gain, "mute": mute, "reverse": reverse, "stretch": stretch, "semitones": pitch}
    values["formants"] = formants.lower() if formants else None
    request = EditRequest(
        lengths={name: text for name, text in lengths.items() if text is not None},
        values={name: value for name, value in values.items() if value is not None},
        trim=trim,
        reset=reset,
    )
    with call.studio() as studio:
        done = edit_take(studio, addresses.find(studio, address, "take"), request, why=why)
    data = {"take": done.take, "span": done.place, "edits": list(done.done), "again": done.again}
    call.done(data, f"{done.take}{f'@{done.place}' if done.place else ''}: {', '.join(done.done) or 'as recorded'}")


@command(edit, "list", reads=True)
def list_(call: Call, part: PartArgument) -> None:
    """List the edits of the takes of PART."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.takes.take_edits import edit_rows

    with call.studio() as studio:
        rows = edit_rows(studio, addresses.part(studio, part))
    call.table(rows, ["take", "span", "edits"], empty="nothing is edited: every take sounds as it was recorded")


@command(edit, "song", shows=True)
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
    why: WhyOption = None,
) -> None:
    """Put SONG's sections in another order, in all parts at the same sample; without an option, show the order.

    Takes, spans and comps stay in recorded time. Mixes, their automation and notes on them are in arranged time. If a
    section sounds more than once, chorus1:2 is its second occurrence.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.record_state.song_places import places_read
    from orchestrator.desk.song.song_edit import describe_order, edit, order_rows
    from orchestrator.desk.song.song_form import formed

    request = _requested_edit(move, before, after, repeat, times, cut, reset=reset)
    with call.studio() as studio:
        name = addresses.song(studio, song)
        if request is None:
            places = formed(places_read(studio, name))
            call.table(order_rows(places.arrangement, places.rate), ["place", "section", "from", "to", "length"])
            return
        edited = edit(studio, name, request, why=why)
    before_, after_ = describe_order(edited.before, edited.rate), describe_order(edited.after, edited.rate)
    data = {"song": name, "before": before_, "after": after_, "again": edited.again}
    data["order"], data["notes"] = order_rows(edited.after, edited.rate), list(edited.notes)
    call.say(*edited.notes)
    call.done(
        data, *(["no change: it is like that already", after_] if edited.again else [f"was {before_}", f"now {after_}"])
    )


def _requested_edit(
    move: str | None,
    before: str | None,
    after: str | None,
    repeat: str | None,
    times: int | None,
    cut: str | None,
    *,
    reset: bool,
) -> "SongEdit | None":
    from domain.song.song_edit import SongEdit

    options = [option for option in (move, repeat, cut, reset) if option]
    beside = [option for option in (before, after) if option]
    if len(options) > 1 or len(beside) != bool(move) or (times is not None and not repeat):
        raise Misused(
            "arrange.one",
            "give one change: --move SECTION --before (or --after) SECTION, --repeat SECTION [--times N], --cut "
            "SECTION, or --reset",
        )
    if move:
        return SongEdit("moved", move, beside[0], after=after is not None)
    if repeat:
        return SongEdit("repeated", repeat, times=2 if times is None else times)
    if cut:
        return SongEdit("cut", cut)
    return SongEdit("reset") if reset else None


@command(edit, "midi")
def edit_midi(
    call: Call,
    take: TakeArgument,
    quantise: Annotated[
        str | None, typer.Option(metavar="GRID", help="Move strokes to this note value: 1/16, 1/8T (triplets), …")
    ] = None,
    strength: Annotated[
        str | None, typer.Option(metavar="PERCENT", help="How far to the grid; 100 by default.")
    ] = None,
    swing: Annotated[
        str | None, typer.Option(metavar="PERCENT", help="Where every second step is: 50 (straight) to 75.")
    ] = None,
    transpose: Annotated[int | None, typer.Option(metavar="SEMITONES", help="Such as +2 or -12.")] = None,
    velocity: Annotated[
        list[str] | None, typer.Option(metavar="CHANGE", help="Such as x0.9, +10 or -5; x before + where both are.")
    ] = None,
    voice: Annotated[str | None, typer.Option(metavar="NAME", help="What plays it: drums, bass or keys.")] = None,
    soundfont: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="SoundFontFile that FluidSynth plays it with, or the name of kept ones."),
    ] = None,
    patch: Annotated[int | None, typer.Option(metavar="0-127", help="The SoundFont's instrument.")] = None,
    why: WhyOption = None,
) -> None:
    """Quantise, transpose or revoice a MIDI TAKE; every change that is not named is undone.

    Each edit starts from the recorded file, which is never changed; `edit midi TAKE` alone gives the take as it was
    played. The voice or SoundFont stays until another is named.  `undo` takes your last edit back.
    """
    from flows.vault.vault import Vault
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.intake.midi_takes import replay
    from orchestrator.desk.intake.soundfonts import SoundFontFile

    asked = {"quantise": quantise, "strength": strength, "swing": swing, "transpose": transpose, "instrument": voice}
    if quantise is None and (strength or swing):
        raise Misused(
            "midi.recipe", "--strength and --swing belong to --quantise: give a grid too, such as --quantise 1/16"
        )
    changes = {name: value for name, value in asked.items() if value is not None} | _touch(velocity or [])
    with call.studio() as studio:
        address = addresses.find(studio, take, "take")
        done = replay(studio, Vault(studio.config.vault), address, changes, SoundFontFile(soundfont, patch), why=why)
    data = done.as_dict()
    lines = ["no change: it is like that already"] if done.again else [f"was {data['before']}", f"now {data['after']}"]
    call.done(data, *lines)


def _touch(changes: list[str]) -> dict[str, Any]:
    """Parse changes of velocity: a factor (``x0.9``), and a step that is added afterwards (``+10``)."""
    found: dict[str, Any] = {}
    for change in changes:
        factor = change[:1] in {"x", "*", "\N{MULTIPLICATION SIGN}"}
        name = "velocity_times" if factor else "velocity_plus"
        if name in found or change[:1] not in {"x", "*", "\N{MULTIPLICATION SIGN}", "+", "-"}:
            raise Misused("midi.recipe", f"velocity {change!r}: give a factor, x0.9, or a step, +10, each once")
        found[name] = change[1:] if factor else change
    return found
