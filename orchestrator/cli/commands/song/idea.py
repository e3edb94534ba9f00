"""The commands of idea: sounds, MIDI files, words and chords that come before a song."""

from pathlib import Path
from typing import Annotated

import typer

from domain.core.refusal import Misused
from orchestrator.cli.shell.arguments import WhyOption
from orchestrator.cli.shell.frame import Call, command, noun

idea = noun("Ideas: what comes before a song.")

IdeaArgument = Annotated[str, typer.Argument(metavar="IDEA", help="An idea, such as I3.")]


@command(idea)
def add(
    call: Call,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="A sound, lossy or not, or a MIDI file.")] = None,
    text: Annotated[str | None, typer.Option(help="Words, such as a line of lyrics.")] = None,
    chords: Annotated[str | None, typer.Option(help='Chords, such as "Am F C G".')] = None,
    title: Annotated[str, typer.Option(help="What it is called.")] = "",
    song: Annotated[str | None, typer.Option(metavar="SONG", help="The song it belongs to.")] = None,
    why: WhyOption = None,
) -> None:
    """Capture an idea: FILE, --text or --chords; prints its name.  It is kept whole, and is never a take."""
    from flows.vault.vault import Vault
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.intake.ideas import capture, promote

    if sum(one is not None for one in (file, text, chords)) != 1:
        raise Misused("idea.empty", "an idea is one of these: a FILE, --text or --chords")
    with call.studio() as studio:
        name = addresses.song(studio, song) if song else None
        found = capture(
            studio, Vault(studio.config.vault), file, sort=None if file else "chords" if chords is not None else "text",
            text=text or chords or "", title=title, why=why,
        )  # fmt: skip
        if name:
            promote(studio, found, name, title=None, why=why)
    call.done({"idea": found, "song": name or ""}, found)


@command(idea, "list", reads=True)
def list_(
    call: Call,
    song: Annotated[str | None, typer.Option(metavar="SONG", help="Those that belong to this song.")] = None,
) -> None:
    """List the ideas, and the songs they belong to."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.intake.ideas import idea_rows

    with call.studio() as studio:
        rows = idea_rows(studio, addresses.song(studio, song) if song else None)
    call.table(rows, ["idea", "sort", "title", "content", "songs", "by", "at"], spare=["by", "at"], wrapped=["content"])


@command(idea)
def play(call: Call, idea: IdeaArgument) -> None:
    """Play IDEA: a sound, or a MIDI file by the built-in keys; words are printed."""
    from flows.vault.vault import Vault
    from orchestrator.cli.commands.listen.player_keys import play_files
    from orchestrator.desk.intake.ideas import idea_audition, idea_named
    from orchestrator.desk.listening.player import player_note, player_of

    with call.studio() as studio:
        found = idea_named(studio, idea)
        file, player = idea_audition(Vault(studio.config.vault), found), player_of(studio)
        if file is None:
            call.done({"text": found.captured.text}, found.captured.text)
            return
        call.say(*player_note(studio.config))
        if player:
            play_files(call, player, [file], loop=False)
    if not player:
        call.say(*file.words, "no player found (ffplay, play, afplay, aplay); set player in config.toml")
    call.done({"files": [str(file.path)], "player": player[0] if player else ""}, str(file.path))


@command(idea)
def promote(
    call: Call,
    idea: IdeaArgument,
    target: Annotated[
        str, typer.Argument(metavar="RECORD|SONG", help="A record, for a new song of it; or a song it belongs to.")
    ],
    title: Annotated[str | None, typer.Option(help="Title of the new song; that of the idea by default.")] = None,
    why: WhyOption = None,
) -> None:
    """Make a song of IDEA, or let it belong to a song; its sound is a reference recording there, never a take."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.intake.ideas import promote as promote_to

    with call.studio() as studio:
        found = str(addresses.find(studio, target, "record", "song"))
        song = promote_to(studio, idea, found, title=title, why=why)
    call.done({"address": song}, song)
