"""The commands at, next, undo, why, play, show, search, note and board."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli.shell.arguments import AddressArgument
from orchestrator.cli.shell.frame import Call, command, noun

at = noun("Set where you are, so that the end of an address is enough.")
next = noun("What to do next: verdicts to give, renders to do, gaps to fill.")  # noqa: A001 - the word people type
undo = noun("Take back your last judgement or note.")
why = noun("Why a master, mix, comp or take sounds as it does, and who decided it.")
play = noun("Play the audio of an address.")
show = noun("What a sound looks like: waveform and loudness over time.")
search = noun("Find records, songs, parts, notes and reasons by words.")
note = noun("Write one line down about anything.")
board = noun("Every record at a glance.")

OptionalTarget = Annotated[
    str | None, typer.Argument(metavar="ADDRESS", help="A record, a song, a part or anything in one.")
]


@command(at, "at")
def stand_at(call: Call, address: OptionalTarget = None) -> None:
    """Make ADDRESS the current place; - leaves it; without ADDRESS, print the current place."""
    from orchestrator.desk.addressing import addresses

    with call.studio() as studio:
        if address == "-":
            addresses.stand_at(studio, None)
        elif address:
            addresses.stand_at(studio, addresses.find(studio, address, "record", "song", "part"))
        here = "/".join(addresses.standing_at(studio))
    call.done({"at": here or None}, here or "nowhere in particular")


@command(next, "next", reads=True)
def what_next(call: Call, target: OptionalTarget = None) -> None:
    """List what there is to do, and the command for it."""
    from orchestrator.desk.review.review_queue import next_rows

    with call.studio() as studio:
        rows = next_rows(studio, target)
    call.table(rows, ["what", "address", "why", "next"], empty="nothing to do")


@command(undo, "undo")
def take_back(call: Call, target: OptionalTarget = None) -> None:
    """Take back your last judgement or note (at or under ADDRESS), by a new event."""
    from orchestrator.desk.review.undo import undo_last

    with call.studio() as studio:
        said = undo_last(studio, target)
    call.done({"undone": said}, f"taken back: {said}")


@command(why, "why", reads=True)
def tell_why(
    call: Call,
    address: AddressArgument,
    at: Annotated[str | None, typer.Option("--at", metavar="TIME", help="Only what sounds at this second.")] = None,
) -> None:
    """The tree behind ADDRESS: master, mixes, comps, takes, sessions; who approved what, when and why.

    A second of it is asked for with --at, or in one word: @mix1@1:12.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.provenance.why import tree

    whole, _, second = address.rpartition("@")
    if at is None and second[:1].isdigit() and "-" not in second:
        address, at = whole, second
    with call.studio() as studio:
        found = tree(studio, addresses.find(studio, address), second=at)
    call.done(found.as_dict(), *found.lines())


@command(play, "play")
def play_audio(
    call: Call,
    address: AddressArgument,
    solo: Annotated[bool, typer.Option("--solo", help="A take alone, without its song.")] = False,
    loop: Annotated[
        str | None,
        typer.Option(
            "--loop",
            metavar="SPAN",
            help="Only this: 0:48-1:20, chorus1, L1-4; on a terminal again and again, until it is interrupted.",
        ),
    ] = None,
    rough: Annotated[bool, typer.Option("--rough", help="Beside a mix, the song's rough, equally loud.")] = False,
) -> None:
    """Play the audio of ADDRESS: a take in its song, a mix, a comp, a master; without a player, print its path."""
    from orchestrator.cli.commands.daily.comparison_player import beside_rough
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.listening.player import play as play_files
    from orchestrator.desk.listening.player import player_note

    with call.studio() as studio:
        target = addresses.find(studio, address)
        call.say(*player_note(studio.config))
        if rough:
            beside_rough(call, studio, target)
            return
        done = play_files(studio, target, solo=solo, loop=loop)
        call.say(*done.words)
        again = loop and done.player and sys.stderr.isatty() and not call.json and not call.no_input
        while again:
            done = play_files(studio, target, solo=solo, loop=loop)
    if not done.player:
        call.say("no player found (ffplay, play, afplay, aplay); set player in config.toml")
    call.done({"files": done.files, "player": done.player}, *(() if done.player and done.words else done.files))


@command(show, "show", reads=True)
def show_sound(
    call: Call,
    sound: Annotated[str, typer.Argument(metavar="ADDRESS|FILE", help="A take, comp, mix or master; or a sound file.")],
    png: Annotated[Path | None, typer.Option("--png", metavar="FILE", help="Draw the first of them into FILE.")] = None,
) -> None:
    """Waveform (a row is 12 dB) and momentary loudness (0 to -48 LUFS) over time, as wide as the terminal."""
    from dsp.meter.peaks import rows_of
    from orchestrator.cli.shell.table import terminal_width
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.listening.waveform import shown_at, shown_file, write_picture

    if Path(sound).is_file():
        found = [shown_file(Path(sound))]
    else:
        with call.studio() as studio:
            found = shown_at(studio, addresses.find(studio, sound))
    width = max(10, terminal_width(plain=False) or 100)
    if png:
        write_picture(found[0], png)
        call.done({"png": str(png)}, str(png))
        return
    call.done(
        [one.as_dict(width) for one in found],
        *(line for one in found for line in (one.heading(), *rows_of(one.peaks, width))),
    )


@command(search, "search", reads=True)
def find_words(
    call: Call, words: Annotated[list[str], typer.Argument(metavar="WORD", help="All of them must be found.")]
) -> None:
    """Find what names all of WORDS: titles, parts, people, notes and reasons."""
    from orchestrator.desk.label.search import search_rows

    with call.studio() as studio:
        rows = search_rows(studio, words)
    call.table(rows, ["position", "address", "kind", "what", "why"], empty="nothing found")


@command(note, "note")
def write_note(
    call: Call,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="What it is about: anything with an address.")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What is to be remembered; the log never forgets.")],
    time: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="The song time, section or line it is about.")
    ] = None,
    private: Annotated[bool, typer.Option("--private", help="For yourself alone.")] = False,
) -> None:
    """Write TEXT down as a note about ADDRESS."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.review.undo import add_note

    with call.studio() as studio:
        target = addresses.find(studio, address)
        add_note(studio, target, text, at=time, visibility="private" if private else "team")
    call.done({"target": str(target), "text": text}, f"noted on {target}")


@command(board, "board", reads=True)
def show_board(call: Call) -> None:
    """List every record: what is in it and what is ready to listen to."""
    from orchestrator.desk.label.boards import board_rows

    with call.studio() as studio:
        rows = board_rows(studio)
    call.table(rows, ["record", "title", "artist", "due", "songs", "takes", "unheard", "mixes", "masters", "last"])
