"""The supervised process: one django-q2 cluster that reports, and that dies with its supervisor.

Started by core.worker.process as `python -m core.worker.cluster`, never by hand.
"""

import argparse
import os
import signal
import threading

import django


def follow(lifeline: int) -> None:
    """Kill our whole process group once the supervisor, who holds the other end, is gone."""

    def wait_for_the_end() -> None:
        os.read(lifeline, 1)
        os.killpg(os.getpgrp(), signal.SIGKILL)

    threading.Thread(target=wait_for_the_end, name="lifeline", daemon=True).start()


def run_cluster(reports: int) -> None:
    """Start what `manage.py qcluster` starts, on a broker that reports."""
    # django-q2 reads its settings while it is imported, so Django must be set up before.
    from django.db import connections
    from django_q.brokers import get_broker
    from django_q.cluster import Cluster

    from core.worker.reports import ReportingBroker, open_reports, report_done_jobs

    report = open_reports(reports)
    report_done_jobs(report)
    broker = ReportingBroker(get_broker(), report)
    # The broker looked at its connection; a child must never inherit an open one.
    connections.close_all()
    Cluster(broker).start()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, required=True)
    parser.add_argument("--lifeline", type=int, required=True)
    options = parser.parse_args()
    follow(options.lifeline)
    django.setup()
    run_cluster(options.reports)


if __name__ == "__main__":
    main()
