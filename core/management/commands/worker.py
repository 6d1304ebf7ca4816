"""The background engine."""

import socket
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.worker import Worker, workers_alive


class Command(BaseCommand):
    help = "Runs background jobs and periodic work until it is ended; --once runs what is due and ends."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="run what is due, then end")
        parser.add_argument("--alive", action="store_true", help="only tell whether a worker of this machine is alive")
        parser.add_argument("--interval", type=float, default=1.0, help="seconds to wait when there is nothing to do")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["alive"]:
            if not workers_alive(machine=socket.gethostname()):
                raise CommandError("no worker of this machine is alive")
            return
        worker = Worker(interval=options["interval"])
        if options["once"]:
            self.stdout.write(f"{worker.step()} done")
        else:
            worker.run()
