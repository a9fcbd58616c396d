from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from importmgr.app import create_app
from importmgr.security.permissions import PERMISSIONS
from tests.product import Product


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A client with a key to one project; `{t}` in a path is the project's token."""

    client: FlaskClient
    token: str
    auth: tuple[str, str]

    def call(self, method: str, path: str, **options: Any) -> TestResponse:  # noqa: ANN401
        """Send a request."""
        target = path.replace("{t}", self.token)
        return self.client.open(target, method=method, **{"auth": self.auth, **options})


def caller(product: Product, permissions: tuple[str, ...] = PERMISSIONS) -> Caller:
    """Return a caller with these permissions, of an application of its own."""
    key = product.services.keys.create(product.project.token, "test", permissions)
    return Caller(
        client=create_app(product.services).test_client(),
        token=product.project.token,
        auth=(key.key_id, key.secret),
    )


Beside = Callable[..., Product]


def _beside(product: Product) -> Iterator[Beside]:
    with ExitStack() as made:

        def beside(**settings: object) -> Product:
            other = product.beside(**settings)
            made.callback(other.close)
            return other

        yield beside


@pytest.fixture
def beside(product: Product) -> Iterator[Beside]:
    """Makes further processes with other settings, on either kind of database."""
    yield from _beside(product)


@pytest.fixture
def small_beside(small_product: Product) -> Iterator[Beside]:
    """Makes further processes with other settings, on SQLite."""
    yield from _beside(small_product)


@pytest.fixture
def api(product: Product) -> Caller:
    """A caller who may do everything, on either kind of database."""
    return caller(product)


@pytest.fixture
def small_api(small_product: Product) -> Caller:
    """A caller who may do everything, on SQLite."""
    return caller(small_product)
