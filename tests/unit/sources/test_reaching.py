from __future__ import annotations

import socket
from contextlib import closing

import pytest

from definitions.errors import SourceRefusedError, SourceUnreachableError
from definitions.troubles import Trouble
from sources.guard import AddressPolicy
from sources.reaching import open_socket

HERE = AddressPolicy(allow_private=True)


def test_an_allowed_host_is_connected_to() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        closing(open_socket("localhost", server.getsockname()[1], HERE, 5)) as found,
    ):
        assert found.getpeername() == server.getsockname()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f000001", "169.254.169.254"])
def test_no_other_host_is(host: str) -> None:
    with pytest.raises(SourceRefusedError, match="sources may not use") as caught:
        open_socket(host, 1, AddressPolicy(), 5)

    assert caught.value.trouble is Trouble.NOT_ALLOWED


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 70 + ".example"])
def test_what_is_no_host_is_named(host: str) -> None:
    with pytest.raises((SourceRefusedError, SourceUnreachableError), match=host) as caught:
        open_socket(host, 1, HERE, 5)

    assert getattr(caught.value, "trouble", None) is Trouble.RESOLUTION
