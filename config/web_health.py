"""Ask the site on this machine whether it is alive: `python -m config.web_health`.

Plain Python, because a container asks every half minute and Django takes seconds to load.
"""

import http.client
import os
import sys


def host_to_ask_for() -> str:
    """A name that ALLOWED_HOSTS accepts."""
    first = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    return first if first not in ("", "*") else "localhost"


def is_alive(address: str, timeout: float = 3.0) -> bool:
    """Whether `/healthz` on host:port `address` answers 200 within `timeout` seconds."""
    connection = http.client.HTTPConnection(address, timeout=timeout)
    try:
        connection.request("GET", "/healthz", headers={"Host": host_to_ask_for()})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def main() -> int:
    bind = os.environ.get("BIND", "0.0.0.0:8000")
    host, _, port = bind.rpartition(":")
    address = f"{'127.0.0.1' if host in ('', '0.0.0.0') else host}:{port}"  # noqa: S104 — compared, not bound
    if is_alive(address):
        return 0
    sys.stderr.write(f"The site does not answer on {address}.\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
