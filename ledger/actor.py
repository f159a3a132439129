"""Who records, as far as this machine can tell: a claim, not a proof."""

import os

ACTOR_VARIABLE = "RIGHTS_ACTOR"


def claimed_actor() -> str:
    """The actor of RIGHTS_ACTOR, else user@host."""
    named = os.environ.get(ACTOR_VARIABLE)
    if named:
        return named
    import getpass
    import socket

    try:
        user = getpass.getuser()
    except (OSError, KeyError):  # a process whose user has no name
        user = f"uid-{os.getuid()}"
    return f"{user}@{socket.gethostname()}"
