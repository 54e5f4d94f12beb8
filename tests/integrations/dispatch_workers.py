"""So many worker processes, each replaced when it is killed, until no dispatch waits any more.

Prints the process id of each one it starts; see test_dispatch_killed.
"""

import os
import sys

import django


def work():
    """A new process: its connection and its lock are its own."""
    from integrations.dispatching.worker import work_until_idle  # needs django.setup()

    for platform in ("veeqo", "easyship"):
        work_until_idle(platform)


def start():
    pid = os.fork()
    if pid:
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
        return pid
    work()
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
