"""Origin of a command: the user and the machine, as the operating system knows them."""

import getpass
import os
import socket


def user_at_host() -> str:
    """``user@host``, the ``via`` of an event; a user without a name is given by number, as ``uid-501``."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = f"uid-{os.getuid()}"
    return f"{user}@{socket.gethostname()}"
