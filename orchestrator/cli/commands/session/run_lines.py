"""The lines of both views of a session that runs, cut to the width of the terminal.

Tests: ``tests/orchestrator/cli/commands/session/test_run.py``.
"""

import shutil
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from domain.session.day_events import MARKS_IN_WORDS
from orchestrator.cli.commands.session.run_keys import KEYS, KeyConsole
from orchestrator.cli.printing.table import one_line, safe

if TYPE_CHECKING:
    from datetime import datetime

    from domain.session.session_day import Slate
    from orchestrator.desk.session.session_views import RoomView

MOST_TRIES: Final = 6
"""Passes of the running song that are listed, the latest."""


def room_lines(view: "RoomView") -> list[str]:
    """The view that everybody in the room may see: song, parts, take, what is next, the goal."""
    lines = [view.song, ", ".join(view.parts), f"take {view.take}" if view.take is not None else ""]
    lines += [f"next up: {view.next_up}" if view.next_up else "", view.goal]
    return [safe(one_line(line)) for line in lines if line]


def producer_lines(console: KeyConsole) -> list[str]:
    """The view of whoever leads the session; behind the curtain, that of the room."""
    from orchestrator.desk.session.session_views import clock_line

    view = console.view()
    if console.is_curtained:
        return room_lines(view.room)
    now, studio = console.studio.now(), console.studio
    lines = [f"{view.record} · {view.session} · {clock_line(studio, view)}"]
    if console.shows_keys:  # instead of the rest, so that both fit on twenty-four rows
        return [safe(line) for line in (*lines, "", *_key_lines())]
    lines += console.money_lines() if console.shows_money else []
    lines.append("")
    if view.day.song is None:
        lines.append("no part is running yet: > begins with the next one, s chooses")
    else:
        lines += [f"{view.room.song} · {', '.join(view.room.parts)} · take {view.room.take}", ""]
        lines += [_slate_line(slate, now) for slate in view.tries[-MOST_TRIES:]]
    lines += ["", f"next up: {view.room.next_up or 'no other part'}"]
    lines += [f"goal: {view.room.goal}"] if view.room.goal else []
    marked = f"; {view.marked} with a keeper to confirm" if view.marked else ""
    lines.append(f"parts left: {len(view.left)}{f' ({_some(view.left)})' if view.left else ''}{marked}")
    lines += [f"parked: {_some(view.parked)}"] if view.parked else []
    if moments := view.day.moments:
        lines.append(f"moments: {len(moments)}")
    if view.day.free_marks:
        lines.append(f"marks for passes without roll and stop: {len(view.day.free_marks)}")
    if hint := view.hint(now):
        lines.append(hint)
    return [safe(one_line(line) if line.strip() == line else line) for line in lines]


def after_key(console: KeyConsole, key: str, *, is_drawn: bool) -> list[str]:
    """The lines that are printed after *key* in the line mode.

    Args:
        console: the keys.
        key: the last one.
        is_drawn: the curtain has just been drawn, so that what was printed before has to leave the screen.
    """
    if console.is_curtained:
        pushed = [""] * shutil.get_terminal_size().lines if is_drawn else []
        return [*pushed, *room_lines(console.view().room)]
    if key == "?":
        return _key_lines()
    if key == "$":
        return console.money_lines() if console.shows_money else ["money hidden"]
    view = console.view()
    running = f"{view.room.song} · {', '.join(view.room.parts)} · take {view.room.take}" if view.day.song else "no part"
    lines = [console.message, f"{running}{' · rolling' if view.day.rolling else ''}", view.hint(console.studio.now())]
    return [safe(one_line(line)) for line in lines if line]


def _key_lines() -> list[str]:
    return [f"{name:>6}  {meaning}" for name, meaning in KEYS.items()]


def _slate_line(slate: "Slate", now: "datetime") -> str:
    seconds = int(((slate.stopped or now) - slate.started).total_seconds())
    mark = MARKS_IN_WORDS[slate.mark] if slate.mark else ""
    rolling = "rolling" if slate.stopped is None else ""
    words = " · ".join(filter(None, (mark, rolling)))
    return f"  take {slate.pass_number:<4} {seconds // 60:>3}:{seconds % 60:02d}  {words}".rstrip()


def _some(names: Sequence[str], most: int = 6) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
