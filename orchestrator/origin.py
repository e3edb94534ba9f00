"""Where a command comes from: the user and the machine, as the operating system knows them."""

import getpass
import os
import socket


def user_at_host() -> str:
    """The ``via`` of an event: ``user@host``; a user without a name is called by number."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = f"uid-{os.getuid()}"
    return f"{user}@{socket.gethostname()}"
