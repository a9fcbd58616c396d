"""A watch over every test: no secret that the product takes may come out of it in the clear.

The watch is at the places where a secret enters: what is sealed, what becomes an API key, what a
test posts as a password. And at those where one might come out: log events, texts of errors,
answers over HTTP, output of commands, arguments of processes, what stands in PostgreSQL when a test
gives its database back, and the files that it leaves (databases, which hold secrets only encrypted,
logs, the spool). A test after which a secret is found where it does not belong fails in its
teardown.

Secrets that are too short to be told from other words are left out, and those of the documentation.
"""

from __future__ import annotations

import functools
import logging
import subprocess
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click.testing
import flask
import pytest
from flask import Flask

from definitions.errors import ImportmgrError
from importmgr.identity import SystemIdentity
from importmgr.security.sealing import Sealer
from importmgr.telling.registry import channels
from tests.clocks import CountingIdentity

SHORTEST = 12  # characters; shorter ones are words that stand anywhere
KNOWN = frozenset({"correct horse battery staple"})  # stands in the reference
NAMES = frozenset({"password", "private_key", "secret", "secret_access_key", "account_key"})
SIGNED = tuple(kind.name for kind in channels() if kind.is_signed)
# commands whose output is a secret, and doors whose answer is one, the once that it is shown
TELLING = frozenset(
    {("key", "create"), ("key", "rotate")}
    | {(kind, word) for kind in SIGNED for word in ("create", "rotate-secret")}
)
TELLING_DOORS = frozenset(
    f"{kind}s.{name}" for kind in SIGNED for name in (f"create_{kind}", f"rotate_{kind}_secret")
)
SEALED = "sealed:v1:"
LARGEST = 16 << 20  # bytes of a file that is looked through


@dataclass(slots=True)
class Watch:
    """The secrets that went into the product during one test, and what came out of it."""

    secrets: set[str] = field(default_factory=set)
    texts: list[tuple[str, str]] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)  # where secrets stand that can be seen no more
    read: dict[Path, int] = field(default_factory=dict)  # how far files of the session were read
    on_purpose: bool = False  # whether the command that runs shows a secret, once, as it has to

    def begin(self) -> None:
        """Forget the test before."""
        self.secrets.clear()
        self.texts.clear()
        self.seen.clear()

    def takes(self, secret: str) -> None:
        """Note a secret that the product takes."""
        if len(secret) >= SHORTEST and secret not in KNOWN and not secret.startswith(SEALED):
            self.secrets.add(secret)

    def takes_from(self, document: object) -> None:
        """Note the secrets of a document that is sent to the product."""
        if isinstance(document, Mapping):
            for name, value in document.items():
                if name in NAMES and isinstance(value, str):
                    self.takes(value)
                self.takes_from(value)

    def tells(self, where: str, text: str) -> None:
        """Note what the product tells."""
        self.texts.append((where, text))

    def looks_at(self, where: str, content: bytes) -> None:
        """Look through what is about to go: a table, as COPY writes it."""
        if self._holds(content) or any(form in content for form in self._copied()):
            self.seen.append(where)

    def looks_into(self, folder: Path) -> None:
        """Look through the files of a folder that is about to go."""
        found = _files(folder) if self.secrets else ()
        self.seen += [str(path) for path in found if self._holds(path.read_bytes())]

    def leaks(self) -> list[str]:
        """Return where secrets came out, without them."""
        told = (where for where, text in self.texts if self._holds(text.encode()))
        return sorted({*told, *self.seen})

    def leaks_in_log(self, log: Path) -> list[str]:
        """Return where secrets stand in what was added to a log that outlives the test."""
        if not log.exists():
            return []
        with log.open("rb") as lines:
            lines.seek(self.read.get(log, 0))
            added = lines.read()
        self.read[log] = self.read.get(log, 0) + len(added)
        return [f"log {log.name}"] if self._holds(added) else []

    def _copied(self) -> Iterator[bytes]:
        """Yield secrets as COPY writes bytes, and texts of several lines, alone and in JSON."""
        for secret in self.secrets:
            yield secret.encode().hex().encode()
            for end in ("\\n", "\\\\n"):
                yield secret.replace("\n", end).encode()

    def _holds(self, content: bytes) -> bool:
        return any(secret.encode() in content for secret in self.secrets)


