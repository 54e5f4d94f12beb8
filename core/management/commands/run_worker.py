import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.worker.queues import UnknownQueue, default_queue, queue_named
from core.worker.supervisor import Supervisor
from core.worker.tickers import Tickers, log_failed_thread


class Command(BaseCommand):
    help = "Work on one queue until told to stop, restarting the cluster when it freezes or ends."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--queue", default=default_queue(), help="Default: %(default)s.")

    def handle(self, *_args: Any, queue: str, **_options: Any) -> None:
        tickers = Tickers(settings.WORKER_TICKERS if queue == default_queue() else {})
        try:
            supervisor = Supervisor(queue_named(queue), tickers=tickers)
        except UnknownQueue as error:
            raise CommandError(str(error)) from error
        threading.excepthook = log_failed_thread
        signal.signal(signal.SIGTERM, supervisor.request_stop)
        signal.signal(signal.SIGINT, supervisor.request_stop)
        raise SystemExit(supervisor.run())
