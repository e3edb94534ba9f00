"""``mix``: drafting, revising, editing, submitting and approving.

Tests: ``tests/orchestrator/cli/test_release.py``.
"""

from pathlib import Path
from typing import Annotated, cast

import typer

from orchestrator.cli.printing.table import rounded
from orchestrator.cli.shell.arguments import MixArgument, OutputOption, SongArgument, WhyOption
from orchestrator.cli.shell.corrections import add_corrections
from orchestrator.cli.shell.frame import Call, command, noun

mix = noun("Mixes: draft, revise, edit, submit, approve.")

Impulse = Annotated[
    list[str] | None,
    typer.Option(
        "--impulse", metavar="NAME=FILE", help="An impulse response that RECIPE uses; may be repeated. It is kept."
    ),
]


@command(mix)
def draft(call: Call, song: SongArgument) -> None:
    """Print a first recipe for SONG, measured from its keepers.  No render is needed; stdout is only TOML."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.mixes.mixes import draft as draft_text

    with call.studio() as studio:
        text = draft_text(studio, addresses.song(studio, song))
    call.done({"recipe": text}, text.rstrip("\n"))


@command(mix)
def fields(
    call: Call,
    table: Annotated[str, typer.Argument(metavar="TABLE", help="Such as strips, compressor or buses.delay.")] = "",
) -> None:
    """List every field of a mix recipe, or of one TABLE of it, with its range and its default."""
    from domain.recipe.mix import MixRecipe
    from orchestrator.cli.shell.recipe_fields import list_fields

    list_fields(call, table, MixRecipe, default="unsaid")  # the key that programs have read since 0.1.0


@command(mix)
def plugins(
    call: Call,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Load this one, and list its parameters.")] = None,
) -> None:
    """List the third-party plug-ins that config.toml allows, or the parameters and the state of plug-in NAME."""
    from orchestrator.desk.mixes.plugins import allowed_plugins, asked_plugin
    from orchestrator.store.trust_refusals import trust_command

    with call.studio() as studio:
        config = studio.config
    if name is None:
        empty = f"{config.folder}/config.toml names no plug-ins under [plugins]"
        if "plugins" in config.withheld:
            empty = f"the plug-ins of this store are loaded once you trust it: {trust_command(config.folder)}"
        call.table(allowed_plugins(config), ["plugin", "path", "there"], empty=empty)
        return
    told = asked_plugin(config, name)
    values = cast("dict[str, str]", told["parameters"])
    lines = [f"made by {told['made']}", f"{told['latency_frames']} frames late", f'state = "{told["state"]}"']
    call.done(told, *lines, *(f"{field} = {value}" for field, value in values.items()))


@command(mix)
def revise(
    call: Call, song: SongArgument, recipe: Annotated[Path, typer.Argument(metavar="RECIPE", help="TOML; - is stdin.")],
    impulse: Impulse = None, why: WhyOption = None,
) -> None:  # fmt: skip
    """Make RECIPE the newest revision of SONG; prints its address, even if it is the newest already.

    Later revisions that name an impulse use the same file, until --impulse gives another file for the name.
    """
    from orchestrator.cli.shell.editor import impulses_of, read_text
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.booking.deals import round_remarks
    from orchestrator.desk.mixes.mixes import revise_mix

    files, text = impulses_of(impulse or []), read_text(recipe)
    with call.studio() as studio:
        name = addresses.song(studio, song)
        address = revise_mix(studio, name, text, impulses=files, why=why)
        rounds = round_remarks(studio, name, asks=False)
    call.done({"address": address}, address)
    call.say(*rounds, "next: takesheet render")


@command(mix)
def edit(call: Call, song: SongArgument, impulse: Impulse = None, why: WhyOption = None) -> None:
    """Open the newest recipe of SONG (or a draft) in $EDITOR, and make the result a new revision.

    After a mistake the editor opens again at its line, or the text is kept in a file that is named.
    """
    from orchestrator.cli.shell.editor import edit_until_valid, impulses_of
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.mixes.mixes import draft as draft_text
    from orchestrator.desk.mixes.mixes import newest_text, revise_mix

    files = impulses_of(impulse or [])
    with call.studio() as studio:
        name = addresses.song(studio, song)
        old = newest_text(studio, name) or draft_text(studio, name)
        address = edit_until_valid(
            call,
            old,
            lambda text: revise_mix(studio, name, text, impulses=files, why=why),
            f"takesheet mix revise {name} FILE",
        )
    call.done({"address": address}, address)


@command(mix)
def submit(
    call: Call,
    song: SongArgument,
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="FILE is the main print; VERSION=FILE another.")],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who made it.")],
    from_: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="HANDOFF|HASH",
            help="A handoff such as H1; or the hash of the comps they had, by comp manifest.",
        ),
    ] = None,
    why: WhyOption = None,
) -> None:
    """Submit a mix made elsewhere: its prints are checked, and it depends on the comps its maker was given.

    Without --from these are the present comps; the mix no longer holds when one of them changes.
    """
    from orchestrator.cli.shell.editor import prints_of
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.submissions.outside_mixes import submit_mix

    prints = prints_of(files)
    with call.studio() as studio:
        done = submit_mix(studio, addresses.song(studio, song), prints, maker=by, made_from=from_, why=why)
    call.say(*done.notes)
    call.done({"address": done.address, "notes": list(done.notes)}, done.address)


@command(mix)
def version(
    call: Call,
    mix: MixArgument,
    version: Annotated[str, typer.Argument(metavar="VERSION", help="instrumental, a-cappella, tv or clean.")],
    why: WhyOption = None,
) -> None:
    """Sum VERSION of the mix at MIX from its stems, rendered here or submitted, without a render.

    It says how nearly all stems add up to the main print, and is then a print of the mix: play, export, rebuild.
    """
    from domain.mixes.versions import summed_name
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.mixes.versions import make_version

    name = summed_name(version)
    with call.studio() as studio:
        made = make_version(studio, addresses.find(studio, mix, "mix"), name, why=why)
    call.say(*made.lines())
    call.done(made.row(), f"{made.version.address} {name}")
    call.say("no verdict on the mix was given on it: listen to it before it goes out")
    call.say(f"next: takesheet play {made.version.address} --print {name}")


@command(mix)
def approve(
    call: Call,
    mix: MixArgument,
    output: OutputOption = None,
    alternate: Annotated[
        bool, typer.Option("--alternate", help="As a variant: the chosen mix, which masters hold, stays.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Also while notes on it are open, without a question.")] = False,
    why: WhyOption = None,
) -> None:
    """Approve the present sound of the mix at MIX, which becomes the song's chosen mix, whatever its number.

    If notes on it or on earlier mixes are open, they are listed, and you are asked.
    """
    from orchestrator.cli.commands.daily.approvals import give_verdict

    give_verdict(call, mix, "mix", "approved", output, why, alternate=alternate, yes=yes)


@command(mix)
def reject(call: Call, mix: MixArgument, output: OutputOption = None, why: WhyOption = None) -> None:
    """Reject the present sound of the mix at MIX."""
    from orchestrator.cli.commands.daily.approvals import give_verdict

    give_verdict(call, mix, "mix", "rejected", output, why)


@command(mix, "list", reads=True)
def list_(call: Call, song: SongArgument) -> None:
    """List the revisions of SONG with their status."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.label.boards import mix_rows

    with call.studio() as studio:
        rows = mix_rows(studio, addresses.song(studio, song))
    call.table(rows, ["address", "title", "made", "standing", "remark", "open_notes", "why"], spare=["made", "title"])


