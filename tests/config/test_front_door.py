"""Makefile and .ci/run: what they would do, without doing it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TARGETS = ("run", "install", "serve", "test", "check", "format", "schema", "lock", "bench", "soak", "clean", "chart")


def dry_run(*arguments):
    answer = subprocess.run(
        ["make", "--no-print-directory", "-n", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_can_be_made(target):
    assert dry_run(target).strip()


def test_run_migrates_seeds_and_starts_worker_and_server():
    commands = dry_run("run", "PORT=8123")

    steps = ["manage.py migrate", "manage.py seed_demo --if-empty --port 8123", "manage.py worker", "granian"]
    assert [commands.index(step) for step in steps] == sorted(commands.index(step) for step in steps)
    assert "--port 8123" in commands.partition("granian")[2]
    assert "--respawn-failed-workers" in commands
    assert "--workers-kill-timeout" in commands


def test_test_runs_the_suite_on_both_databases():
    commands = dry_run("test")

    assert "env -u TEST_DATABASE_URL -u DATABASE_URL" in commands
    assert "-m tests.postgres" in commands


def test_the_server_listens_on_this_machine_only_unless_told_otherwise():
    assert "--host 127.0.0.1" in dry_run("serve")
    assert "--host 0.0.0.0" in dry_run("serve", "HOST=0.0.0.0")


def test_help_lists_every_target():
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert set(TARGETS) <= set(re.findall(r"^[a-z-]+", listed, re.MULTILINE))


def test_continuous_integration_runs_the_tests():
    path = ROOT / ".ci" / "run"
    text = path.read_text()

    assert path.stat().st_mode & 0o111
    assert text.startswith("#!/usr/bin/env bash\n")
    assert "set -euo pipefail" in text
    assert text.rstrip().splitlines()[-1] == "make test"
    assert subprocess.run([shutil.which("bash"), "-n", path], check=False).returncode == 0
