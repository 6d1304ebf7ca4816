"""The names of all environment variables that the settings read."""

import ast
from pathlib import Path

from django.conf import settings

READERS = {"setting", "strict_bool"}


def settings_names() -> set[str]:
    tree = ast.parse((Path(settings.BASE_DIR) / "config" / "settings.py").read_text())
    return {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in READERS
    }
