"""Starts the server on fresh databases, measures, and writes results.md. --url puts another server beside it."""

import argparse
import contextlib
import json
import os
import platform
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import chart, report
from benchmarks.client import Link, Side, alternate, median_ms, requester
from benchmarks.vendors import DIALECTS, OPERATIONS, peer
from tests.installation import Installation, installation
from tests.postgres import database_url

CHART_SIZES = (1_000, 10_000, 100_000)
SIBLINGS = (10, 1_000, 10_000)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--databases", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    parser.add_argument("--rows", nargs="*", type=int, default=[1_000, 1_000_000], help="sizes of the dialects' tables")
    parser.add_argument("--dialects", nargs="+", choices=DIALECTS, default=list(DIALECTS))
    parser.add_argument("--no-chart", action="store_true", help="leave out the parts that only the Gantt protocol has")
    parser.add_argument("--rounds", type=int, default=7, help="how often the sides take turns")
    parser.add_argument("--count", type=int, default=40, help="calls of a side in its turn")
    parser.add_argument("--seconds", type=float, default=3.0, help="the longest turn")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2, help="processes of the server")
    parser.add_argument("--url", help="another server that speaks the same protocols, measured in turns with ours")
    parser.add_argument("--facts", type=Path, help="its ids and tokens, in the form of `seed_demo --format json`")
    parser.add_argument("--into", type=Path, default=report.HERE, help="folder of results.json and results.md")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for database in options.databases:
        with server_of(database) as postgres:
            for rows in options.rows:
                with installation(postgres, settings="benchmarks.settings") as place:
                    report.keep(f"{database}/{rows}", stamped(dialects(place, rows, options)), options.into)
            if not options.no_chart:
                with installation(postgres, settings="benchmarks.settings") as place:
                    report.keep(f"{database}/chart", stamped(charts(place, options)), options.into)
    print(report.write(options.into))


@contextlib.contextmanager
def server_of(database: str) -> Iterator[str | None]:
    if database == "sqlite":
        yield None
    else:
        # A benchmark wants the durability of production, which the tests' cluster does without.
        with database_url(durable=True) as url:
            yield url


def stamped(figures: dict[str, Any]) -> dict[str, Any]:
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    return {**figures, "date": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine}


def prepared(place: Installation) -> dict[str, Any]:
    place.manage("migrate", "--verbosity", "0")
    # The yardsticks' table has no migrations, and its foreign keys need the tables of the others.
    place.manage("migrate", "--run-syncdb", "--verbosity", "0")
    return json.loads(place.manage("seed_demo", "--format", "json"))


def dialects(place: Installation, rows: int, options: argparse.Namespace) -> dict[str, Any]:
    """Medians of every operation of every side at `rows` rows, in milliseconds."""
    facts = prepared(place)
    print(place.manage("seed_load", "--tasks", str(rows), "--vendors", *options.dialects), flush=True)
    peers = json.loads(place.manage("peers_load", "--tasks", str(rows)))
    facts["gantt"]["project"] = "load-2"
    _, url = place.serve(workers=options.workers)
    link = Link(url)
    sides = {"floor": peer("/floor/visits", peers, ""), "stock": peer("/stock/visits", peers, "/")}
    sides |= {name: DIALECTS[name](link, facts[name]) for name in options.dialects}
    turns = {name: {what: requester(link, make) for what, make in makes.items()} for name, makes in sides.items()}
    figures = measured(turns | foreign(options), options)
    result: dict[str, Any] = {"ms": figures}
    if "gantt" in options.dialects:
        result["moves"] = move_figure(link, facts["gantt"], options)
    return result


def measured(sides: dict[str, dict[str, Side]], options: argparse.Namespace) -> dict[str, dict[str, float]]:
    figures: dict[str, dict[str, float]] = {name: {} for name in sides}
    for operation in OPERATIONS:
        turns = {name: operations[operation] for name, operations in sides.items() if operation in operations}
        alternate(turns, rounds=1, count=5, seconds=1)
        times = alternate(turns, rounds=options.rounds, count=options.count, seconds=options.seconds)
        for name, values in times.items():
            figures[name][operation] = round(median_ms(values), 3)
        print(operation, {name: figures[name][operation] for name in times}, flush=True)
    return figures


def foreign(options: argparse.Namespace) -> dict[str, dict[str, Side]]:
    """The dialects' operations on the server of --url."""
    if not options.url:
        return {}
    facts, link = json.loads(options.facts.read_text()), Link(options.url)
    return {
        f"{name} at {options.url}": {
            what: requester(link, make) for what, make in DIALECTS[name](link, facts[name]).items()
        }
        for name in options.dialects
        if name in facts
    }


def move_figure(link: Link, facts: dict[str, Any], options: argparse.Namespace) -> float:
    """The median of a move among a hundred siblings, whatever the number of rows around them."""
    headers = {"Authorization": f"Bearer {facts['token']}"}
    siblings, _ = chart.branches(link, headers, facts["project"])
    side = chart.mover(link, headers, facts["project"], siblings[:100])
    times = alternate({"move": side}, rounds=options.rounds, count=options.count, seconds=options.seconds)
    return round(median_ms(times["move"]), 3)


def charts(place: Installation, options: argparse.Namespace) -> dict[str, Any]:
    facts = prepared(place)["gantt"]
    headers = {"Authorization": f"Bearer {facts['token']}"}
    for size in CHART_SIZES:
        place.manage("seed_load", "--tasks", str(size), "--vendors", "gantt")
    _, url = place.serve(workers=options.workers)
    link, rows = Link(url), []
    slugs = {size: f"load-{number}" for number, size in enumerate(CHART_SIZES, start=2)}
    for size, slug in slugs.items():
        rows += whole_rows(place, link, headers, size, slug, options)
    for count in SIBLINGS:
        siblings, _ = chart.branches(link, headers, slugs[100_000])
        side = chart.mover(link, headers, slugs[100_000], siblings[:count])
        rows.append(single(f"move among {count:,} siblings", side, options))
    _, branch = chart.branches(link, headers, slugs[10_000])
    side = chart.copier(link, headers, slugs[10_000], branch or 0)
    rows.append(single("copy of a branch of 1,000", side, options, count=3))
    return {"rows": rows}


def whole_rows(
    place: Installation, link: Link, headers: dict[str, str], size: int, slug: str, options: argparse.Namespace
) -> list[dict[str, Any]]:
    project = int(slug.rpartition("-")[2])
    sides = {
        "whole": chart.whole(link, headers, slug),
        "driver": chart.driver_fetch(place.environment["DATABASE_URL"], project),
        "unchanged": chart.unchanged(link, headers, slug),
    }
    times = alternate(sides, rounds=options.rounds, count=10, seconds=options.seconds)
    whole, driver, unchanged = (median_ms(times[name]) for name in sides)
    against = f"×{whole / driver:.2f} of the driver's own fetch ({driver:.2f} ms; bar ×2)"
    return [
        {"what": f"whole project of {size:,}", "ms": whole, "against": against},
        {"what": "the same, unchanged (304)", "ms": unchanged, "against": f"×{whole / unchanged:.0f} as quick"},
    ]


def single(what: str, side: Side, options: argparse.Namespace, count: int | None = None) -> dict[str, Any]:
    times = alternate({what: side}, rounds=options.rounds, count=count or options.count, seconds=options.seconds)
    return {"what": what, "ms": median_ms(times[what]), "against": ""}


if __name__ == "__main__":
    main()
