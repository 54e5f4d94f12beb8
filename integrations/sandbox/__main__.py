"""`python -m integrations.sandbox`: the sandbox without Django."""

import argparse
import sys

from integrations.sandbox.options import BadOption, add_arguments, options_from
from integrations.sandbox.process import CannotStart, serve


def main() -> int:
    """Exit code 1 and one sentence when it cannot start."""
    parser = argparse.ArgumentParser(prog="sandbox", description="Veeqo and Easyship, pretended.")
    add_arguments(parser)
    arguments = parser.parse_args()
    try:
        serve(options_from(arguments), _announce)
    except (BadOption, CannotStart) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _announce(line: str) -> None:
    sys.stdout.write(line)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
