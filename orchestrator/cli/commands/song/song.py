"""The commands of song: songs of a record.

Tests: ``tests/orchestrator/desk/song/test_song_form.py``.
"""

from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli.shell.arguments import RecordArgument, SongArgument, WhyOption
from orchestrator.cli.shell.corrections import add_corrections
from orchestrator.cli.shell.frame import Call, command, noun

song = noun("Songs of a record.")


@command(song, "add")
def add_song(
    call: Call,
    record: RecordArgument,
    titles: Annotated[list[str], typer.Argument(metavar="TITLE", help="Titles, in the order of the record.")],
    like: Annotated[str | None, typer.Option(metavar="SONG", help="Take over the parts of SONG.")] = None,
) -> None:
    """Add songs to RECORD; prints their addresses, including those of existing songs."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.label.records import add_songs

    with call.studio() as studio:
        model = addresses.song(studio, like) if like else None
        found = add_songs(studio, addresses.record(studio, record), titles, like=model)
    call.done([{"address": address} for address in found], *found)


@command(song, "order")
def order_songs(
    call: Call,
    record: RecordArgument,
    songs: Annotated[list[str], typer.Argument(metavar="SONG", help="Songs in their order; the others follow.")],
    why: WhyOption = None,
) -> None:
    """Put the songs of RECORD in order; new masters have this order, planned masters keep theirs."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.label.corrections import put_songs_in_order

    with call.studio() as studio:
        name = addresses.record(studio, record)
        found = put_songs_in_order(studio, name, [addresses.song_of(studio, name, song) for song in songs], why=why)
    call.done([{"address": address} for address in found], *found)


@command(song, "list", reads=True)
def list_songs(call: Call, record: RecordArgument) -> None:
    """List the songs of RECORD in order."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.label.boards import song_rows

    with call.studio() as studio:
        rows = song_rows(studio, addresses.record(studio, record))
    call.table(
        rows,
        ["address", "title", "stage", "rate", "parts", "takes", "mix", "standing", "chosen"],
        spare=["title", "rate"],
    )


@command(song, "show", reads=True)
def show_song(call: Call, song: SongArgument) -> None:
    """Show one song: its parts, takes and comps, and the stage it is in."""
    from domain.label.stages import STAGES
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.label.boards import part_rows
    from orchestrator.desk.label.stages import stage_facts
    from orchestrator.desk.song.song_facts import fact_lines

    with call.studio() as studio:
        name = addresses.song(studio, song)
        rows, stage, facts = part_rows(studio, name), stage_facts(studio, name), fact_lines(studio, name)
    wanted = ["wanted"] if any(row["wanted"] for row in rows) else []
    call.table(rows, ["address", "name", "instrument", "player", "takes", "keeper", "kind", *wanted])
    is_in = "is in" if stage["stage"] in STAGES else "is"
    call.say(f"{name} {is_in} {stage['stage']}: {stage['evidence']}", *facts)


@command(song, "stage", shows=True)
def stage(
    call: Call,
    song: SongArgument,
    stage: Annotated[
        str | None,
        typer.Argument(
            metavar="STAGE", help="writing, preproduction, recording, editing, mixing, mastering or delivered."
        ),
    ] = None,
    opening: Annotated[bool, typer.Option("--opening", help="It was in STAGE when it came to this store.")] = False,
    why: WhyOption = None,
) -> None:
    """Show the stage of SONG, or set one: back to an earlier one with a reason, or the one in which it came here.

    A stage follows what happens: a first take is recording, a first mix is mixing.  No stage forbids any work, and
    after a step back the next evidence of a later stage leads on again.
    A song that was dropped is in none, and says so.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.label.stages import set_song_stage, stage_facts, stage_named

    with call.studio() as studio:
        name = addresses.song(studio, song)
        if stage is not None:
            set_song_stage(studio, name, stage_named(name, stage), opening=opening, why=why)
        facts = stage_facts(studio, name)
    call.facts(facts)


@command(song, "check", reads=True)
def check_song(call: Call, song: SongArgument) -> None:
    """List what is missing until SONG is complete, and who owes it; exit 6 while anything is.

    Complete are a keeper of each part that needs one, in each section it is wanted in by name, an approved mix, and no
    open note.
    """
    from orchestrator.cli.shell.missing_items import show_missing
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.review.completion import check_completion

    with call.studio() as studio:
        found = check_completion(studio, addresses.song(studio, song))
    show_missing(call, found)


