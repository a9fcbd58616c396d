"""The watch over secrets sees them come out, and nothing else."""

from __future__ import annotations

from pathlib import Path

from definitions.errors import RequestError
from tests.canary import KNOWN, Watch, watch

SECRET = "nobody-may-read-this"


def test_a_secret_that_comes_out_is_found_and_not_shown(tmp_path: Path) -> None:
    own = Watch()
    own.takes_from({"source": {"auth": {"username": "crm", "password": SECRET}}})
    (tmp_path / "importmgr.db").write_bytes(b"x" + SECRET.encode())
    (tmp_path / "notes.txt").write_text(SECRET)
    own.tells("log of a", f"login with {SECRET}")
    own.tells("log of b", "login with ***")

    found = own.leaks(tmp_path)

    assert found == [str(tmp_path / "importmgr.db"), "log of a"]
    assert own.leaks() == ["log of a"]


def test_words_and_sealed_secrets_are_none() -> None:
    own = Watch()
    for word in ("password", "sealed:v1:nobody-may-read-this", *KNOWN):
        own.takes(word)

    assert own.secrets == set()


def test_only_what_a_test_added_to_a_log_is_its_own(tmp_path: Path) -> None:
    own, log = Watch(), tmp_path / "service.log"
    own.takes(SECRET)
    assert own.leaks_in_log(log) == []
    log.write_text(SECRET)

    assert own.leaks_in_log(log) == ["log service.log"]
    assert own.leaks_in_log(log) == []


def test_every_test_is_watched() -> None:
    RequestError("seen by the watch")

    assert ("text of RequestError", "seen by the watch") in watch.texts