@command(mix, reads=True)
def show(call: Call, mix: MixArgument) -> None:
    """Print the recipe of the mix at MIX, as it was stored."""
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.mixes.mixes import shown_revision

    with call.studio() as studio:
        facts = shown_revision(studio, addresses.find(studio, mix, "mix"))
    call.say(*filter(None, [str(facts["remark"])]), *(f"note {line}" for line in cast("list[str]", facts["note_list"])))
    call.say(*cast("list[str]", facts["impulses"]), *cast("list[str]", facts["not_reproducible"]))
    call.done(facts, str(facts["recipe"] or f"made outside by {facts['maker']}").rstrip("\n"))


@command(mix, reads=True)
def diff(
    call: Call,
    mix: MixArgument,
    other: Annotated[
        str | None, typer.Argument(metavar="OTHER", help="Another mix of the song, such as @mix2.")
    ] = None,
) -> None:
    """Compare OTHER with MIX: the recipes in words, and the place and level of the difference of their prints.

    Without OTHER, MIX is compared with the revision before it.
    """
    from orchestrator.desk.mixes.mix_diff import compare
    from orchestrator.desk.record_state.revisions import audible_print, before, mixes_named

    with call.studio() as studio:
        (last, *earlier) = reversed(mixes_named(studio, [mix, other] if other else [mix]))
        found = compare(
            studio, audible_print(studio, earlier[0] if earlier else before(last)), audible_print(studio, last)
        )
    call.say(*found.notes)
    call.done(found.as_dict(), *found.lines())


@command(mix, reads=True)
def compare(
    call: Call,
    mixes: Annotated[list[str], typer.Argument(metavar="MIX", help="Two or more of a song; @mix2 will do after one.")],
) -> None:
    """Measure MIXes and the gain that makes each as loud as the softest; on a terminal, listen to them in turn."""
    from orchestrator.cli.commands.listen.comparison_player import listen
    from orchestrator.desk.listening.player import player_note, player_of
    from orchestrator.desk.mixes.loudness_match import match
    from orchestrator.desk.record_state.revisions import audible_print, mixes_named

    with call.studio() as studio:
        matched = match(studio, [audible_print(studio, one) for one in mixes_named(studio, mixes)])
        player = player_of(studio)
        call.say(*player_note(studio.config))
    rows = [one.row() for one in matched]
    call.say(*(one.note for one in matched if one.note))
    call.table(rows if call.json else [rounded(row) for row in rows], list(rows[0]))
    listen(call, player, matched)


@command(mix)
def rough(
    call: Call,
    song: SongArgument,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A stereo file; the newest mix where it is left out.")
    ] = None,
    promote: Annotated[
        bool, typer.Option("--promote", help="Make what is pinned a mix revision, made outside.")
    ] = False,
    why: WhyOption = None,
) -> None:
    """Pin FILE, or the newest rendered mix, as the rough of SONG, to which play --rough and review compare mixes."""
    from domain.core.refusal import Misused
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.mixes.rough_mix import pin_rough, promote_rough

    if promote and file:
        raise Misused("mix.rough", "--promote makes what is pinned a mix; pin FILE first, without it")
    with call.studio() as studio:
        name = addresses.song(studio, song)
        if promote:
            address = promote_rough(studio, name, why=why)
            call.done({"address": address}, address)
            return
        pinned = pin_rough(studio, name, file, why=why)
    call.done({"song": name, "origin": pinned.origin, "pcm": pinned.sound.pcm}, f"{name}: {pinned.origin}")


add_corrections(mix, "mix", "night-bus/tin-roof@mix2", leaves="It leaves lists, review, renders and new masters.")
