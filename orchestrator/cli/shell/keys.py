"""Single keys from a terminal."""

import os
import sys


def one_key(prompt: str) -> str:
    """The next key after *prompt* stands on the screen; empty at the end of the input.

    What was typed before that is forgotten: it is no answer to a question that nobody had seen.  Enter is no key.
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
