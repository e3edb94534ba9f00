"""Every command of the command line, read from the command tree so that none is missed, with arguments to call it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from orchestrator.cli.main import WORDS, load
from tests.orchestrator.label import SONG
from tests.orchestrator.sounds import note

ALONE: Final = frozenset({
    "init", "demo", "measure", "mix fields", "master fields", "log keygen", "store restore", "take repair", "trust",
    "start",
})  # fmt: skip
"""Commands that open no existing store by ``--store``; ``trust`` reads only its settings."""

APART: Final = frozenset({"render", "nightly", "up", "rebuild", "review"})
"""Commands that may run for long: each runs in a process of its own, with a time limit."""

SAID: Final = {
    "RECORD": "night-bus", "SONG": SONG, "PART": f"{SONG}/drums", "TAKE": f"{SONG}/drums/1", "MIX": f"{SONG}@mix1",
    "MASTER": "night-bus@master1", "ADDRESS": f"{SONG}/drums/1", "ADDRESS|FILE": f"{SONG}/drums/1", "TARGET": SONG,
    "TAKE|FILE": f"{SONG}/drums/1", "PASS": f"{SONG}@pass1", "NAME=TIME": "verse=0:00", "NAME=PERCENT": "ann=100",
    "IDEA": "I1", "RECORDING": "R1", "RECORD|SONG": "night-bus", "SONG|PART": SONG,
    "RECORD|SONG|PART": "night-bus",
    "PIECE": "verse=1", "VERSION": "tv",
    "PLACE=TAKE": "0:00=1", "LINE=AMOUNT": "studio=10.00", "AMOUNT": "1.00", "PLACE": "moved.db", "TITLE": "Ferry",
    "FROM": "1", "TO": "1", "POSITION": "1",
    "LINE": "studio", "MONTH": "2026-01", "DEAL": "night-bus/D1", "FROM_LINE": "studio", "TO_LINE": "mixing",
    "yes|no|other": "yes", "HANDOFF": "night-bus/H1", "SIGNOFF": "night-bus/G1",
}  # fmt: skip
OPTIONS: Final = {
    "copies": "a,b",
    "role": "producer", "artist": "The Ferrymen", "invoice": "9", "by": "Ann", "why": "a trial", "payee": "Hire",
    "until": "2999-12-31", "session": "night-bus/S1", "who": "Ann", "fee": "10.00", "first": "2999-12-01",
    "receiver": "Ann", "purpose": "mix",
    "last": "2999-12-31", "from_": "2999-12-01", "to": "2999-12-02", "speaker": "Ann",
}  # fmt: skip
MORE: Final = {
    "mix compare": ["@mix1"],
    "user erase": ["--yes"],
    "trust": ["--list"],
    "idea add": ["--text", "words"],
    "answer": ["no.txt"],
    "take watch": ["--once", "--settle", "0"],
    "setup save": ["U47; preamp=1073"],
}
"""Arguments beyond the required ones."""


IN_SESSION: Final = frozenset(
    {
        "session show",
        "session ready",
        "session goal",
        "session next",
        "session moment",
        "session call",
        "session wrap",
        "session report",
        "session runorder",
        "session archive",
    }
)
"""Commands of one session."""


def commands(room: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each command, and its words with all required arguments; files are in *room*."""
    sound, recipe = note(room / "sound.wav", 80, seconds=0.5), room / "recipe.toml"
    recipe.write_text("[strips.drums]\ngain_db = -6\n")
    (room / "folder").mkdir()
    said = SAID | {"RECIPE": str(recipe), "FOLDER": str(room / "folder"), "DIR": str(room / "folder")}
    for name, command in _leaves():
        words = name.split()
        for parameter in (one for one in command.params if one.required):
            if parameter.param_type_name == "option":
                words += [parameter.opts[0], OPTIONS[parameter.name]]
            elif parameter.name == "files":
                words.append(str(sound))
            else:
                unnamed = str(room / name.replace(" ", "-")) if parameter.name in {"file", "url"} else "word"
                place = "night-bus/S1" if name in IN_SESSION else said.get(parameter.metavar or "", unnamed)
                words.append(place)
        yield name, [*words, *MORE.get(name, [])]


def _leaves() -> Iterator[tuple[str, Any]]:
    for word in WORDS:
        found = load(word)
        nested = getattr(found, "commands", None)
        yield from ((f"{word} {name}", leaf) for name, leaf in nested.items()) if nested else [(word, found)]
