"""MIDI file reader: a score or a one-sentence refusal, in bounded time and memory for any bytes.

Standard MIDI Files 1.0 (RP-001).  Tracks of format 1 sound together, those of format 2 one after the other.
"""

import io
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, NamedTuple

import mido
from mido.midifiles.meta import KeySignatureError

from dsp.audio import Unsound
from dsp.midi.chunks import HEAD, RMID_HEAD_BYTES, is_rmid, standard
from dsp.midi.score import Division, Note, Score, Tempo

MOST_BYTES: Final = 2 << 20
"""Ninety minutes of dense piano with half-pedalling take less than one MiB; mido reads this much in some seconds."""
MOST_NOTES: Final = 200_000
LONGEST_PAUSE: Final = (1 << 28) - 1
"""Ticks; the largest variable-length number, four bytes of seven bits."""

LONG_RUN: Final = re.compile(rb"[\x80-\xff]{4096}")
"""mido reads a variable-length number of any length, in quadratic time; no text or dump has such a run."""

SMPTE: Final = {24: Fraction(24), 25: Fraction(25), 29: Fraction(30_000, 1001), 30: Fraction(30)}
FORMATS: Final = 3
UNTOLD_TEMPO: Final = 500_000
"""Default tempo in microseconds a quarter: 120 bpm."""

SUSTAIN, ALL_SOUND_OFF, RESET, ALL_NOTES_OFF, PEDAL_DOWN = 64, 120, 121, 123, 64


class MidiPerformance(NamedTuple):
    """A message of a track, at its tick."""

    tick: int
    message: Any
    """A mido message; mido ships no types."""


class MidiNote(NamedTuple):
    """The stroke of a key."""

    tick: int
    velocity: int


def is_midi(path: Path) -> bool:
    """True if a file begins like a MIDI file; False also for one that cannot be read."""
    try:
        if not path.is_file():
            return False  # opening a pipe would wait for its writer
        with path.open("rb") as file:
            head = file.read(RMID_HEAD_BYTES)
            return head.startswith(HEAD) or is_rmid(head)
    except (OSError, ValueError):
        return False  # opening it as sound reports the reason


def read_midi(path: Path) -> Score:
    """Read a MIDI file.

    Raises:
        Unsound: the file is truncated, damaged, larger or longer than any performance, or has no notes.
        OSError: the file cannot be read.
    """
    return parse(read_bytes(path))


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, cut off one byte beyond the size that :func:`parse` accepts.  Raises: OSError."""
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def parse(data: bytes) -> Score:
    """Parse the bytes of a MIDI file.  Raises: Unsound; as :func:`read_midi`."""
    if len(data) > MOST_BYTES:
        raise Unsound(f"it is larger than {MOST_BYTES >> 20} MiB, and no performance is")
    if LONG_RUN.search(data):
        raise Unsound("it is damaged: 4096 bytes in a row that no MIDI message begins or ends with")
    try:
        file = mido.MidiFile(file=io.BytesIO(standard(data)))
    except EOFError:
        raise Unsound("it is truncated: it ends in the midst of a track") from None
    except (OSError, ValueError, LookupError, TypeError, ArithmeticError, KeySignatureError) as error:
        # mido raises whatever the damaged place happens to raise; its text is for those who know MIDI
        raise Unsound(f"it is damaged MIDI ({' '.join(str(error).split())[:120] or type(error).__name__})") from error
    return _score(file)


def _score(file: Any) -> Score:  # noqa: ANN401 - mido ships no types
    if file.type not in range(FORMATS):
        raise Unsound(f"its header says format {file.type}; there are formats 0, 1 and 2")
    division = _division(file.ticks_per_beat)
    tracks = [list(_timed(track)) for track in file.tracks]
    if file.type < FORMATS - 1:
        tracks = [sorted((played for track in tracks for played in track), key=_tick)]
    listener = Listener()
    for track in tracks:
        listener.listen(track, metrical=division.quarter is not None)
    if not listener.notes:
        raise Unsound("there are no notes in it")
    return Score(
        division=division,
        tempos=tuple(listener.tempos),
        notes=tuple(sorted(listener.notes, key=_order)),
        stuck=listener.stuck,
        bends=listener.bends,
    )


def _division(word: int) -> Division:
    """Parse the header's division: ticks a quarter, or, if negative, SMPTE frames a second and ticks a frame."""
    if word > 0:
        return Division(word, Fraction(1, 1_000_000 * word))
    frames, ticks = -(word >> 8), word & 0xFF
    if word == 0 or frames not in SMPTE or not ticks:
        raise Unsound("its header says that a quarter has no ticks, or counts an unknown time code")
    return Division(None, 1 / (SMPTE[frames] * ticks))


def _tick(played: MidiPerformance) -> int:
    return played.tick


def _order(note: Note) -> tuple[object, ...]:
    return note.start, note.channel, note.key, note.end


