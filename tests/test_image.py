"""The image, its services, and the script that stands in for a container engine agree."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.apps import apps
from django.conf import settings

from core.worker.queues import queue_named, queue_names

PROJECT = Path(settings.BASE_DIR)
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
SERVICES = yaml.safe_load((PROJECT / "compose.yaml").read_text())["services"]
WORKERS = {name: service for name, service in SERVICES.items() if name.startswith("worker")}


def ask(*question, project=PROJECT, root="/root-of-test"):
    steps = [sys.executable, PROJECT / ".ci/image_steps.py", "--project", project, "--root", root]
    return subprocess.run(
        [*steps, *question],
        capture_output=True,
        text=True,
        timeout=60,
    )


def answer(*question, **options):
    told = ask(*question, **options)
    assert told.returncode == 0, told.stderr
    return told.stdout.strip()


@pytest.fixture
def project(tmp_path):
    """A copy of the files that describe the image, to be changed."""
    for name in ("Dockerfile", "compose.yaml", ".dockerignore"):
        shutil.copy(PROJECT / name, tmp_path)
    return tmp_path


def change(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("question", "old", "new"),
    [
        (["build"], "prod.txt\nCOPY", "base.txt\nCOPY"),
        (["build"], "collectstatic --noinput", "collectstatic --clear"),
        (["command", "web"], '"config.wsgi"]', '"config.wsgi", "--reload"]'),
        (["health", "web"], "config.web_health", "config.other_health"),
        (["user"], "USER 10001:10001", "USER 10002:10002"),
        (["env"], "PYTHONUNBUFFERED=1", "PYTHONUNBUFFERED=0"),
    ],
)
def test_what_changes_in_the_dockerfile_changes_what_ci_does(project, question, old, new):
    before = answer(*question, project=project)

    change(project / "Dockerfile", old, new)

    assert answer(*question, project=project) != before


@pytest.mark.parametrize("question", [["command", "worker"], ["health", "worker"]])
def test_what_changes_in_compose_changes_what_ci_does(project, question):
    before = answer(*question, project=project)

    change(project / "compose.yaml", '"manage.py"', '"other.py"')

    assert answer(*question, project=project) != before


def test_ci_repeats_no_command_of_the_image():
    script = (PROJECT / ".ci/image").read_text()

    commands = ["gunicorn", "manage.py", "collectstatic", "run_worker", "worker_health", "migrate "]
    assert not [word for word in [*commands, "requirements/", "pip install"] if word in script]
    for step in ("build", "command migrate", "command ", "health ", "user", "env", "context"):
        assert f"steps {step}" in script


def test_ci_starts_checks_and_stops_both_services():
    script = (PROJECT / ".ci/image").read_text()

    for service in ("web", "worker"):
        assert f"launch {service}; {service}=$!" in script
        assert f'wait_for_health {service} "${service}"' in script
        assert f'stop {service} "${service}"' in script


@pytest.mark.parametrize("line", ["ADD http://example.com/x /x", 'SHELL ["bash"]', "VOLUME /x"])
def test_an_instruction_ci_cannot_follow_is_refused(project, line):
    change(project / "Dockerfile", "EXPOSE 8000", line)

    told = ask("build", project=project)

    assert told.returncode != 0
    assert line.split()[0] in told.stderr


def test_a_command_that_a_shell_would_wrap_is_refused(project):
    change(project / "compose.yaml", 'command: ["python", "manage.py", "run_worker"]', "command: x")

    assert "exec form" in ask("command", "worker", project=project).stderr


def test_the_image_installs_pinned_wheels_and_nothing_else():
    installs = re.findall(r"^RUN .*pip install (.*)$", DOCKERFILE, re.MULTILINE)

    assert len(installs) == 1
    assert "--require-hashes" in installs[0]
    assert "--only-binary :all:" in installs[0]
    assert shlex.split(installs[0])[-2:] == ["-r", "requirements/prod.txt"]


def test_the_image_does_not_run_as_root():
    assert int(answer("user").split(":")[0]) > 0


def test_the_image_holds_no_secret():
    assert not re.search(r"^(ENV|ARG) .*(SECRET|PASSWORD|TOKEN)", DOCKERFILE, re.MULTILINE)


def context_of(project, tmp_path):
    answer("context", project=project, root=str(tmp_path))
    return tmp_path / "context"


@pytest.fixture(scope="module")
def context(tmp_path_factory):
    return context_of(PROJECT, tmp_path_factory.mktemp("image"))


def test_every_app_of_ours_is_in_the_image(context):
    ours = {
        config.name for config in apps.get_app_configs() if PROJECT in Path(config.path).parents
    }
    ours -= {config.name for config in apps.get_app_configs() if "site-packages" in config.path}

    assert ours
    assert ours <= {path.name for path in context.iterdir()}
    assert (context / "templates").is_dir()


@pytest.mark.parametrize("name", [".env", ".git", ".venv", "tests", "var", "requirements/dev.txt"])
def test_what_the_site_does_not_need_stays_out_of_the_image(context, name):
    assert not (context / name).exists()


def test_secrets_lying_about_stay_out_of_the_image(project, tmp_path_factory):
    for name in ("manage.py", "production.env", ".env"):
        (project / name).write_text("SECRET_KEY=x")
    (project / "requirements").mkdir()
    (project / "requirements/prod.txt").touch()
    for name in ("config", "routing", "integrations", "orders", "warehouses", "core", "templates"):
        (project / name).mkdir()

    context = context_of(project, tmp_path_factory.mktemp("context"))

    assert not [path for path in context.rglob("*") if path.name.endswith(".env")]


def test_every_queue_has_a_worker():
    served = {shlex.join(service["command"]) for service in WORKERS.values()}

    own = "python manage.py run_worker --queue {}"
    assert served == {own.format(name).removesuffix(" --queue ops") for name in queue_names()}


@pytest.mark.parametrize("name", WORKERS)
def test_a_worker_has_the_time_to_finish_and_the_health_of_its_own_queue(name):
    service = WORKERS[name]
    queue = queue_named((service["command"] + ["--queue", "ops"])[4])

    assert int(service["stop_grace_period"].rstrip("s")) > queue.stop_seconds
    assert service["healthcheck"]["test"][4:] == service["command"][3:]
    assert service["restart"] == "always"


@pytest.mark.parametrize("name", ["web", *WORKERS])
def test_nothing_starts_before_the_migrations_are_done(name):
    assert SERVICES[name]["depends_on"] == {
        "migrate": {"condition": "service_completed_successfully"}
    }


@pytest.mark.parametrize("name", ["migrate", "web", *WORKERS])
def test_a_container_of_ours_can_write_only_where_it_must(name):
    assert SERVICES[name]["read_only"] is True
    assert SERVICES[name]["cap_drop"] == ["ALL"]
    assert SERVICES[name]["volumes"] == ["files:/app/var"]


def test_a_deploy_brings_the_database_up_to_date_with_the_code():
    steps = re.findall(r"manage.py (\w+)", SERVICES["migrate"]["command"][-1])

    assert steps == ["migrate", "ensure_roles", "ensure_default_ruleset", "ensure_schedules"]
