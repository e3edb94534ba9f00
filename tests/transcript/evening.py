"""The script of the transcript ``docs/evening.md``: a producer's evening at a terminal, with its mistypes."""

from pathlib import Path

from tests.orchestrator.sounds import note
from tests.transcript.stage import Stage

INTRODUCTION = """
# An evening

A producer's evening with `takesheet`, from a recorder's folder to an approved master, on a terminal of 80 columns,
with its mistypes. Commands follow `$`; a key that was pressed stands behind the prompt that asked for it. The tests run
every line and compare what is printed (`python -m tests.transcript` writes this page anew); only hashes and seconds
taken are shown as constants. The player is a stand-in that sounds until it is stopped.
"""
GOOD = """[strips.drums]
gain_db = -3
compressor = { threshold_db = -18, ratio = 3 }

[strips.bass]
gain_db = -4

[strips.lead-vocal]
gain_db = -2
"""
FERRY = """[strips.bass]
gain_db = -4

[strips.lead-vocal]
gain_db = -2
"""
BAD = GOOD.replace("ratio", "ratoi")


def evening(folder: Path) -> str:
    """Play the evening in an empty *folder*; return the transcript as Markdown."""
    stage = Stage(folder, "2027-02-05T20:15")
    for number in (1, 2):
        for step, name in enumerate(("Kick In", "Snare Top", "Bass", "Lead Vocal")):
            note(folder / "recorder" / f"{name}_{number:02d}.wav", 110.0 * (step + 1) + number, seconds=12.0)
    for name, hz in (("Bass", 98.0), ("Lead Vocal", 392.0)):
        note(folder / "ferry" / f"{name}_01.wav", hz, seconds=12.0)
    stage.tell(INTRODUCTION)
    for section in (_book, _import, _judge_takes, _mix, _master):
        section(stage)
    return stage.text()


def _book(stage: Stage) -> None:
    """The record, its money and its sessions."""
    stage.tell("## The record and its money")
    stage.type('init . --label "Harbour Records" --currency EUR --timezone Europe/Berlin')
    stage.type('record new "Night Bus" --artist "The Ferrymen" --due 2027-03-12')
    stage.type('song add night-bus "Tin Roof"')
    stage.type('song add night-bus "Ferry"')
    stage.type("budget set night-bus studio=1200")
    stage.type("resource add room-a --kind room --rate 600/day")
    stage.type("session book night-bus --room room-a --on 2027-02-08 --hours 10-18 --line studio")
    stage.type("session book night-bus --room room-a --on 2027-02-09 --hours 10-18 --line studio")
    stage.tell("Two days are all that the line pays; the third is refused to the cent, and nothing was recorded.")
    stage.type("session book night-bus --room room-a --on 2027-02-10 --hours 10-18 --line studio", code=3)
    stage.type("budget list")


def _import(stage: Stage) -> None:
    """A recorder's folder, and addresses that are mistyped."""
    stage.tell("## What the recorder left")
    stage.type("at tin-rof", code=4)
    stage.type("at night-bus/tin-rof", code=4)
    stage.type("at night-bus/tin-roof")
    stage.type("take import tin-roof recorder", "y\n")
    stage.type("take import night-bus/ferry ferry --yes")
    stage.type("take list night-bus")
    stage.set_up()
    stage.type("next")


def _judge_takes(stage: Stage) -> None:
    """Takes are kept, approved by the pass and by a span; one is undone."""
    stage.tell("## Judging takes")
    stage.type("review tin-roof", "p", " ", "q", "k", "c", "1", "2", "q", "y", "i", "s", "q")
    stage.type("take approve @pass1")
    stage.type("take approve lead-vocl/2", code=4)
    stage.type("take approve lead-vocal/2 --from 0:04 --to 0:08 --why 'the second line soars'")
    stage.type("comp show lead-vocal")
    stage.type("undo")
    stage.type("redo")
    stage.type("take approve night-bus/ferry/bass/1 night-bus/ferry/lead-vocal/1")
    stage.type("note lead-vocal/2 'ask her about the breath' --private")


def _mix(stage: Stage) -> None:
    """A mix whose recipe has a mistype, and its approval, before and after a change."""
    stage.tell("## A mix")
    stage.let_the_editor_leave(BAD, GOOD)
    stage.type("mix edit tin-roof --why 'first balance'", "e")
    stage.let_the_editor_leave(FERRY)
    stage.type("mix edit night-bus/ferry --why 'first balance'")
    stage.type("render")
    stage.type("review", "s", "s", "p", "l", "l", "→", "q", "i", "a", "a")
    stage.tell("She moves a word of the singer to the other take, and the mix is no longer what was signed.")
    stage.type("take approve lead-vocal/1 --from 0:04 --to 0:06")
    stage.type("render")
    stage.type("mix list tin-roof")
    stage.type("review @mix1", "c", "1", "2", "q", "n", "the breath before the chorus is gone\n", "a")
    stage.type("note list night-bus")
    stage.type("why @mix1")


def _master(stage: Stage) -> None:
    """The record is heard as a record, and its master is signed."""
    stage.tell("## The record as a record")
    stage.type("playback night-bus", "↓", "a", "q")
    stage.type("master plan night-bus --target streaming")
    stage.type("render")
    stage.type("playback night-bus --joins", "q")
    stage.type("playback night-bus", "n", "a little more air\n", "↓", "a", "q")
    stage.type("master list night-bus")
    stage.type("master advice @master1")
    stage.type("next")
    stage.type("board")
    stage.type("log show --limit 6")
