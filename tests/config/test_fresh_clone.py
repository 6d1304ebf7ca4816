"""A new user's first minutes: a fresh clone, the two commands, and everything that the README says, copied from it."""

import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings

from tests.config.test_readme import CALLS, README, contains
from tests.installation import free_port, fresh_database

ROOT = Path(settings.BASE_DIR)
# What any machine has that has a shell; of ours only what the README asks for.
PROGRAMS = (
    "python3", "make", "git", "sh", "bash", "curl", "cat", "dirname", "expand", "find", "grep", "kill", "mkdir",
    "nproc", "rm", "sed", "touch", "uname",
)  # fmt: skip
CLONE, EXPORT, PLACEHOLDER = "<this repository>", "<a token that make run printed>", "http://127.0.0.1:8000"
EMAIL, WORKSPACE = "admin@demo.example", "75645d0a-93b8-4a7f-a77c-e97009389445"
TASKS = "field1,field2,hub\nJack Ward,Gambir Jakarta,Jakarta\n"
PLAN = json.dumps({"tasks": [{"id": 1, "text": "Imported", "start": "2026-01-05", "duration": 2}], "links": []})
# Values for the capitals in the README's table of commands.
VALUES = {"EMAIL": EMAIL, "NAME": "Visit", "N": "3", "SLUG": "demo", "WORKSPACE": WORKSPACE, "KIND": "WORKFLOWPUBLISH"}

pytestmark = [
    pytest.mark.xdist_group("system"),
    pytest.mark.skipif(not (ROOT / ".git").exists(), reason="what is no repository can't be cloned"),
]


class NewUser:
    """Somebody with an empty directory, python3, make, and what every machine has."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder, self.clone, self.port = folder, folder / "taskyard", free_port()
        programs = folder / "bin"
        programs.mkdir()
        for name in PROGRAMS:
            path = shutil.which(name, path=os.defpath + ":/usr/local/bin")
            assert path, f"this machine has no {name}"
            # No links: a Python that is called by another path looks for its library there.
            (programs / name).write_text(f'#!/bin/sh\nexec {path} "$@"\n')
            (programs / name).chmod(0o755)
        self.environment = {"PATH": str(programs), "HOME": str(folder), "PORT": str(self.port), **environment}

    def run(self, command: str, where: Path, **more: str) -> str:
        answer = subprocess.run(
            ["/bin/sh", "-ec", command.replace(PLACEHOLDER, f"http://127.0.0.1:{self.port}")],
            cwd=where, env={**self.environment, **more}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert answer.returncode == 0, f"{command}\n{answer.stdout}{answer.stderr}"
        return answer.stdout

    def start(self, command: str) -> subprocess.Popen[bytes]:
        log = (self.folder / "log").open("wb")
        return subprocess.Popen(
            ["/bin/sh", "-c", f"exec {command}"],
            cwd=self.clone, env=self.environment, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip

    def log(self) -> str:
        return (self.folder / "log").read_text()


def prepared(user: NewUser) -> None:
    """Packages take a minute and the network: the suite lends its own, `make soak` has them fetched."""
    (user.clone / ".venv").symlink_to(sys.prefix)
    # Older than what is installed, or make would install it again.
    os.utime(user.clone / "requirements.txt", (0, 0))


@contextlib.contextmanager
def started(folder: Path, lent: bool):
    """A new user whose `make run` has come up."""
    clone, run = re.search(r"## Start.*?```sh\n(.*?)\n(.*?)\n```", README, re.DOTALL).groups()
    postgresql = os.environ.get("TEST_DATABASE_URL")
    with contextlib.ExitStack() as stack:
        database = {"DATABASE_URL": stack.enter_context(fresh_database(postgresql))} if postgresql else {}
        user = NewUser(folder, **database)
        # Who clones may be another user than the one who owns the checkout.
        user.run(
            clone.replace("git clone", f"git -c safe.directory={ROOT}/.git clone -q").replace(CLONE, str(ROOT)), folder
        )
        if lent:
            prepared(user)
        server = user.start(run)
        try:
            wait_for(server, user)
            yield user, server
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def wait_for(server: subprocess.Popen[bytes], user: NewUser, seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(OSError, urllib.error.URLError):
            urllib.request.urlopen(f"http://127.0.0.1:{user.port}/livez", timeout=5)
            return
        time.sleep(0.2)
    raise AssertionError(f"`make run` did not come up:\n{user.log()}")


@pytest.mark.parametrize("lent", [True, pytest.param(False, marks=pytest.mark.soak)], ids=["lent", "installed"])
def test_everything_that_the_readme_says_works_in_a_fresh_clone(tmp_path, lent):
    with started(tmp_path, lent) as (user, server):
        printed = user.log()
        token = re.search(r"Bearer (ty_[\w-]+)", printed)[1]

        assert f"http://127.0.0.1:{user.port}/admin/" in printed
        assert re.search(r"Login +\S+@\S+\nPassword +\S+", printed)
        the_printed_calls_answer(user, printed)
        the_calls_of_the_readme_answer_as_printed(user, token)
        the_commands_of_the_readme_run(user)
        the_worker_is_alive(user)

        # Ctrl-C reaches everything that the terminal has started.
        os.killpg(server.pid, signal.SIGINT)
        server.wait(timeout=60)
        assert nobody_is_left(server.pid)


def the_printed_calls_answer(user, printed):
    calls = re.findall(r"curl .+", printed)
    assert len(calls) == 4
    for call in calls:
        assert json.loads(user.run(f"{call} --fail", user.folder)), call


def the_calls_of_the_readme_answer_as_printed(user, token):
    (export,) = re.findall(r"^export TOKEN=.+$", README, re.MULTILINE)
    export = export.replace(EXPORT, token)
    for call, expected in CALLS:
        answer = json.loads(user.run(f"{export}\n{call}", user.folder))
        assert contains(answer, json.loads(expected)), (call, answer)


def the_commands_of_the_readme_run(user):
    """Every `manage.py …` of the README; capitals stand for values, brackets for what may be left out."""
    files = {"import_tasks": ("tasks.csv", TASKS), "export_tasks": ("out.csv", ""), "import_gantt": ("plan.json", PLAN)}
    # Text and code blocks alike, with or without the path to Python.
    commands = re.findall(r"`(?:\.venv/bin/python )?manage\.py ([^`]+)`", README)
    assert len(commands) >= 10
    for command in commands:
        name, *arguments = shlex.split(command.replace("[", "").replace("]", ""))
        if name in files:
            file, text = files[name]
            (user.folder / file).write_text(text)
            VALUES["FILE"] = str(user.folder / file)
        words = [VALUES.get(argument, argument) for argument in arguments]
        user.run(shlex.join([".venv/bin/python", "manage.py", name, *words]), user.clone)


def the_worker_is_alive(user):
    with urllib.request.urlopen(f"http://127.0.0.1:{user.port}/readyz", timeout=10) as answer:
        assert json.load(answer) == {"status": "ok", "problems": [], "worker": "alive"}


def nobody_is_left(group, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.2)
    return False
