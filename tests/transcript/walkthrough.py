"""The script of ``docs/walkthrough.md``: one record from an idea to approved masters, over ten weeks."""

from pathlib import Path

import numpy as np
import soundfile

from tests.orchestrator.sounds import RATE, note, stamped
from tests.transcript.stage import Stage

INTRODUCTION = """
# A record, from an idea to its masters

Ten weeks of one record with `takesheet`, through the hands of a label (mia), a producer (pat), an artist (ann), an
outside mixer (robin) and their players. Commands follow `$`; a key that was pressed stands behind the prompt that
asked for it. The tests run every line, by the clock that each heading gives, and compare what is printed (`python -m
tests.transcript` writes this page anew); hashes and seconds taken are shown as constants.
"""
LYRICS = """[00:01.00]The last bus turns at the harbour
[00:03.00]and nobody gets on
[00:06.00]Night bus, take me home
[00:09.00]night bus, take me home
"""
MIX = """[strips.drums]
gain_db = -6

[strips.bass]
gain_db = -6

[strips.lead-vocal]
gain_db = {vocal}
"""
ANSWER = """Hi Pat,

heard it on the bus. 0:07 vocal still a bit louder in the chorus please.
At 0:13 the second chorus could lift more.

Ann
"""
SECONDS, DAY = 12.0, "2026-12-07"


def walkthrough(folder: Path) -> str:
    """Play the record in an empty *folder*; return the transcript as Markdown."""
    stage = Stage(folder, "2026-12-01T20:00")
    stage.tell(INTRODUCTION)
    for section in (
        _begin, _plan, _ready, _record, _judge, _mix, _hand_over, _master, _sign,
    ):  # fmt: skip
        section(stage)
    return stage.text()


def _begin(stage: Stage) -> None:
    """A label, its people, a record and the idea that becomes a song."""
    stage.tell("## Tuesday, 1 December: an idea, and a record with money")
    stage.type('init . --label "Harbour Records" --currency EUR --timezone Europe/Berlin --as mia')
    stage.type("user add pat --role producer --as mia")
    stage.type("user add ann --role artist --as mia")
    stage.type('record new "Night Bus" --artist "Ann Rivers" --due 2027-03-12')
    note(stage.label.folder / "memo.wav", 196.0, seconds=6.0)
    stage.type("idea add memo.wav --title 'Last Bus'")
    stage.type("idea promote I1 night-bus")
    stage.type("at night-bus")
    stage.type("brief night-bus --intent 'the last bus, from inside' --audience 'whoever goes home late'")
    stage.type("part add last-bus Drums --player drew")
    stage.type("part add last-bus Bass --player kim")
    stage.type("part add last-bus 'Lead Vocal' --player ann")
    stage.type("part add last-bus Demo --guide")
    stage.tell("A demo of the whole song sets its sample rate, and with it the times of its form and its lyrics.")
    note(stage.label.folder / "demo.wav", 98.0, seconds=SECONDS)
    stage.type("take ingest last-bus/demo demo.wav")
    stage.type("song form last-bus verse1=0:00 chorus1=0:06 end=0:12 --tempo 120")
    (stage.label.folder / "lyrics.txt").write_text(LYRICS, encoding="utf-8")
    stage.type("song attach last-bus --lyrics lyrics.txt")
    (stage.label.folder / "chart.txt").write_text("Am F C G", encoding="utf-8")
    stage.type("song describe last-bus --key Am --chart chart.txt --reference memo.wav")
    stage.type("budget set night-bus studio=1200 musicians=500 mixing=400 --as mia")
    stage.set_up()


