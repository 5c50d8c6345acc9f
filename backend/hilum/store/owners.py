"""Process that owns a claim, and whether it still runs."""

import os
import socket
from typing import Final

THIS_MACHINE: Final = f"{socket.gethostname()}:"
"""How the names of this machine's processes begin."""


def this_process() -> str:
    """The name of this process among those of all machines."""
    return f"{THIS_MACHINE}{os.getpid()}"


def is_gone(owner: str) -> bool:
    """Whether a process of this machine is no more.

    Parameters
    ----------
    owner : str
        Its name.
    """
    number = int(owner.rpartition(":")[2])
    if number == os.getpid():
        # A container's first process always has the same number: it was one before us.
        return True
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
