"""The tree of a plan as plain lists, without a database: what the server's answers are compared with."""

from __future__ import annotations

from random import Random
from typing import Any


class PlainTree:
    """Rows by id, children by parent (0 is the root), links by id. Each method returns the expected status."""

    def __init__(self) -> None:
        self.children: dict[int, list[int]] = {0: []}
        self.parent: dict[int, int] = {}
        self.text: dict[int, str] = {}
        self.links: dict[int, tuple[int, int, str]] = {}

    # --- what it looks like

    def rows(self) -> list[tuple[int, int, str]]:
        return [(row, self.parent[row], self.text[row]) for row in self.below(0)]

    def below(self, top: int) -> list[int]:
        stack, found = list(reversed(self.children[top])), []
        while stack:
            row = stack.pop()
            found.append(row)
            stack.extend(reversed(self.children[row]))
        return found

    def above(self, row: int) -> list[int]:
        """The row itself and everything above it, without the root."""
        chain = []
        while row:
            chain.append(row)
            row = self.parent[row]
        return chain

    # --- what can be done

    def place(self, mode: str, target: int) -> tuple[int, int]:
        """(parent, index) of a place."""
        if mode == "child":
            return target, len(self.children[target])
        parent = self.parent[target]
        return parent, self.children[parent].index(target) + (mode == "after")

    def add(self, row: int, text: str, mode: str, target: int) -> None:
        self._insert(row, text, *self.place(mode, target))

    def _insert(self, row: int, text: str, parent: int, index: int) -> None:
        self.children[parent].insert(index, row)
        self.children[row] = []
        self.parent[row] = parent
        self.text[row] = text

    def move(self, row: int, mode: str, target: int | None) -> int:
        if mode in {"up", "down"} and target in {None, row}:
            siblings = self.children[self.parent[row]]
            index = siblings.index(row)
            other = index + (1 if mode == "down" else -1)
            if 0 <= other < len(siblings):
                siblings[index], siblings[other] = siblings[other], siblings[index]
            return 200
        mode = {"up": "before", "down": "after"}.get(mode, mode)
        target = target or 0
        if target == row or row in self.above(target if mode == "child" else self.parent[target]):
            return 409
        self.children[self.parent[row]].remove(row)
        parent, index = self.place(mode, target)
        self.children[parent].insert(index, row)
        self.parent[row] = parent
        return 200

    def copy_allowed(self, row: int, mode: str, target: int) -> bool:
        parent = target if mode == "child" else self.parent[target]
        return row not in self.above(parent)

    def copy(self, source: int, new: list[int], mode: str, target: int, *, deep: bool) -> None:
        """new: the ids of the copies, depth first."""
        originals = [source, *(self.below(source) if deep else [])]
        links = list(self.links.values())
        twin = dict(zip(originals, new, strict=True))
        self._insert(new[0], self.text[source], *self.place(mode, target))
        for row in originals[1:]:
            self.add(twin[row], self.text[row], "child", twin[self.parent[row]])
        self.copied_links = [(twin[s], twin[t], kind) for s, t, kind in links if deep and s in twin and t in twin]

    def delete(self, row: int) -> None:
        gone = {row, *self.below(row)}
        self.children[self.parent[row]].remove(row)
        for dead in gone:
            del self.children[dead], self.parent[dead], self.text[dead]
        self.links = {key: link for key, link in self.links.items() if not gone & {link[0], link[1]}}

    def link_allowed(self, source: int, target: int, kind: str) -> bool:
        if source == target or (source, target, kind) in self.links.values():
            return False
        if source in self.above(target) or target in self.above(source):
            return False
        reached, stack = set(), [target]
        while stack:
            row = stack.pop()
            if row not in reached:
                reached.add(row)
                stack.extend(t for s, t, _ in self.links.values() if s == row)
        return source not in reached


def operation(random: Random, rows: list[int], step: int) -> dict[str, Any]:
    """A random request on a tree of these rows, legal or not."""
    kind = random.choices(
        ["add", "move", "copy", "delete", "update", "link"], [25, 40, 6 if len(rows) < 150 else 0, 6, 8, 15]
    )[0]
    if not rows or (kind == "delete" and len(rows) < 10):
        kind = "add"
    pick = lambda: random.choice(rows)  # noqa: E731
    if kind == "add":
        mode = random.choice(["before", "after", "child"]) if rows else "child"
        # Many rows at one spot fill the gaps between positions.
        near = rows[0] if rows and random.random() < 0.4 else random.choice(rows or [0])
        return {"kind": kind, "mode": mode, "target": near, "text": f"row {step}"}
    if kind == "move":
        mode = random.choice(["before", "after", "child", "up", "down"])
        target = random.choice([None, pick()]) if mode in {"up", "down"} else random.choice([pick(), pick(), 0])
        if mode in {"before", "after"} and not target:
            target = pick()
        return {"kind": kind, "row": pick(), "mode": mode, "target": target}
    if kind == "copy":
        mode = random.choice(["before", "after", "child"])
        return {"kind": kind, "row": pick(), "mode": mode, "target": pick(), "deep": random.random() < 0.7}
    if kind == "link":
        link_type = random.choice(["e2s", "s2s", "e2e", "s2e"])
        return {"kind": kind, "source": pick(), "target": pick(), "type": link_type}
    return {"kind": kind, "row": pick(), "text": f"renamed {step}"}
