"""So many worker processes, each replaced when it is killed, until no dispatch waits any more.

Prints the process id of each one it starts; see dispatch_crashes.
"""

import itertools
import os
import sys

import django

PLATFORMS = ("veeqo", "easyship")
_started = itertools.count()


def work(first):
    """A new process: its connection and its lock are its own."""
    from integrations.dispatching.worker import work_until_idle  # needs django.setup()

    for platform in (*PLATFORMS[first:], *PLATFORMS[:first]):
        work_until_idle(platform)


def start():
    """Every second one begins with the other platform, so that both are at work at once."""
    first = next(_started) % len(PLATFORMS)
    pid = os.fork()
    if pid:
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
        return pid
    work(first)
    os._exit(0)


def main(count):
    django.setup()
    children = {start() for _ in range(count)}
    while children:
        pid, status = os.wait()
        children.discard(pid)
        if status != 0:
            children.add(start())


if __name__ == "__main__":
    main(int(sys.argv[1]))
