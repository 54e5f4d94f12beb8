"""A real `manage.py run_worker` on a database of its own, seen from outside."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager, suppress

import psutil
import psycopg
from django.conf import settings

PATIENCE = 120.0


def wait_until(claim, patience=PATIENCE, every=0.1):
    """Return the first true value of `claim()`; fail when there is none in time."""
    deadline = time.monotonic() + patience
    while not (found := claim()):
        assert time.monotonic() < deadline, f"still not so after {patience} s"
        time.sleep(every)
    return found


class WorkerDatabase:
    """A migrated database that other processes reach by its URL."""

    def __init__(self, url, connect, settings_module="tests.worker_settings"):
        self.url, self._connect = url, connect
        self.environment = {
            **{key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ},
            "DJANGO_SETTINGS_MODULE": settings_module,
            "DATABASE_URL": url,
            "WORKER_CANARY_SECONDS": "1",
            "WORKER_STALL_SECONDS": "6",
        }

    def rows(self, query):
        with closing(self._connect()) as connection:
            return connection.execute(query).fetchall()

    def forget(self):
        with closing(self._connect()) as connection:
            for table in ("core_workerheartbeat", "core_periodicrun", "django_q_ormq"):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 — names of our own
            connection.commit()

    def python(self, *arguments, **variables):
        """Run a Python command against this database to its end."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment | variables,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def manage(self, *arguments, **variables):
        return self.python("manage.py", *arguments, **variables)

    def send_naps(self, seconds, *names):
        send = f"from tests.core.worker_jobs import send_naps; send_naps{(seconds, *names)}"
        self.python("-c", f"import django; django.setup(); {send}").check_returncode()

    def marks(self):
        return {name for (name,) in self.rows("SELECT name FROM core_periodicrun")}

    def has_beat(self):
        return bool(self.rows("SELECT 1 FROM core_workerheartbeat"))

    def health(self, *arguments):
        return self.manage("worker_health", *arguments)


class RunningWorker:
    """The supervisor and all below it; ends whatever is left when the test is over."""

    def __init__(self, database, log, *, launcher=(), **variables):
        self.database, self.log = database, log
        with log.open("w") as stream:
            self.supervisor = psutil.Popen(
                [sys.executable, *launcher, "manage.py", "run_worker"],
                cwd=settings.BASE_DIR,
                env=database.environment | variables,
                stderr=stream,
            )
        self._seen = set()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        left = self.family()
        for process in [self.supervisor, *left]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.supervisor.wait(10)

    def family(self):
        """Every process below the supervisor, those it has lost included."""
        with suppress(psutil.NoSuchProcess):
            self._seen.update(self.supervisor.children(recursive=True))
        return [process for process in self._seen if is_alive(process)]

    def cluster(self):
        """The parent process of the present cluster, or None between two."""
        with suppress(psutil.NoSuchProcess):
            for child in self.supervisor.children():
                if is_alive(child):
                    return child
        return None

    def sentinel(self):
        with suppress(psutil.NoSuchProcess, AttributeError):
            return next(iter(self.cluster().children()), None)

    def members(self, saying):
        """The sentinel's children that said so in the log: django-q2's processes look alike."""
        spoken = {int(pid) for pid in re.findall(rf"{saying} (\d+)", self.log.read_text())}
        with suppress(psutil.NoSuchProcess, AttributeError):
            return [child for child in self.sentinel().children() if child.pid in spoken]
        return []

    def workers(self):
        return self.members("ready for work at")

    def monitor(self):
        return next(iter(self.members("monitoring at")), None)

    def events(self):
        """What the supervisor itself logged."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line[:1] == "{"]
        return [line for line in lines if line["logger"].startswith("core.worker")]

    def event_names(self):
        return [line["event"] for line in self.events()]

    def restarts(self):
        return sum("to be started again" in event for event in self.event_names())

    def wait_until_at_work(self):
        wait_until(lambda: len(self.workers()) >= 2 and self.database.has_beat())
        return self

    def canaries(self):
        """How many canaries a worker process has taken up so far."""
        return self.log.read_text().count("processing canary")

    def wait_for_work(self, patience=PATIENCE):
        """Until jobs are taken up again: more of them than were already in a worker's hands."""
        seen = self.canaries()
        wait_until(lambda: self.canaries() > seen + 2, patience)

    def stop(self, patience=PATIENCE):
        self.supervisor.send_signal(signal.SIGTERM)
        return self.supervisor.wait(patience)


def is_alive(process):
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


@contextmanager
def migrated_database(folder):
    """A database like the one the suite runs on, that other processes can reach."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        path = folder / "worker.sqlite3"
        yield _migrated(
            WorkerDatabase(f"sqlite:///{path}", lambda: sqlite3.connect(path, timeout=20))
        )
        return
    name = f"crossdock_worker_{os.getpid()}"
    with psycopg.connect(_postgres_url("postgres"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        url = _postgres_url(name)
        try:
            yield _migrated(WorkerDatabase(url, lambda: psycopg.connect(url)))
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _postgres_url(name):
    server = settings.DATABASES["default"]
    secret = f":{server['PASSWORD']}" if server["PASSWORD"] else ""
    return f"postgres://{server['USER']}{secret}@{server['HOST']}:{server['PORT'] or 5432}/{name}"


def _migrated(database):
    database.manage("migrate", "-v0").check_returncode()
    return database
