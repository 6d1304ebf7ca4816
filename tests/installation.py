"""A whole installation for tests and benchmarks: a database of its own, and real server and worker processes on it."""

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SECRET_KEY = "installation-" * 5


@contextlib.contextmanager
def fresh_database(postgres_url: str | None) -> Iterator[str]:
    """The URL of an empty database: a new one of the server at `postgres_url`, else a new SQLite file."""
    if postgres_url is None:
        with tempfile.TemporaryDirectory(prefix="taskyard-db-") as folder:
            yield f"sqlite:///{folder}/taskyard.sqlite3"
        return
    import psycopg

    name = f"taskyard_{secrets.token_hex(6)}"
    server = postgres_url.rpartition("/")[0].replace("postgres://", "postgresql://", 1)
    query = "?" + postgres_url.partition("?")[2] if "?" in postgres_url else ""
    admin = f"{server}/postgres{query}"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield f"{server.replace('postgresql://', 'postgres://', 1)}/{name}{query}"
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Installation:
    """Programs of Taskyard on one database. `environment` holds further settings."""

    def __init__(self, database_url: str, folder: Path, settings: str = "config.settings", **environment: str) -> None:
        self.folder = folder
        self.environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": os.environ.get("HOME", str(folder)),
            "DJANGO_SETTINGS_MODULE": settings,
            "SECRET_KEY": SECRET_KEY,
            "DATABASE_URL": database_url,
            "VAR_DIR": str(folder),
            "LOG_LEVEL": "WARNING",
            "MILEAPP_RATE_LIMIT": "0",
            **environment,
        }
        self.processes: list[subprocess.Popen[bytes]] = []

    def manage(self, *arguments: str, **options: Any) -> str:
        """What manage.py prints; CalledProcessError where it fails."""
        return self.command([sys.executable, "manage.py", *arguments], **options)

    def command(self, arguments: list[str], **environment: str) -> str:
        answer = subprocess.run(
            arguments, cwd=ROOT, env={**self.environment, **environment}, capture_output=True, text=True, check=False
        )
        if answer.returncode:
            raise AssertionError(
                f"{' '.join(arguments)} ended with {answer.returncode}:\n{answer.stdout}{answer.stderr}"
            )
        return answer.stdout

    def demo(self) -> dict[str, Any]:
        """Migrate, load the demo data, and give its facts."""
        self.manage("migrate", "--verbosity", "0")
        return json.loads(self.manage("seed_demo", "--format", "json"))

    def start(self, arguments: list[str], **environment: str) -> subprocess.Popen[bytes]:
        """A program in a process group of its own, so that it can be killed with all its children."""
        log = (self.folder / "log").open("ab")
        process = subprocess.Popen(
            arguments,
            cwd=ROOT,
            env={**self.environment, **environment},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def serve(self, workers: int = 1) -> tuple[subprocess.Popen[bytes], str]:
        """The server as `make serve` starts it, and its URL; returns when it answers."""
        port = free_port()
        process = self.start(
            [
                "granian", "--interface", "wsgi", "--port", str(port), "--workers", str(workers),
                "--blocking-threads", "1", "--backlog", "1024",
                "--respawn-failed-workers", "--no-ws", "--log-level", "warning", "config.wsgi:application",
            ]
        )  # fmt: skip
        url = f"http://127.0.0.1:{port}"
        self.wait(process, url)
        return process, url

    def worker(self) -> subprocess.Popen[bytes]:
        return self.start([sys.executable, "manage.py", "worker", "--interval", "0.1"])

    def wait(self, process: subprocess.Popen[bytes], url: str, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if process.poll() is not None:
                break
            with contextlib.suppress(OSError, urllib.error.URLError), urllib.request.urlopen(f"{url}/livez", timeout=5):
                return
            time.sleep(0.1)
        raise AssertionError(f"the server did not come up:\n{self.log()}")

    def log(self) -> str:
        return (self.folder / "log").read_text() if (self.folder / "log").exists() else ""

    def kill(self, process: subprocess.Popen[bytes], sign: int = signal.SIGKILL) -> None:
        """Send the signal to the program and all its children, and wait for its end."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        process.wait(timeout=30)

    def close(self) -> None:
        for process in self.processes:
            self.kill(process)


@contextlib.contextmanager
def installation(
    postgres_url: str | None, settings: str = "config.settings", **environment: str
) -> Iterator[Installation]:
    """An installation on an empty database of its own; everything that it started is ended afterwards."""
    with fresh_database(postgres_url) as url, tempfile.TemporaryDirectory(prefix="taskyard-var-") as folder:
        place = Installation(url, Path(folder), settings, **environment)
        try:
            yield place
        finally:
            place.close()
