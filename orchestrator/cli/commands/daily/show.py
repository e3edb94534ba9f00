"""The command show: waveform and loudness of a sound.

Tests: ``tests/orchestrator/desk/listening/test_waveform.py``.
"""

from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli.shell.frame import Call, command, noun

show = noun("What a sound looks like: waveform and loudness over time.")


@command(show, "show", reads=True)
def show_sound(
    call: Call,
    sound: Annotated[str, typer.Argument(metavar="ADDRESS|FILE", help="A take, comp, mix or master; or a sound file.")],
    png: Annotated[Path | None, typer.Option("--png", metavar="FILE", help="Draw the first of them into FILE.")] = None,
) -> None:
    """Show waveform (a row is 12 dB) and momentary loudness (0 to -48 LUFS) over time, as wide as the terminal."""
    from dsp.meter.peaks import rows_of
    from orchestrator.cli.printing.table import terminal_width
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.listening.waveform import shown_at, shown_file, write_picture

    if Path(sound).is_file():
        found = [shown_file(Path(sound))]
    else:
        with call.studio() as studio:
            found = shown_at(studio, addresses.find(studio, sound))
    width = max(10, terminal_width(plain=False) or 100)
    if png:
        write_picture(found[0], png)
        call.done({"png": str(png)}, str(png))
        return
    call.done(
        [one.as_dict(width) for one in found],
        *(line for one in found for line in (one.heading(), *rows_of(one.peaks, width))),
    )