def _plan(stage: Stage) -> None:
    """Rooms and people with their prices; a day that fits, and one that does not."""
    stage.tell("## Wednesday, 2 December: a day that fits the budget")
    stage.clock.set("2026-12-02T11:00")
    stage.type("room add room-a --day 600/10h --cancel 7d=50,48h=100")
    stage.type("person add drew --call 250/3h")
    stage.type("person add kim --call 200/3h")
    stage.type("person add ann --call 0/3h")
    stage.type("session plan night-bus --room room-a --on 2026-12-07 --hours 10-18 --line studio --dry-run")
    stage.type(
        "session book night-bus --room room-a --with drew,kim,ann --on 2026-12-07 --hours 10-18 --line studio", code=3
    )
    stage.type("session book night-bus --room room-a --with drew,kim,ann --on 2026-12-07 --hours 10-13 --line studio")
    stage.type("session ask S1")
    stage.type("session answer S1 drew yes")
    stage.type("session answer S1 kim yes")
    stage.type("session answer S1 ann yes")
    stage.type("session book night-bus --room room-a --on 2026-12-07 --hours 12-16 --line studio", code=5)
    stage.type("budget show night-bus")


def _ready(stage: Stage) -> None:
    """The session's readiness."""
    stage.tell("## Sunday, 6 December: is everything ready?")
    stage.clock.set("2026-12-06T19:00")
    stage.type("session ready S1")


def _record(stage: Stage) -> None:
    """The day itself: slates before any file, then the files of the recorder."""
    stage.tell("## Monday, 7 December: the session")
    stage.clock.set("2026-12-07T10:00")
    stage.type("session goal S1 'drums and bass by noon, the singer after'")
    stage.lead(
        "session run S1",
        (f"{DAY}T10:05:00", "s drums, bass"), (f"{DAY}T10:06:00", "space"), (f"{DAY}T10:06:13", "space"),
        (f"{DAY}T10:06:20", "r"), (f"{DAY}T10:10:00", "space"), (f"{DAY}T10:10:13", "space"),
        (f"{DAY}T10:10:15", "k"), (f"{DAY}T10:30:00", "s lead-vocal"), (f"{DAY}T10:31:00", "space"),
        (f"{DAY}T10:31:13", "space"), (f"{DAY}T10:31:20", "k"), (f"{DAY}T10:35:00", "space"),
        (f"{DAY}T10:35:05", "m"), (f"{DAY}T10:35:13", "space"), (f"{DAY}T10:35:20", "k"), (f"{DAY}T10:36:00", "c"),
    )  # fmt: skip
    for time, hz, names in (
        ("10:06:00", 60.0, ("Drums", "Bass")), ("10:10:00", 64.0, ("Drums", "Bass")),
        ("10:31:00", 330.0, ("Lead Vocal",)), ("10:35:00", 340.0, ("Lead Vocal",)),
    ):  # fmt: skip
        for name in names:
            _recording(stage.label.folder / "recorder" / f"{name}_{time.replace(':', '')}.wav", time, hz + len(name))
    stage.clock.set(f"{DAY}T13:10")
    stage.type("take import last-bus recorder --session S1", "y\n", "y\n")
    stage.type("session wrap S1 --thanks 'A quiet, good day.'")


def _recording(path: Path, time: str, hz: float) -> None:
    """A file that a recorder, whose clock is two seconds ahead, began at *time* of the day."""
    hours, minutes, seconds = (int(piece) for piece in time.split(":"))
    reference = (hours * 3600 + minutes * 60 + seconds + 2) * RATE
    stamped(path, hz, reference=reference, seconds=SECONDS, when=f"{time[:6]}{seconds + 2:02d}")


def _judge(stage: Stage) -> None:
    """Verdicts on the takes, a comp, and another order of the song."""
    stage.tell("## Tuesday, 8 December: judging, and an edit")
    stage.clock.set("2026-12-08T20:00")
    stage.type("take list last-bus")
    stage.type("take approve last-bus/drums/2 last-bus/bass/2 last-bus/lead-vocal/1")
    stage.type("take approve last-bus/lead-vocal/2@chorus1 --why 'she means it'")
    stage.type("comp show last-bus/lead-vocal")
    stage.type("edit song last-bus --repeat chorus1")
    stage.type("next")


