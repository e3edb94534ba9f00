"""The command play: one thing to listen to at an address."""

from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.shell.arguments import AddressArgument
from orchestrator.cli.shell.frame import Call, command, noun

if TYPE_CHECKING:
    from domain.core.address import Address
    from orchestrator.studio import Studio

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
    compare: Annotated[
        bool,
        typer.Option(
            "--compare",
            help="Equally loud: beside a take the keeper, beside a mix the rough and the last approved, beside each "
            "song of a master the last approved and its mix.",
        ),
    ] = False,
    version: Annotated[
        str | None, typer.Option("--print", metavar="NAME", help="Of a mix this print, instead of main.")
    ] = None,
    target: Annotated[
        str | None, typer.Option("--target", metavar="NAME", help="Of a master this target, instead of the first.")
    ] = None,
) -> None:
    """Play ADDRESS: a take in its song, a mix's main print, a comp, a master's songs; without a player, print its path.

    Keys on a terminal: space pauses, arrows move by 5 s, n goes to the next song, [ and ] mark a span, l loops it or
    the section, 1-9 jump to sections, x, B and R switch to the keeper or chosen mix, the one approved last and a
    reference recording, q stops; ? lists them.  Ctrl-C stops the sound; a second one ends the command.
    """
    from orchestrator.cli.commands.listen.comparison_player import beside_rough
    from orchestrator.cli.commands.listen.player_keys import play_files
    from orchestrator.cli.commands.listen.span_marks import SpanMarks
    from orchestrator.cli.commands.listen.steering import Steering
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.comparison.sounds_beside import sounds_beside
    from orchestrator.desk.listening.audition import Choice, audition
    from orchestrator.desk.listening.player import player_note, player_of

    with call.studio() as studio:
        found = addresses.find(studio, address)
        call.say(*player_note(studio.config))
        if rough:
            beside_rough(call, studio, found)
            return
        if compare:
            _compare(call, studio, found)
            return
        player = player_of(studio)
        with audition(studio, found, Choice(solo, loop, version, target), keep=not player) as files:
            if player:
                with sounds_beside(studio) as beside:
                    steering = Steering(marks=SpanMarks(), beside=beside)
                    play_files(call, player, files, loop=loop is not None, steering=steering)
    paths = [str(file.path) for file in files]
    if not player:
        call.say(*(words for file in files for words in file.words))
        call.say("no player found (ffplay, play, afplay, aplay); set player in config.toml")
    lasting = [str(file.path) for file in files if not (player and file.temporary)]
    call.done({"files": paths, "player": player[0] if player else ""}, *lasting)


def _compare(call: Call, studio: "Studio", address: "Address") -> None:
    """Switch between the take, mix or master at a full *address* and what ``review`` compares it with.

    Raises:
        Misused: ``play.compare``; the address names something else.
    """
    from domain.core.refusal import Misused
    from domain.status.review_items import QueueItem
    from orchestrator.cli.commands.listen.comparison_player import beside_kept
    from orchestrator.desk.addressing.addresses import noun_of

    kind = noun_of(address)
    if kind not in {"take", "mix", "master"}:
        raise Misused("play.compare", f"{address} is a {kind}; a take, a mix or a master is compared")
    beside_kept(call, studio, QueueItem(kind, str(address), ""))