def _timed(track: Any) -> Iterator[MidiPerformance]:  # noqa: ANN401 - mido ships no types
    tick = 0
    for message in track:
        if message.time > LONGEST_PAUSE:
            raise Unsound(f"it is damaged: a pause in it is longer than {LONGEST_PAUSE} ticks, the longest there is")
        tick += message.time
        yield MidiPerformance(tick, message)


@dataclass(slots=True)
class Listener:
    """Turns messages into notes.

    The release of a key ends its oldest sounding note; with the pedal down the note lasts until the pedal goes up or
    the key is struck again.  Notes without a release end with the track.
    """

    notes: list[Note] = field(default_factory=list)
    tempos: list[Tempo] = field(default_factory=list)
    stuck: int = 0
    bends: int = 0
    _begun: int = 0
    """Tick at which the current track begins."""
    _sounding: dict[int, dict[int, deque[MidiNote]]] = field(default_factory=dict)
    """Sounding strokes by channel and key, oldest first."""
    _held: dict[int, dict[int, list[MidiNote]]] = field(default_factory=dict)
    """Strokes held by the pedal alone, by channel and key."""
    _pedals: set[int] = field(default_factory=set)
    """Channels whose pedal is down."""

    def listen(self, track: list[MidiPerformance], *, metrical: bool) -> None:
        """Add tracks that sound together, after those added before."""
        self._tempo(self._begun, UNTOLD_TEMPO if metrical else 1)
        for played in track:
            self._take_in(self._begun + played.tick, played.message, metrical=metrical)
        self._begun += track[-1].tick if track else 0
        self._end_all(self._begun)

    def _take_in(self, tick: int, message: Any, *, metrical: bool) -> None:  # noqa: ANN401 - mido ships no types
        match message.type:
            case "note_on" if message.velocity:
                self._strike(tick, message.channel, message.note, message.velocity)
            case "note_on" | "note_off":
                self._release(tick, message.channel, message.note)
            case "control_change":
                self._control(tick, message.channel, message.control, message.value)
            case "pitchwheel":
                self.bends += message.pitch != 0
            case "set_tempo" if metrical:
                if not message.tempo:
                    raise Unsound(f"its tempo is zero at tick {tick}: everything after it would sound at once")
                self._tempo(tick, message.tempo)
            case _:
                pass  # names, texts, programs and volumes: the part sets the instrument, and the mix the levels

    def _tempo(self, tick: int, tempo: int) -> None:
        if self.tempos and self.tempos[-1][0] == tick:
            self.tempos.pop()
        self.tempos.append((tick, tempo))

    def _strike(self, tick: int, channel: int, key: int, velocity: int) -> None:
        for old in self._held.get(channel, {}).pop(key, []):
            self._note(old, tick, channel, key)
        self._sounding.setdefault(channel, {}).setdefault(key, deque()).append(MidiNote(tick, velocity))

    def _release(self, tick: int, channel: int, key: int) -> None:
        struck = self._sounding.get(channel, {}).get(key)
        if not struck:
            return  # no such note: a second release, or one whose stroke was cut off
        stroke = struck.popleft()
        if channel in self._pedals:
            self._held.setdefault(channel, {}).setdefault(key, []).append(stroke)
        else:
            self._note(stroke, tick, channel, key)

    def _control(self, tick: int, channel: int, control: int, value: int) -> None:
        if control == SUSTAIN and value >= PEDAL_DOWN:
            self._pedals.add(channel)
        elif control in {SUSTAIN, RESET}:
            self._pedal_up(tick, channel)
        elif control in {ALL_SOUND_OFF, ALL_NOTES_OFF}:
            self._keys_up(tick, channel)
            if control == ALL_SOUND_OFF:
                self._pedal_up(tick, channel)

    def _keys_up(self, tick: int, channel: int) -> int:
        """Release every key of *channel*; return the number of strokes."""
        released = self._sounding.pop(channel, {})
        for key, struck in released.items():
            for stroke in struck:
                if channel in self._pedals:
                    self._held.setdefault(channel, {}).setdefault(key, []).append(stroke)
                else:
                    self._note(stroke, tick, channel, key)
        return sum(map(len, released.values()))

    def _pedal_up(self, tick: int, channel: int) -> None:
        self._pedals.discard(channel)
        for key, strokes in self._held.pop(channel, {}).items():
            for stroke in strokes:
                self._note(stroke, tick, channel, key)

    def _end_all(self, tick: int) -> None:
        for channel in list(self._sounding):
            self.stuck += self._keys_up(tick, channel)
        for channel in list(self._held):
            self._pedal_up(tick, channel)
        self._pedals.clear()

    def _note(self, stroke: MidiNote, end: int, channel: int, key: int) -> None:
        if len(self.notes) >= MOST_NOTES:
            raise Unsound(f"it has more than {MOST_NOTES} notes: that is no performance")
        self.notes.append(Note(stroke.tick, end, channel, key, stroke.velocity))
