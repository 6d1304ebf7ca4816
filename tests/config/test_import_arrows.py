"""Which folder may import which: contexts know the foundations, never each other; only config sees everything."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

FOUNDATIONS = {"accounts", "core"}
MAY_IMPORT = {
    "accounts": set(),
    "core": {"accounts"},
    "hubs": FOUNDATIONS,
    "flows": FOUNDATIONS | {"hubs"},
    "tasks": FOUNDATIONS | {"hubs", "flows"},
    "crm": FOUNDATIONS,
    "soc": FOUNDATIONS,
    "gantt": FOUNDATIONS,
}
OWN = set(MAY_IMPORT) | {"config", "tests", "benchmarks"}


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted module) of every import in the file, those inside functions and string imports included."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.lineno, node.module or ""
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if function in {"import_module", "import_string", "__import__"}:
                yield node.lineno, str(node.args[0].value)


def trespasses(folder: Path, allowed: set[str]) -> list[str]:
    found = []
    for path in sorted(folder.rglob("*.py")):
        if "node_modules" in path.parts:
            continue
        for line, module in imported(path):
            top = module.split(".")[0]
            if top in OWN - allowed - {folder.name}:
                found.append(f"{folder.name}/{path.relative_to(folder)}:{line} imports {module}")
    return found


@pytest.mark.parametrize("name", MAY_IMPORT)
def test_a_folder_imports_only_what_the_design_lets_it(name):
    assert trespasses(settings.BASE_DIR / name, MAY_IMPORT[name]) == []


@pytest.mark.parametrize(
    "line", ["import crm.models", "from crm.models import Task", "def f():\n    import_module('crm.services')"]
)
def test_a_forbidden_import_is_found_wherever_it_stands(tmp_path, line):
    (tmp_path / "soc").mkdir()
    (tmp_path / "soc" / "views.py").write_text(line + "\n")

    (found,) = trespasses(tmp_path / "soc", FOUNDATIONS)

    assert found.startswith("soc/views.py:")
    assert "imports crm" in found
