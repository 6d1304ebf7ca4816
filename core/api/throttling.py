"""A rate limit per second that is right with several processes.

Counters live in Redis where CACHE_URL names one (several machines), else in a small file that all processes of this
machine map into memory and lock for the length of one increment (some microseconds; no database write per request).
"""

import fcntl
import mmap
import os
import struct
import time
import zlib
from pathlib import Path

from django.conf import settings
from django.core.cache import cache

_SLOTS = 4096
_SLOT = struct.Struct("=QII")  # second, check of the name, hits
_map: tuple[int, int, mmap.mmap] | None = None  # process, file descriptor, memory


def allowed(name: str, limit: int) -> bool:
    """Count one request of `name` in the present second; False when it is over `limit`."""
    return hit(name, int(time.time())) <= limit


def hit(name: str, second: int) -> int:
    """Add one to the counter of (name, second) and return it."""
    if "redis" in settings.CACHES["default"]["BACKEND"]:
        key = f"rate:{name}:{second}"
        return 1 if cache.add(key, 1, timeout=3) else int(cache.incr(key))
    return _file_hit(name, second)


def _file_hit(name: str, second: int) -> int:
    descriptor, memory = _open()
    data = name.encode()
    check = zlib.crc32(data)
    offset = (zlib.adler32(data) ^ check) % _SLOTS * _SLOT.size
    fcntl.lockf(descriptor, fcntl.LOCK_EX, _SLOT.size, offset)
    try:
        then, owner, hits = _SLOT.unpack_from(memory, offset)
        # Two names in one slot take turns: both are counted too low for that second, never too high.
        hits = hits + 1 if (then, owner) == (second, check) else 1
        _SLOT.pack_into(memory, offset, second, check, hits)
    finally:
        fcntl.lockf(descriptor, fcntl.LOCK_UN, _SLOT.size, offset)
    return hits


def _open() -> tuple[int, mmap.mmap]:
    global _map  # noqa: PLW0603
    if _map is None or _map[0] != os.getpid():
        path = Path(settings.VAR_DIR) / "rate-limits"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if os.fstat(descriptor).st_size < _SLOTS * _SLOT.size:
            os.ftruncate(descriptor, _SLOTS * _SLOT.size)
        _map = os.getpid(), descriptor, mmap.mmap(descriptor, _SLOTS * _SLOT.size)
    return _map[1], _map[2]
