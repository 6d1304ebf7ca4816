"""Identifiers of 24 hex digits in the layout of a MongoDB ObjectId, the form that MileApp's clients know."""

import itertools
import os
import time

_counter = itertools.count(int.from_bytes(os.urandom(3), "big"))
_process: tuple[int, str] = (0, "")


def object_id() -> str:
    """A new id: 4 bytes of time, 5 of process, 3 of counter; ids of one process rise in the order of creation."""
    global _process  # noqa: PLW0603
    if _process[0] != os.getpid():  # a forked worker must not share its parent's random part
        _process = (os.getpid(), os.urandom(5).hex())
    return f"{int(time.time()):08x}{_process[1]}{next(_counter) & 0xFFFFFF:06x}"