watch = Watch()


class LogWatch(logging.Handler):
    """Notes every event, before anything in it is masked."""

    def emit(self, record: logging.LogRecord) -> None:
        """Note one."""
        watch.tells(f"log of {record.name}", f"{record.msg} {record.args} {record.exc_info}")


def pytest_configure() -> None:
    """Look on where secrets enter and where they might come out."""
    _look_on(Sealer, "encrypt_password", lambda _, __, password: watch.takes(password))
    _look_on(Sealer, "encrypt_secrets", lambda _, __, secrets: _take_all(secrets))
    _look_on(Sealer, "encrypt_signing", lambda _, __, secret: watch.takes(secret))
    for identity in (SystemIdentity, CountingIdentity):
        _look_on(identity, "token", then=lambda made: watch.takes(str(made)))
    _look_on(ImportmgrError, "__init__", lambda error, *args: _note_error(error, args))
    _look_on(subprocess.Popen, "__init__", lambda _, args, *__: _note_process(args))
    _look_on(Flask, "process_response", then=_note_answer)
    _look_on(click.testing.CliRunner, "invoke", _note_command, _note_output)


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """A folder of the test alone; it goes last, when all that wrote into it has ended."""
    yield tmp_path
    watch.looks_into(tmp_path)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None]:
    """Begin to watch a test; its fixtures are part of it."""
    watch.begin()
    root = logging.getLogger()
    if not any(isinstance(handler, LogWatch) for handler in root.handlers):
        root.addHandler(LogWatch())
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    """Fail a test after which a secret is where it does not belong."""
    service = getattr(item, "funcargs", {}).get("service")
    result = yield
    found = watch.leaks()
    if service is not None:
        found += watch.leaks_in_log(service.log)
    if found:
        pytest.fail(f"a secret stands in the clear in: {', '.join(found)}")
    return result


def _look_on(
    owner: type,
    name: str,
    before: Callable[..., object] = lambda *_: None,
    then: Callable[..., object] = lambda _: None,
) -> None:
    """Call `before` with what a method gets and `then` with what it returns, and change nothing."""
    original = getattr(owner, name)

    @functools.wraps(original)
    def looked_on(*args: Any, **more: Any) -> Any:  # noqa: ANN401 - any method
        before(*args)
        result = original(*args, **more)
        then(result)
        return result

    setattr(owner, name, looked_on)


def _take_all(secrets: Mapping[str, str]) -> None:
    for secret in secrets.values():
        watch.takes(secret)


def _note_error(error: ImportmgrError, args: tuple[object, ...]) -> None:
    watch.tells(f"text of {type(error).__name__}", " ".join(map(str, args)))


def _note_process(args: object) -> None:
    """Note what a list of processes shows; who gives `--secret` on a command line knows it."""
    words = [args] if isinstance(args, str) else [str(word) for word in _listed(args)]
    if "--secret" not in words:
        watch.tells("arguments of a process", " ".join(words))


def _listed(args: object) -> list[object]:
    return list(args) if isinstance(args, list | tuple) else [args]


def _note_answer(response: Any) -> None:  # noqa: ANN401 - Flask's
    is_meant = flask.request.endpoint in TELLING_DOORS
    if not (is_meant or response.is_streamed or response.direct_passthrough):
        text = response.get_data().decode(errors="replace")
        watch.tells("answer over HTTP", text + str(response.headers))


def _note_command(_: object, __: object, words: object) -> None:
    watch.on_purpose = tuple(_listed(words)[:2]) in TELLING


def _note_output(result: click.testing.Result) -> None:
    if not watch.on_purpose:
        watch.tells("output of a command", result.output)


def _files(folder: Path) -> Iterator[Path]:
    """Yield what a test has left that may hold secrets of nobody: databases, logs, the spool."""
    for path in folder.rglob("*"):
        wanted = path.suffix in {".db", ".db-wal", ".log"} or "spool" in path.parts
        if wanted and path.is_file() and path.stat().st_size <= LARGEST:
            yield path