@command(song, "form", shows=True)
def form(
    call: Call,
    song: SongArgument,
    sections: Annotated[
        list[str] | None, typer.Argument(metavar="NAME=TIME", help="Such as verse1=0:12; the last is end=3:20.")
    ] = None,
    tempo: Annotated[
        list[str] | None, typer.Option(metavar="[BAR=]BPM", help="Quarter notes a minute; then a number is a bar.")
    ] = None,
    meter: Annotated[list[str] | None, typer.Option(metavar="[BAR=]4/4", help="The meter; 4/4 by default.")] = None,
    tempo_midi: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A MIDI file with the tempo map, as a DAW exports it.")
    ] = None,
    why: WhyOption = None,
) -> None:
    """Name SONG's sections, each from its time, bar or beat (17, 17.3) until the next; without sections, show them.

    Sections can then be used like times: drums/3@chorus2, @verse1-chorus1, comp set lead-vocal verse1=1 chorus1=3.
    """
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.record_state.song_places import places_read
    from orchestrator.desk.song.song_form import form_rows, set_form

    with call.studio() as studio:
        name = addresses.song(studio, song)
        if sections or tempo or meter or tempo_midi:
            places = set_form(
                studio, name, sections or [], tempi=tempo or [], meters=meter or [], midi=tempo_midi, why=why
            )
        else:
            places = places_read(studio, name)
    call.table(form_rows(places), ["section", "from", "to", "length", "sounds"], empty="it has no form yet")


@command(song, "attach")
def attach(
    call: Call,
    song: SongArgument,
    lyrics: Annotated[
        Path | None, typer.Option(metavar="FILE", help="UTF-8 text; [00:12.00] before a line says when it is sung.")
    ] = None,
    at: Annotated[list[str] | None, typer.Option(metavar="L1=TIME", help="When a line is sung.")] = None,
    why: WhyOption = None,
) -> None:
    """Attach lyrics to SONG and set the times of their lines; without an option, show them.

    Lines can then be used like times: lead-vocal/2@L5, comp set lead-vocal L1-4=2 L5=7.
    """
    from flows.vault.vault import Vault
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.record_state.song_places import places_read
    from orchestrator.desk.song.lyrics import attach_lyrics, lyric_rows

    with call.studio() as studio:
        name, vault = addresses.song(studio, song), Vault(studio.config.vault)
        if lyrics or at:
            places = attach_lyrics(studio, vault, name, lyrics, at=at or [], why=why)
        else:
            places = places_read(studio, name)
        rows = lyric_rows(vault, places)
    call.table(rows, ["line", "at", "words"])


@command(song, "describe", shows=True)
def describe(
    call: Call,
    song: SongArgument,
    key: Annotated[str | None, typer.Option(help='Its key, such as Am, "F# minor" or "D dorian"; "" for none.')] = None,
    chart: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="A chart or lead sheet, in any format.")
    ] = None,
    reference: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="A reference recording, lossless or not; never a take.")
    ] = None,
    without: Annotated[list[str] | None, typer.Option(metavar="NAME", help="A file to take away, by its name.")] = None,
    why: WhyOption = None,
) -> None:
    """Note the key, charts and reference recordings of SONG; without an option, show what is known of it.

    Tempo comes with song form, lyrics with song attach.  All of it is shown where the song is judged.
    """
    from flows.vault.vault import Vault
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.song.song_facts import change_facts, song_facts, song_files

    with call.studio() as studio:
        name, vault = addresses.song(studio, song), Vault(studio.config.vault)
        if key is not None or chart or reference or without:
            change_facts(
                studio, vault, name, key=key, charts=chart or [], references=reference or [], without=without or [],
                why=why,
            )  # fmt: skip
        facts = {**song_facts(studio, name), "files": [str(row["file"]) for row in song_files(studio, vault, name)]}
    call.facts(facts)


add_corrections(song, "song", "night-bus/tin-roof", leaves="It leaves lists, review, new masters and boards.")
