"""manage.py check_platforms: what works and what does not, in plain words."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError

from integrations.dispatching.connections import account_of
from integrations.platforms.remote import Probe
from integrations.services import probe_platform
from integrations.services.pretended import is_pretended
from warehouses.models import Platform


class Command(BaseCommand):
    help = "Call both platforms and say what works. Exits 1 when something does not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--platform", choices=Platform.values, help="Default: all.")
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")

    def handle(self, *_args: Any, **options: Any) -> None:
        platforms = [options["platform"]] if options["platform"] else Platform.values
        probes = {platform: probe_platform(platform) for platform in platforms}
        if options["json"]:
            self.stdout.write(json.dumps({name: asdict(found) for name, found in probes.items()}))
        else:
            for platform, found in probes.items():
                self.tell(platform, found)
        failed = [str(Platform(name).label) for name, found in probes.items() if not found.works]
        if failed:
            raise CommandError(f"{' and '.join(failed)}: see above what does not work.")

    def tell(self, platform: str, found: Probe) -> None:
        # Behind the @: what stands before it is a password, and a terminal may be recorded.
        netloc = urlsplit(account_of(platform).base_url).netloc
        host = netloc.rpartition("@")[2] or "no address"
        pretended = " (a sandbox: nothing ships)" if is_pretended(platform) else ""
        self.stdout.write(f"{Platform(platform).label} at {host}{pretended}")
        for check in found.checks:
            mark = self.style.SUCCESS("works") if check.works else self.style.ERROR("fails")
            self.stdout.write(f"  {mark}  {check.what}: {check.words}")
