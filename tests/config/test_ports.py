import socket

import pytest

from config.ports import NoPort, PortBusy, PortsAlike, check_port_free, check_ports_differ


def test_a_busy_port_is_said_in_one_sentence_with_the_way_out():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(PortBusy, match=rf"Port {port} .* PORT={port + 1}"):
            check_port_free("127.0.0.1", port, "PORT")


def test_a_free_port_is_fine():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    check_port_free("127.0.0.1", port, "PORT")


@pytest.mark.parametrize("port", [-1, 0, 65_536])
def test_a_number_that_is_no_port_is_said_in_one_sentence(port):
    with pytest.raises(NoPort, match=rf"SANDBOX_PORT={port} is no port"):
        check_port_free("127.0.0.1", port, "SANDBOX_PORT")


def test_two_ports_that_are_one_are_named_with_another_to_choose():
    with pytest.raises(PortsAlike, match=r"PORT and SANDBOX_PORT are both 8000.*SANDBOX_PORT=8001"):
        check_ports_differ({"PORT": 8000, "SANDBOX_PORT": 8000})

    check_ports_differ({"PORT": 8000, "SANDBOX_PORT": 8001})
