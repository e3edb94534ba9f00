"""Single keys from a terminal."""

import os
import sys


def one_key(prompt: str) -> str:
    """Return the next key typed after *prompt* appeared; empty at the end of the input.

    Input typed before the prompt appeared is discarded, since it answers no question that was shown.  Enter is ignored.
    """
    import termios
    import tty

    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    try:
        tty.setcbreak(terminal, termios.TCSAFLUSH)
        print(prompt, end="", file=sys.stderr, flush=True)
        while (key := os.read(terminal, 32).decode(errors="replace")) in {"\r", "\n"}:
            pass
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
    return key
