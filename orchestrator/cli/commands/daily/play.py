"""The command play: the audio of an address.

Tests: ``tests/orchestrator/desk/mixes/test_rough_mix.py``.
"""

import sys
from typing import Annotated

import typer

from orchestrator.cli.shell.arguments import AddressArgument
from orchestrator.cli.shell.frame import Call, command, noun

play = noun("Play the audio of an address.")


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
