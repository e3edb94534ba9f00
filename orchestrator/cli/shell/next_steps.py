"""Next steps of refusals that suggest none themselves: by rule, else the help of the command.

Tests: ``tests/orchestrator/cli/test_next_steps.py``.
"""

from collections.abc import Mapping
from typing import Final

from domain.core.refusal import Refusal
from orchestrator.cli.shell.suggestions import command_line

PUT_RIGHT: Final = "put the files right where they were made, then the same command again"
PATH: Final = "check the path, which is read from the folder you are in; then the same command again"

NEXT_STEPS: Final[Mapping[str, str]] = {
    "arrange.empty": "takesheet edit song SONG; keep one section at least",
    "arrange.long": "takesheet edit song SONG; cut sections first",
    "audio.none": "takesheet record show RECORD",
    "audio.unsound": "export the file again where it was made, then the same command again",
    "comp.submit": PUT_RIGHT,
    "comp.tracks": PUT_RIGHT,
    "demo.busy": "wait until it has ended, then the same command again",
    "driver.held": "takesheet render; it follows what that process renders",
    "driver.missing": "read that file, then the same command again",
    "edit.fade": "takesheet edit list PART; give shorter fades",
    "edit.outside": "takesheet edit list PART; give a smaller nudge",
    "edit.trim": "takesheet edit list PART; remove them with --reset first",
    "fault": "send that file to whoever looks after this program; nothing was half recorded",
    "file.missing": PATH,
    "file.size": "name another file",
    "import.folder": PATH,
    "install": "install takesheet into an environment of its own",
    "log.conflict": "takesheet log show --limit 5, then the same command again",
    "log.id": "takesheet log verify",
    "lyrics.unknown": "takesheet song attach SONG",
    "machine": "put right what the system says, then the same command again",
    "master.files": PUT_RIGHT,
    "master.match": "give a mono or stereo recording of some seconds of music",
    "master.submit": PUT_RIGHT,
    "mix.open_notes": "takesheet note list MIX",
    "mix.plugins": "takesheet mix plugins",
    "mix.prints": PUT_RIGHT,
    "mix.rough": "bounce it in stereo, then the same command again",
    "mix.submit": PUT_RIGHT,
    "nightly.failed": "takesheet next",
    "note.none": "takesheet note list MIX --all",
    "pass.unknown": "takesheet pass list SONG",
    "play.print": "takesheet mix show MIX",
    "play.target": "takesheet master show MASTER",
    "player.failed": "let player in config.toml name a program that plays WAV files",
    "rate.match": "convert the file to that rate, then the same command again",
    "rebuild": "takesheet log verify --audio",
    "recipe.table": "the same command with one of these tables",
    "redo.nothing": "takesheet log show --limit 5",
    "repair.lost": "export the file again where it was made; the file itself was only read",
    "resource.kind": "takesheet resource list",
    "rating.numbers": "judge it, or go on with another item",
    "review.changed": "takesheet review --export FILE; it writes the table anew",
    "review.compare": "go on with another item",
    "section.which": "takesheet song form SONG",
    "store.config": "put that line of config.toml right, or take it out; then the same command again",
    "store.encoding": "let log in config.toml name a database with the encoding UTF8",
    "store.exists": "name another place; what is in that store: takesheet board",
    "store.here": "takesheet doctor",
    "store.missing": "put the log back there, or restore a backup: takesheet store restore BACKUP DIR",
    "store.opened": "takesheet board",
    "store.owner": "nothing has to be granted; for another account, name its role",
    "store.unwell": "put right what each note says, then: takesheet doctor",
    "studio.shows": "use the command that decides it",
    "take.tracks": "ingest these files as takes of their own, or put them right where they were made",
    "time.past": "the same command without --as-of",
    "undo.nothing": "takesheet log show --limit 5",
    "undo.signature": "takesheet why ADDRESS",
    "why.what": "takesheet record show RECORD",
    "worker.config": "put that file right, then the same command again",
}
"""Next step by rule, for rules that are raised somewhere without one."""


def next_step(refusal: Refusal, help_line: str) -> str:
    """Return the next step of *refusal* as people read it; never empty.

    Args:
        refusal: what was refused.
        help_line: the command that shows the help of the refused one, for words that do not parse.
    """
    return command_line(refusal.next) or NEXT_STEPS.get(refusal.rule) or help_line
