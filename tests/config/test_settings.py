"""Settings from the environment: good ones start the program, a bad one ends it with one clear line."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

STRONG = "kQ7-vR2_wX9pL4sT8yB1nM6cF3hJ5dG0aZeUoIiKlPqWrEtYx-H7"
GOOD = {"SECRET_KEY": "k" * 50, "DATABASE_URL": "sqlite:///:memory:"}


def manage(*arguments, **environment):
    """Run manage.py in a process of its own, with nothing but `environment` to go by (None: leave a name out)."""
    values = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **GOOD, **environment}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={name: str(value) for name, value in values.items() if value is not None},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def var(tmp_path):
    return {"VAR_DIR": tmp_path / "var"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        # `.env` of a developer's machine fills in a name that is missing, so an empty value stands for it here.
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "too short"),
        ("SECRET_KEY_FILE", "/nowhere/at/all"),
        ("DEBUG", "maybe"),
        ("HTTPS", "2"),
        ("METRICS", "perhaps"),
        ("DATABASE_URL", "mysql://root@localhost/tasks"),
        ("DATABASE_URL", "nonsense"),
        ("SQLITE_SYNCHRONOUS", "SOMETIMES"),
        ("CONN_MAX_AGE", "long"),
        ("LOG_FORMAT", "xml"),
        ("PUBLIC_URL", "tasks.example.com"),
        ("LOG_LEVEL", "CHATTY"),
        ("MILEAPP_RATE_LIMIT", "many"),
        ("LOGIN_FAILURE_LIMIT", "few"),
        ("EMAIL_URL", "carrier-pigeon://loft"),
        ("CACHE_URL", "cupboard://kitchen"),
    ],
)
def test_a_bad_value_ends_the_start_with_one_line_that_names_it(var, name, value):
    answer = manage("check", **var, **{name: value})

    assert answer.returncode != 0
    lines = answer.stderr.strip().splitlines()
    assert len(lines) == 1, answer.stderr
    assert lines[0].startswith("taskyard: ")
    assert name.removesuffix("_FILE") in lines[0]


def test_a_value_can_stand_in_a_file(var, tmp_path):
    secret = tmp_path / "key"
    secret.write_text("f" * 50)

    answer = manage(
        "shell", "-v0", "-c", "from django.conf import settings; print(settings.SECRET_KEY)",
        **var, SECRET_KEY=None, SECRET_KEY_FILE=secret,
    )  # fmt: skip

    assert answer.stdout.strip() == "f" * 50


def test_deployment_checks_are_clean_under_production_settings(var):
    answer = manage(
        "check", "--deploy", "--fail-level", "WARNING", **var,
        HTTPS="true", ALLOWED_HOSTS="taskyard.example", DEBUG="false", SECRET_KEY=STRONG,
    )  # fmt: skip

    assert answer.returncode == 0, answer.stderr
    assert "no issues" in answer.stdout


def test_deployment_checks_speak_up_when_passwords_would_travel_in_clear(var):
    answer = manage("check", "--deploy", "--fail-level", "WARNING", **var, SECRET_KEY=STRONG)

    assert answer.returncode != 0
    assert "HTTPS is off" in answer.stderr


def test_no_model_has_changed_without_a_migration(var):
    answer = manage("makemigrations", "--check", "--dry-run", **var)

    assert answer.returncode == 0, answer.stdout