def _mix(stage: Stage) -> None:
    """Two mixes, their difference, and the answer of an artist on a bus."""
    stage.tell("## Wednesday, 9 December: two mixes, and what the artist says")
    stage.clock.set("2026-12-09T16:00")
    (stage.label.folder / "mix.toml").write_text(MIX.format(vocal=-6), encoding="utf-8")
    stage.type("mix revise last-bus mix.toml --why 'first balance'")
    stage.type("render last-bus")
    stage.type("note @mix1 'vocal up into the chorus' --at 0:06")
    (stage.label.folder / "mix.toml").write_text(MIX.format(vocal=-3), encoding="utf-8")
    stage.type("mix revise last-bus mix.toml --why 'vocal 3 dB up'")
    stage.type("render last-bus")
    stage.type("mix diff @mix2")
    stage.type("note done N1")
    stage.type("send @mix2 --to ann --format mp3 --out outbox")
    stage.clock.set("2026-12-09T22:40")
    (stage.label.folder / "answer.txt").write_text(ANSWER, encoding="utf-8")
    stage.type("answer @mix2 answer.txt --from ann --verdict changes")
    stage.type("note list last-bus")


def _hand_over(stage: Stage) -> None:
    """A mixer elsewhere gets all that is needed; what comes back stands on the same hashes."""
    stage.tell("## Friday, 11 December: an outside mixer")
    stage.clock.set("2026-12-11T10:00")
    stage.type("deal add night-bus --who robin --role mixer --fee 150/song --revisions 3 --line mixing")
    stage.type("handoff give last-bus outbox --to robin --for mix")
    _mix_elsewhere(stage.label.folder)
    stage.clock.set("2026-12-14T18:00")
    stage.type(
        "mix submit last-bus robin/main.wav drums=robin/drums.wav bass=robin/bass.wav "
        "lead-vocal=robin/lead-vocal.wav --by robin --from H1"
    )
    stage.type("handoff list")
    stage.type("mix compare @mix2 @mix3", "1", "2", "q")
    stage.type("note done n2 n3 n4")
    stage.type("mix approve @mix3 --why 'this is the one'")
    stage.type("mix version @mix3 instrumental")


def _mix_elsewhere(folder: Path) -> None:
    """Robin's mix of the tracks that the handoff holds: stems at a level of their own, and their sum."""
    [tracks] = {file.parent for file in (folder / "outbox").rglob("drums_main.wav")}
    stems = {}
    for part, level in (("drums", 0.5), ("bass", 0.5), ("lead-vocal", 0.7)):
        sound, _ = soundfile.read(tracks / f"{part}_main.wav", always_2d=True)
        stems[part] = np.repeat(sound[:, :1], 2, axis=1) * level
    (folder / "robin").mkdir()
    for name, sound in {"main": sum(stems.values()), **stems}.items():
        soundfile.write(folder / "robin" / f"{name}.wav", sound, RATE, subtype="PCM_24")


def _master(stage: Stage) -> None:
    """The record as a record."""
    stage.tell("## Monday, 11 January: the master")
    stage.clock.set("2027-01-11T14:00")
    stage.type("master plan night-bus --target streaming --target cd")
    stage.type("render night-bus")
    stage.type("master check @master1")
    stage.type("master advice @master1")


def _sign(stage: Stage) -> None:
    """Two people sign what they heard; the record says why it sounds as it does."""
    stage.tell("## Friday, 15 January: two signatures, and the proof")
    stage.clock.set("2027-01-15T11:00")
    stage.type("master approve @master1")
    stage.type("signoff open night-bus --who artist,label --due 2027-01-20")
    stage.type("signoff give G1 --for ann --evidence 'yes, that is my record'")
    stage.type("record check night-bus", code=6)
    stage.type("signoff give G1 --as mia")
    stage.type("signoff show G1")
    stage.type("record check night-bus")
    stage.type("why @master1@0:07")
    stage.type("rebuild @master1")
    stage.type("log verify --as mia")
