"""What the README says works: its calls, copied from the text, sent to the server, with the answers that it prints."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.test import Client

from config.management.commands.seed_demo import demo_load

ROOT = Path(settings.BASE_DIR)
README = (ROOT / "README.md").read_text()
# A call in a shell block, and the answer in the JSON block after it.
CALLS = re.findall(r"```sh\n(curl .*?)```\s+```json\n(.*?)```", README, re.DOTALL)
DOCUMENTS = ["README.md", "CONTRIBUTING.md", *(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md"))]


def parsed(call: str, token: str) -> tuple[str, str, str, dict[str, str]]:
    """Method, path, body and headers of a curl command."""
    words = shlex.split(call.replace("\\\n", " ").replace("$TOKEN", token))
    method, path, body, headers = "GET", "", "", {}
    for flag, value in zip(words, [*words[1:], ""], strict=True):
        if flag == "-X":
            method = value
        elif flag == "-d":
            body = value
        elif flag == "-H":
            name, _, text = value.partition(": ")
            headers[name] = text
        elif flag.startswith("http://127.0.0.1:8000"):
            path = flag.removeprefix("http://127.0.0.1:8000")
    return method, path, body, headers


def contains(answer: Any, printed: Any) -> bool:
    """Whether the answer has everything that the README prints; it may have more."""
    if isinstance(printed, dict):
        return all(key in answer and contains(answer[key], value) for key, value in printed.items())
    return answer == printed


def test_there_is_one_call_per_vendor():
    assert len(CALLS) == 4


@pytest.mark.parametrize(("call", "printed"), CALLS, ids=["mileapp", "onlyoffice", "secmaster", "gantt"])
def test_the_calls_answer_as_printed(db, call, printed):
    facts = demo_load()
    # The ids of a fresh database; in a test's one the sequences have moved on.
    category, task = facts["onlyoffice"]["category_id"], facts["onlyoffice"]["task_id"]
    call = call.replace('"categoryid": 1,', f'"categoryid": {category},').replace("/task/1.json", f"/task/{task}.json")
    printed = printed.replace('"id": 1}', f'"id": {task}}}')
    # Any token that `make run` prints is good for all four.
    method, path, body, headers = parsed(call, facts["gantt"]["token"])
    answer = Client().generic(method, path, body, headers=headers, content_type=headers.pop("Content-Type"))
    assert answer.status_code in (200, 201), answer.content
    assert contains(answer.json(), json.loads(printed)), answer.json()


def test_the_commands_exist():
    named = set(re.findall(r"`(?:\.venv/bin/python )?manage\.py (\w+)", README)) | set(
        re.findall(r"`((?:export|import)_\w+)", README)
    )
    assert named >= {"seed_demo", "createtoken", "worker", "doctor"}
    assert named <= set(get_commands())
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)", README)) <= targets


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name):
    path = ROOT / name
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text()):
        if not link.startswith(("http:", "https:")):
            assert (path.parent / link).exists(), link
