"""The story of the demo, as commands: one song from an empty store to masters."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Final

from orchestrator.cli.demo import band
from orchestrator.cli.demo.driver_process import DriverProcess
from orchestrator.cli.demo.place import LISTEN, MIX, RELEASE, TAPES
from orchestrator.cli.demo.stage import Stage

SINGER: Final = "Ines Falk"
LOUDER_DB: Final = Decimal(2)
REFUSED: Final = 3


def play(stage: Stage) -> None:
    """Play the whole story in the working directory, which must be empty.

    Raises:
        Stopped: a command ended with an unexpected exit code.
        Refusal: ``driver.missing``; ``takesheet up`` does not start.
    """
    _house(stage)
    with DriverProcess(Path()) as driver:
        stage.talk("The night shift comes in, and stays: whatever is decided from now on, it renders at once.")
        stage.show("$ takesheet up &")
        _money(stage)
        _takes(stage)
        driver.ready()
        _mix(stage)
        _masters(stage)
    _proof(stage)


def _house(stage: Stage) -> None:
    stage.scene("The house")
    stage.talk("A label works in a store: a log of every decision, and a vault of audio.")
    stage.type('takesheet init --label "Harbour Records" --currency EUR --timezone Europe/Berlin')
    stage.talk("A record, a song on it, and a singer whose name we know; 'at' makes the tail of an address enough.")
    stage.type('takesheet record new "Night Bus" --artist "The Ferrymen" --due 2027-03-12')
    stage.type('takesheet song add night-bus "Tin Roof"')
    stage.type("takesheet at night-bus/tin-roof")
    stage.type(f'takesheet part add tin-roof "Lead Vocal" --player "{SINGER}"')


def _money(stage: Stage) -> None:
    stage.scene("The money")
    stage.talk("1,200 euros for the studio, and a room at 600 a day.")
    stage.type("takesheet resource add room-a --kind room --rate 600/day")
    stage.type("takesheet budget set night-bus studio=1200 mixing=400")
    book = "takesheet session book night-bus --room room-a --on 2026-12-07 --hours 10-18"
    stage.talk("Three days cost more than there is. The refusal says the rule, the numbers, who may, and how.")
    stage.type(f"{book} --days 3 --line studio", expect=REFUSED)
    stage.talk("Two days it is; the money is promised the moment they are booked.")
    stage.type(f"{book} --days 2 --line studio")


def _takes(stage: Stage) -> None:
    stage.scene("The takes")
    stage.talk(
        f"The band plays {len(band.PASSES)} passes (they are computed), and the recorder leaves its files in '{TAPES}':"
        " drums under four microphones, bass, guitar, a voice. One import sorts them; take check listens for faults."
    )
    band.record(Path(TAPES))
    stage.type(f"takesheet take import tin-roof {TAPES} --session S1 --yes", most=14)
    stage.talk("Pass 2 is the one. One command signs it for the whole band; the vocal is another story.")
    stage.type('takesheet take approve @pass2 --except lead-vocal --why "it breathes"')
    stage.type('takesheet take reject @pass3 --except lead-vocal --why "the bass has a hole at 0:12"')
    stage.type("takesheet take hold @pass1 --except lead-vocal")
    stage.talk("The vocal is a comp: take 1 all through, and over its last bars take 3.")
    stage.type("takesheet take approve lead-vocal/1")
    stage.type('takesheet take approve lead-vocal/3@0:19.2-0:28.8 --why "she means every word"')
    stage.type("takesheet take keep lead-vocal/2")
    stage.type("takesheet comp show lead-vocal")


def _mix(stage: Stage) -> None:
    stage.scene("The mix")
    stage.talk("A mix is a recipe, a text you can read. This one is drafted from what the takes measure.")
    stage.type(f"takesheet mix draft tin-roof > {MIX}")
    text = Path(MIX).read_text(encoding="utf-8")
    stage.show(*_strip(text, "lead-vocal"))
    stage.type(f'takesheet mix revise tin-roof {MIX} --why "a first balance"')
    stage.talk("'render' renders what is not rendered yet: here it follows `takesheet up`, which has begun already.")
    stage.type("takesheet render")
    stage.talk("Before anybody signs, a listening copy; its name says that it is no more than that.")
    stage.type(f"takesheet export @mix1 {LISTEN} --preview")
    stage.type(f"takesheet measure {LISTEN}/tin-roof_mix1_main_REF.wav")
    stage.talk("An approval signs these very samples, not a file name.")
    stage.type("takesheet mix approve @mix1")
    text, was, now = louder(text, "lead-vocal", LOUDER_DB)
    Path(MIX).write_text(text, encoding="utf-8")
    stage.talk(
        f"Next morning the voice is too shy. In {MIX}, under [strips.lead-vocal], gain_db goes from {was} to {now}."
        " The edits stand, so the mix alone is rendered."
    )
    stage.type(f'takesheet mix revise tin-roof {MIX} --why "the voice {LOUDER_DB} dB up"')
    stage.type("takesheet render")
    stage.type('takesheet mix approve @mix2 --why "now she sings to me"')


def _masters(stage: Stage) -> None:
    stage.scene("The masters")
    stage.talk("One plan, two targets: 24 bits for streaming, 44.1 kHz and 16 bits for CD, each with its loudness.")
    stage.type("takesheet master plan night-bus --target streaming --target cd")
    stage.type("takesheet render")
    stage.type("takesheet master show @master1")
    stage.talk("Only approved audio is exported.")
    stage.type("takesheet master approve @master1")
    stage.type(f"takesheet export @master1 {RELEASE}")


def _proof(stage: Stage) -> None:
    stage.scene("The proof")
    stage.talk("Why does it sound like this? Down to each take: who decided, when, and for what reason.")
    stage.type("takesheet why @master1", most=9)
    stage.type("takesheet why lead-vocal")
    stage.talk("Is the log whole? Every event is chained to the one before it, every blob is there.")
    stage.type("takesheet log verify --views")
    stage.talk("Can the record be made again? From the takes on, all of it, compared bit for bit.")
    stage.type("takesheet rebuild @master1", most=9)
    stage.talk("And the board, as the label sees it.")
    stage.type("takesheet board")


def _strip(text: str, name: str) -> list[str]:
    """Return the lines of one strip of a recipe, with the comment above it."""
    found = re.search(rf"^(#[^\n]*\n)?\[strips\.{re.escape(name)}\]\n(?:[^\n]+\n)*", text, re.MULTILINE)
    assert found, f"the draft has a strip {name}"
    return found[0].splitlines()


def louder(text: str, name: str, by_db: Decimal) -> tuple[str, str, str]:
    """Raise the fader of the strip *name* in the recipe *text* by *by_db*; return text, old and new gain in dB."""
    strip = "\n".join(_strip(text, name))
    found = re.search(r"^gain_db = (\S+)$", strip, re.MULTILINE)
    assert found, "a strip of a draft has a fader"
    now = str(Decimal(found[1]) + by_db)
    return text.replace(strip, strip.replace(found[0], f"gain_db = {now}", 1), 1), found[1], now
