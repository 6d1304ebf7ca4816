"""Dockerfile and compose.yaml: rules that a linter would hold, and their commands run without a container engine."""

import json
import os
import re
import shlex
import time
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from tests.config.settings_names import settings_names
from tests.installation import free_port, installation

ROOT = Path(settings.BASE_DIR)
APP_SERVICES = ("migrate", "web", "worker")


def instructions():
    """[(stage, name, arguments)] of the Dockerfile, continued lines joined."""
    text = re.sub(r"\\\n\s*", " ", (ROOT / "Dockerfile").read_text())
    stage, found = "", []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, _, rest = line.partition(" ")
        if name == "FROM":
            stage = rest.partition(" AS ")[2] or "final"
        found.append((stage, name, rest.strip()))
    return found


def of(name, stage="final"):
    return [rest for where, what, rest in instructions() if what == name and where == stage]


def image_environment():
    return dict(pair.split("=", 1) for line in of("ENV") for pair in shlex.split(line))


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


# --- rules -----------------------------------------------------------------------------------------------------------


def test_every_base_image_is_small_and_of_a_named_version():
    images = [rest.split(" AS ")[0] for _, name, rest in instructions() if name == "FROM"]

    assert len(images) == 3
    for image in images:
        assert re.fullmatch(r"(node|python):[\d.]+-slim", image), image


def test_the_image_runs_as_an_unprivileged_user():
    assert of("USER") == ["10001"]
    assert any("useradd --system --uid 10001" in line for line in of("RUN"))
    order = [name for stage, name, _ in instructions() if stage == "final"]
    assert order.index("USER") > max(i for i, name in enumerate(order) if name in {"RUN", "COPY"})


def test_packages_are_installed_with_their_hashes_and_leave_no_cache():
    (line,) = [line for line in of("RUN", "packages") if "pip install" in line]

    assert "--require-hashes" in line
    assert "--no-cache-dir" in line
    assert "npm ci" in " ".join(of("RUN", "chart"))


def test_instructions_are_of_the_safe_kinds():
    names = {name for _, name, _ in instructions()}

    assert names <= {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "CMD"}
    assert all(line.startswith("/") for stage in ("chart", "final") for line in of("WORKDIR", stage))
    for _, name, rest in instructions():
        if name == "RUN":
            assert not re.search(r"\bsudo\b|\bcurl\b|\bwget\b|apt-get upgrade|latest", rest), rest


def test_it_starts_and_is_probed_without_a_shell():
    (command,) = of("CMD")
    (probe,) = of("HEALTHCHECK")

    assert json.loads(command)
    assert json.loads(probe.partition("CMD ")[2])


def test_no_setting_holds_a_secret():
    assert not {"SECRET_KEY", "DATABASE_URL", "EMAIL_URL"} & set(image_environment())


def test_everything_that_is_copied_exists():
    for stage in ("chart", "packages", "final"):
        for line in of("COPY", stage):
            *sources, _ = [word for word in line.split() if not word.startswith("--")]
            if "--from=" not in line:
                for source in sources:
                    assert (ROOT / source).exists(), source


def ignored(path):
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    return any(fnmatch(path, line) or fnmatch(path, line.replace("**/", "")) for line in lines)


@pytest.mark.parametrize("path", [".env", ".git", ".venv", "var", "tests", "gantt/frontend/node_modules"])
def test_the_image_gets_nothing_local(path):
    assert ignored(path) or ignored(Path(path).name)


@pytest.mark.parametrize(
    "path", ["manage.py", "requirements.txt", "templates", *settings.INSTALLED_APPS[-8:], "config"]
)
def test_the_image_gets_all_of_the_program(path):
    assert (ROOT / path).exists()
    assert not ignored(path)


def test_the_composition_has_all_parts(compose):
    assert set(compose["services"]) == {"db", "migrate", "web", "worker", "proxy"}
    assert set(compose["volumes"]) == {
        mount.partition(":")[0]
        for service in compose["services"].values()
        for mount in service.get("volumes", [])
        if not mount.startswith(".")
    }


@pytest.mark.parametrize("name", APP_SERVICES)
def test_our_services_have_no_rights_that_they_do_not_need(compose, name):
    service = compose["services"][name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert not {"privileged", "network_mode", "pid"} & set(service)


def test_images_name_versions_and_no_registry(compose):
    for service in compose["services"].values():
        assert re.fullmatch(r"taskyard|(postgres|caddy):[\d.]+-alpine", service["image"])


def test_only_the_proxy_is_reachable_from_outside(compose):
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]


def test_every_setting_of_the_container_is_one_that_the_program_reads(compose):
    names = {name for service in APP_SERVICES for name in compose["services"][service]["environment"]}
    names |= {name for name in image_environment() if not name.startswith(("GRANIAN_", "PYTHON", "PATH"))}

    assert names <= settings_names()


def test_web_and_worker_wait_for_the_migrations(compose):
    for name in ("web", "worker"):
        assert compose["services"][name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_the_proxy_leads_to_the_port_that_the_server_listens_on():
    caddyfile = (ROOT / "Caddyfile").read_text()

    assert f"reverse_proxy web:{image_environment()['GRANIAN_PORT']}" in caddyfile
    assert caddyfile.count("{") == caddyfile.count("}")


# --- commands --------------------------------------------------------------------------------------------------------


def test_the_files_for_browsers_are_collected_as_in_the_build(tmp_path):
    (line,) = [line for line in of("RUN") if "collectstatic" in line]
    collect, _, compile_all = line.partition(" && ")
    key, *command = shlex.split(collect)
    with installation(None) as place:
        place.environment |= {"STATIC_ROOT": str(tmp_path / "static"), "SECRET_KEY": key.partition("=")[2]}
        place.command(command)
        # Into a folder of its own: the checkout stays as it is.
        place.command(shlex.split(compile_all), PYTHONPYCACHEPREFIX=str(tmp_path / "compiled"))

    assert (tmp_path / "static" / "admin" / "css" / "base.css").exists()
    assert list((tmp_path / "static" / "unfold").rglob("*.gz"))
    for folder in shlex.split(compile_all)[4:]:
        assert list((tmp_path / "compiled").rglob(f"{folder}/__init__.*.pyc")), folder


@pytest.mark.xdist_group("system")
def test_the_composition_comes_up_and_its_probes_tell_the_truth(compose):
    """migrate, web, worker and both health checks, with the very commands and settings of the files."""
    services = compose["services"]
    probe = json.loads(of("HEALTHCHECK")[0].partition("CMD ")[2])
    image = {name: value for name, value in image_environment().items() if name.startswith("GRANIAN_")}
    image |= {"GRANIAN_PORT": str(free_port()), "ALLOWED_HOSTS": "tasks.example.com", "HTTPS": "true"}
    with installation(os.environ.get("TEST_DATABASE_URL"), **image) as place:
        place.command(services["migrate"]["command"])
        with pytest.raises(AssertionError, match="Connection refused"):
            place.command(probe)
        alive = services["worker"]["healthcheck"]["test"][1:]
        with pytest.raises(AssertionError, match="no worker of this machine is alive"):
            place.command(alive)

        place.start(json.loads(of("CMD")[0]))
        place.start(services["worker"]["command"])

        assert eventually(lambda: place.command(probe) == "")
        assert eventually(lambda: place.command(alive) == "")


def eventually(check, tries=60):
    for attempt in range(tries):
        try:
            return check()
        except AssertionError:
            if attempt == tries - 1:
                raise
            time.sleep(0.5)
    return False
