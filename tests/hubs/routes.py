"""MileApp's routes as pairs of method and pattern, so that tables of requests can be held against them."""

from collections.abc import Iterable
from typing import Any

from django.urls import URLPattern, resolve

from tests.hubs.calls import BASE


def served(patterns: Iterable[URLPattern]) -> set[tuple[str, str]]:
    """{(method, pattern)} of everything that these routes answer."""
    return {
        (method.upper(), str(each.pattern).removeprefix("^"))
        for each in patterns
        for method in _actions(each.callback)
        # A viewset adds it to its GETs at the first request.
        if method != "head"
    }


def asked(requests: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """{(method, pattern)} of the routes that these requests (method, path below /api/v3) reach."""
    return {(method, _route(path.partition("?")[0])) for method, path in requests}


def _route(path: str) -> str:
    # A name in braces stands for an id and is one for the pattern, too.
    return resolve(BASE + path).route.removeprefix(f"{BASE[1:]}/")


def _actions(view: Any) -> dict[str, str]:
    return view.actions
