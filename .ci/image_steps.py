"""Reads Dockerfile, .dockerignore and compose.yaml, so that .ci/image repeats none of them.

Only what those files use is understood; anything else is refused rather than passed over.
"""

import argparse
import json
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).resolve().parent.parent


class NotUnderstood(Exception):
    """An instruction that .ci/image would silently leave out."""


def instructions(dockerfile: Path) -> Iterator[tuple[str, str]]:
    """Each instruction's word and the rest, continued lines joined."""
    text = re.sub(r"^#.*\n", "", dockerfile.read_text(), flags=re.MULTILINE)
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip():
            word, _, rest = line.strip().partition(" ")
            yield word, re.sub(r"\s+", " ", rest)


def in_root(text: str, root: Path) -> str:
    """Put the image's own two folders under `root`."""
    return re.sub(r"(?<![\w./])(/opt/venv|/app)\b", lambda found: f"{root}{found[1]}", text)


def build_script(dockerfile: Path, context: Path, root: Path) -> str:
    """A shell script that does to `root` what a build does to the image."""
    lines = []
    for word, rest in instructions(dockerfile):
        match word:
            case "WORKDIR":
                lines.append(f"mkdir -p {in_root(rest, root)}; cd {in_root(rest, root)}")
            case "RUN":
                lines.append(in_root(rest, root))
            case "COPY":
                lines.append(_copy(rest, context, root))
            case "ARG" | "FROM" | "ENV" | "USER" | "EXPOSE" | "HEALTHCHECK" | "CMD":
                pass
            case _:
                raise NotUnderstood(f"{word} {rest}")
    return "\n".join(lines)


def _copy(rest: str, context: Path, root: Path) -> str:
    *options, source, target = shlex.split(rest)
    if "--from=build" not in options:
        # As text: a path object would lose the dot of `COPY . .`, which means what is inside.
        return f"mkdir -p $(dirname {target}); cp -R {context}/{source} {target}"
    owner = [option.removeprefix("--chown=") for option in options if "--chown=" in option]
    path = in_root(source, root)
    if source != target or len(options) != 1 + len(owner):
        raise NotUnderstood(f"COPY {rest}")
    # Both stages share this root, so the copy is there already; only root can give it away.
    chown = f"chown -R {owner[0]} {path}; " if owner else ""
    return f'test -e {path}; if [ "$(id -u)" = 0 ]; then {chown}:; fi'


def last(dockerfile: Path, wanted: str) -> str:
    """What the image ends up with for an instruction that is given once."""
    found = [rest for word, rest in instructions(dockerfile) if word == wanted]
    if len(found) != 1:
        raise NotUnderstood(f"{len(found)} times {wanted}")
    return found[0]


def service_command(dockerfile: Path, compose: dict[str, Any], service: str) -> list[str]:
    """What the container of a service runs."""
    own = compose["services"][service].get("command")
    return _exec_form(own or json.loads(last(dockerfile, "CMD")))


def service_health(dockerfile: Path, compose: dict[str, Any], service: str) -> list[str]:
    """How a container of a service is asked for its health."""
    own = compose["services"][service].get("healthcheck", {}).get("test")
    return _exec_form(
        own[1:] if own else json.loads(last(dockerfile, "HEALTHCHECK").split("CMD ")[1])
    )


def _exec_form(command: Any) -> list[str]:
    if not isinstance(command, list):
        raise NotUnderstood(f"{command!r} is not in exec form: a shell would swallow the signals.")
    return command


def copy_context(project: Path, target: Path) -> None:
    """Copy what a build may see. The file denies everything and then names what is let in."""
    first, *rules = (project / ".dockerignore").read_text().split()
    hidden = [rule.removeprefix("**/") for rule in rules if rule.startswith("**/")]
    allowed = [rule.removeprefix("!") for rule in rules if rule.startswith("!")]
    if first != "*" or len(hidden) + len(allowed) != len(rules):
        raise NotUnderstood(".dockerignore: only *, !name and **/name")
    for name in allowed:
        source, copy = project / name, target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns(*hidden))
        else:
            shutil.copy2(source, copy)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--project", type=Path, default=PROJECT)
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("what", choices=["context", "build", "env", "user", "command", "health"])
    parser.add_argument("service", nargs="?", default="web")
    options = parser.parse_args()
    sys.stdout.write(answer(options.what, options.project, options.root, options.service) + "\n")


def answer(what: str, project: Path, root: Path, service: str) -> str:
    dockerfile, context = project / "Dockerfile", root / "context"
    compose = yaml.safe_load((project / "compose.yaml").read_text())
    match what:
        case "context":
            copy_context(project, context)
            return str(context)
        case "build":
            return build_script(dockerfile, context, root)
        case "env":
            return in_root(last(dockerfile, "ENV"), root)
        case "user":
            return last(dockerfile, "USER")
        case "command":
            return shlex.join(service_command(dockerfile, compose, service))
        case _:
            return shlex.join(service_health(dockerfile, compose, service))


if __name__ == "__main__":
    try:
        main()
    except NotUnderstood as error:
        sys.exit(f".ci/image does not know how to do this: {error}")
