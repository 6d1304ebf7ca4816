"""Flows as Hypothesis invents them: every component with every option that the vendor documents."""

from typing import Any

from hypothesis import strategies as st

from flows.fields.vocabulary import (
    COMPONENTS,
    COUNTED,
    DISPLAY_KEYS,
    FORBIDDEN_KEYS,
    INPUT_TYPES,
    LIST_TYPES,
    ROUTE_AS,
    SHOW_AS,
)

_visible = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"))
names = st.text(_visible, min_size=1, max_size=30).filter(lambda text: text.strip() not in {"", ".", ".."})
ids = st.sampled_from(DISPLAY_KEYS) | names.map(str.strip).filter(lambda key: key not in FORBIDDEN_KEYS)


@st.composite
def components(draw: Any, key: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(COMPONENTS))
    component = {
        "component": kind,
        "id": key,
        "title": draw(st.none() | names),
        "required": draw(st.booleans()),
        "visible": draw(st.booleans()),
        "routeAs": draw(st.none() | st.sampled_from(ROUTE_AS)),
        "showAs": draw(st.none() | st.sampled_from(SHOW_AS)),
    }
    # Keys that mean something in another component only are stored and left alone.
    foreign = draw(st.sampled_from([{}, {"onSelect": 5, "options": "x", "value": [None]}]))
    if kind in {"photo", "signature", "capture"}:
        foreign = foreign | {"default": draw(st.none() | names)}
    if kind not in COUNTED:
        foreign = foreign | {"min": draw(st.integers()), "max": draw(st.text(max_size=3))}
    return component | foreign | draw(_own_keys(kind, required=component["required"]))


@st.composite
def _own_keys(draw: Any, kind: str, *, required: bool) -> dict[str, Any]:
    if kind == "select":
        return draw(_select(required))
    if kind == "input":
        spelling = draw(st.sampled_from([str, str.lower, str.upper]))
        return {"type": spelling(draw(st.sampled_from([*INPUT_TYPES, *COMPONENTS, "Number", "Unheard of"])))}
    if kind == "list":
        return {"type": draw(st.sampled_from(LIST_TYPES))}
    if kind == "photo":
        least = draw(st.integers(0, 3))
        most = draw(st.none() | st.integers(max(int(required), least), 5))
        return {"min": draw(st.sampled_from([least, str(least)])), "max": most}
    return {}


@st.composite
def _select(draw: Any, required: bool) -> dict[str, Any]:
    options = draw(st.lists(names, min_size=int(required), max_size=6, unique=True))
    least = draw(st.integers(0, len(options)))
    most = draw(st.none() | st.integers(max(least, int(required)), 10))
    default = draw(st.none() | st.just(options[: max(1, least)])) if options and (most is None or most) else None
    rules = [{"options": options[:1], "action": action, "componentAffected": draw(st.lists(ids, max_size=2))}
             for action in draw(st.lists(st.sampled_from(["show", "hide", "fill"]), max_size=2))]  # fmt: skip
    return {"type": "dropdown", "options": options, "min": least, "max": most, "default": default, "onSelect": rules}


@st.composite
def flow_pages(draw: Any) -> list[dict[str, Any]]:
    """The pages of a valid flow, page0 among them."""
    keys = draw(st.lists(ids, max_size=8, unique=True))
    made = [draw(components(key)) for key in keys]
    split = draw(st.integers(0, len(made)))
    pages = [{"id": "page0", "enabled": draw(st.booleans()), "components": made[:split]}]
    return [*pages, {"id": "page1", "title": "Work", "components": made[split:]}]


configurations = st.none() | st.lists(
    st.builds(dict, id=st.sampled_from(["startTime", "endTime"]), adjustment=st.integers(0, 1000)),
    max_size=2,
    unique_by=lambda item: item["id"],
)
