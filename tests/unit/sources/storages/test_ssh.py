"""Whom an SSH connection trusts, and how it says what is wrong."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from definitions.errors import SourceRefusedError, SourceUnreachableError
from definitions.troubles import Trouble
from sources.guard import AddressPolicy
from sources.storages.ssh import FAST_CIPHERS, open_transport, shown_host_key
from tests.ssh_servers import PASSWORD, Keys, SshServer, in_process
from tests.storages import sftp_place, terms

OTHER = "SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8"
KEYS = Keys()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    with in_process(tmp_path_factory.mktemp("files"), KEYS) as running:
        yield running


def trouble_of(server: SshServer, **changes: Any) -> tuple[Trouble | None, str]:  # noqa: ANN401
    """Return what is wrong with a place."""
    with pytest.raises((SourceRefusedError, SourceUnreachableError)) as caught:
        open_transport(sftp_place(server, **changes), terms(connect_timeout=2, read_timeout=2))
    error = caught.value
    assert isinstance(error, SourceRefusedError | SourceUnreachableError)
    return error.trouble, str(error)


def key(passphrase: str | None = None) -> str:
    return KEYS.user.export_private_key(passphrase=passphrase).decode()


@pytest.mark.parametrize(
    "login",
    [
        {"password": PASSWORD, "private_key": None},
        {"private_key": key()},
        {"private_key": key("open sesame"), "passphrase": "open sesame"},
        {"password": "wrong", "private_key": key()},
    ],
    ids=["password", "key", "locked key", "key before password"],
)
def test_a_right_login_is_let_in(server: SshServer, login: dict[str, Any]) -> None:
    with closing(open_transport(sftp_place(server, **login), terms())) as transport:
        assert transport.is_authenticated()
        assert getattr(transport, "remote_cipher", None) in FAST_CIPHERS


@pytest.mark.parametrize(
    ("login", "words"),
    [
        ({"password": "wrong secret", "private_key": None}, "refuses the login of 'importer'"),
        ({"username": "somebody"}, "refuses the login of 'somebody' with its key"),
        ({"private_key": Keys().private}, "refuses the login of 'importer' with its key"),
        ({"private_key": key("open sesame")}, "give its passphrase"),
        (
            {"private_key": key("open sesame"), "passphrase": "shut"},
            "is not opened by the passphrase",
        ),
        ({"private_key": "no key"}, "cannot be read"),
    ],
)
def test_a_wrong_login_is_named_without_its_secrets(
    server: SshServer, login: dict[str, Any], words: str
) -> None:
    trouble, text = trouble_of(server, **login)

    assert trouble is Trouble.LOGIN
    assert words in text
    assert "wrong secret" not in text
    assert "sesame" not in text


def test_another_host_key_is_refused_with_both_fingerprints(server: SshServer) -> None:
    trouble, text = trouble_of(server, host_key=OTHER)

    assert trouble is Trouble.HOST_KEY
    assert OTHER in text
    assert server.host_key in text


def test_nothing_of_the_login_is_sent_to_a_server_that_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def begin_auth(_: asyncssh.SSHServer, username: str) -> bool:
        asked.append(username)
        return True

    monkeypatch.setattr("tests.ssh_servers._Login.begin_auth", begin_auth)
    with in_process(tmp_path, Keys()) as stranger:
        trouble_of(stranger, host_key=OTHER)

    assert asked == []


@pytest.mark.parametrize("kind", ["ssh-rsa", "ecdsa-sha2-nistp256"])
def test_a_key_of_any_kind_can_be_trusted(tmp_path: Path, kind: str) -> None:
    keys = Keys(kind)
    with in_process(tmp_path, keys) as server:
        assert shown_host_key("127.0.0.1", server.port, terms()) == keys.fingerprint
        with closing(open_transport(sftp_place(server), terms())) as transport:
            assert transport.is_authenticated()


def test_a_name_that_nobody_has_is_named(server: SshServer) -> None:
    trouble, text = trouble_of(server, host="no-such-host.invalid")

    assert trouble is Trouble.RESOLUTION
    assert "'no-such-host.invalid' cannot be resolved" in text


def test_a_port_where_nobody_listens_is_named(server: SshServer) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        trouble, text = trouble_of(server, port=taken.getsockname()[1])

    assert trouble is Trouble.REFUSED
    assert "refuses connections" in text


@contextmanager
def silent() -> Iterator[int]:
    """A server that accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        kept: list[socket.socket] = []

        def accept() -> None:
            kept.append(listening.accept()[0])

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(5)
        for connection in kept:
            connection.close()


def test_a_server_that_keeps_silent_is_not_waited_for_long(server: SshServer) -> None:
    with silent() as port:
        trouble, text = trouble_of(server, port=port)

    assert trouble is Trouble.TIMEOUT
    assert "keeps silent" in text


def test_a_host_that_is_not_allowed_is_not_connected_to(server: SshServer) -> None:
    with pytest.raises(SourceRefusedError, match="IMPORTMGR_ALLOWED_SOURCE_NETWORKS") as caught:
        open_transport(sftp_place(server), terms(policy=AddressPolicy()))

    assert caught.value.trouble is Trouble.NOT_ALLOWED
