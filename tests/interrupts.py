"""Ctrl-C as a terminal has it: a shell script starts what it runs in the background with SIGINT ignored."""

import signal


def restore_interrupts() -> None:
    """Let SIGINT interrupt this process and every process it starts, however it was started itself.

    An ignored signal stays ignored in children; a handler of Python's becomes the default action there (POSIX, exec).
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
