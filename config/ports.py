"""Whether a port is free, said before anything is started."""

import socket
from collections.abc import Mapping
from itertools import combinations

from core.errors import DomainError

HIGHEST = 65_535


class NoPort(DomainError):
    code = "no_port"

    def __init__(self, port: int, variable: str):
        super().__init__(f"{variable}={port} is no port. Choose one from 1 to {HIGHEST}.")


class PortBusy(DomainError):
    code = "port_busy"

    def __init__(self, host: str, port: int, variable: str):
        super().__init__(
            f"Port {port} on {host} is in use. "
            f"Stop what uses it, or choose another one with {variable}={port + 1}."
        )


class PortsAlike(DomainError):
    code = "ports_alike"

    def __init__(self, port: int, first: str, second: str):
        super().__init__(
            f"{first} and {second} are both {port}. Choose another one with {second}={port + 1}."
        )


def check_port_free(host: str, port: int, variable: str) -> None:
    """Raise NoPort, or PortBusy when it cannot be had; `variable` is what to set instead."""
    if not 1 <= port <= HIGHEST:
        raise NoPort(port, variable)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortBusy(host, port, variable) from error


def check_ports_differ(ports: Mapping[str, int]) -> None:
    """Raise PortsAlike when two of the ports, by the variables that set them, are one."""
    for (first, port), (second, other) in combinations(ports.items(), 2):
        if port == other:
            raise PortsAlike(port, first, second)
