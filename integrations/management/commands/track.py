"""manage.py track: hear of every parcel now."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from integrations.receiving.processing import Processed, process_due
from integrations.tracking.following import Followed, follow_parcels
from warehouses.models import Platform


class Command(BaseCommand):
    help = (
        "Process the webhook events that are due, then ask for every parcel under way, with the "
        "code the workers run and in the same budget."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--platform", choices=Platform.values, help="Default: all, in turn.")
        parser.add_argument(
            "--seconds", type=float, default=float("inf"), help="Ask nothing more after so many."
        )
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")

    def handle(self, *_args: Any, **options: Any) -> None:
        platforms = [options["platform"]] if options["platform"] else Platform.values
        told = {platform: _hear(platform, options["seconds"]) for platform in platforms}
        if options["json"]:
            self.stdout.write(json.dumps({name: _counts(*each) for name, each in told.items()}))
            return
        for name, each in told.items():
            self.stdout.write(_sentence(Platform(name).label, *each))


def _hear(platform: str, seconds: float) -> tuple[Processed, Followed]:
    return process_due(platform), follow_parcels(platform, seconds=seconds, anew=True)


def _counts(processed: Processed, followed: Followed) -> dict[str, Any]:
    return {"webhooks": asdict(processed), **asdict(followed)}


def _sentence(platform: str, processed: Processed, followed: Followed) -> str:
    end = "" if followed.is_complete else " The round is not finished."
    error = f" {followed.error}" if followed.error else ""
    return (
        f"{platform}: {followed.asked} parcels asked about, {followed.news} with news, "
        f"{processed.done} webhook events processed.{end}{error}"
    )
