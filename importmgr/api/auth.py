"""Who calls: read before anything else of a request is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import Flask, Request, g, request

from definitions.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from importmgr.acting import SERVICE, Actor, act_as
from importmgr.api.blueprint import Door
from importmgr.api.dialect import Dialect, Login, dialect_of
from importmgr.services.access import Access, Principal
from importmgr.store.projects import Project

HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})
OUR_SITES = frozenset({"same-origin", "none"})  # of the header Sec-Fetch-Site; "none": a person


def basic_login(request: Request) -> Login:
    """Return key id and secret of HTTP Basic, or raise `UnauthenticatedError`."""
    given = request.authorization
    if given is None or given.type != "basic":
        msg = "send the key id and the secret of a private key with HTTP Basic"
        raise UnauthenticatedError(msg)
    key_id, secret = given.username or "", given.password or ""
    if not key_id or not secret or "\x00" in key_id + secret:
        msg = "the key id or the secret is empty or holds a NUL character"
        raise UnauthenticatedError(msg)
    return key_id, secret


def guard(
    app: Flask, dialects: Iterable[Dialect], doors: Mapping[str, Door], access: Access
) -> None:
    """Let every request below a dialect's prefixes authenticate, then be authorised by its door.

    An address that does not exist asks for credentials too, so nobody learns what exists without
    them. The door gets the project itself in place of its token.
    """

    @app.before_request
    def check() -> None:
        dialect = dialect_of(request.path, dialects)
        if dialect is None:
            return
        _refuse_other_sites(request)
        g.principal = access.authenticate(*dialect.login(request), request.remote_addr or "unknown")
        act_as(Actor(name=g.principal.key_id, request_id=g.request_id))
        door = doors.get(request.endpoint or "")
        if door and request.method != "OPTIONS":
            _admit(door, access, g.principal)

    @app.teardown_request
    def leave(_: BaseException | None) -> None:
        act_as(SERVICE)


def _refuse_other_sites(request: Request) -> None:
    """Raise `ForbiddenError` for what a page of another site lets a browser change here.

    A browser sends along a login that it was once told. It says itself where a request comes from,
    and no page can make it say otherwise; other clients say nothing.
    """
    comes_from = request.headers.get("Sec-Fetch-Site", "none")
    if request.method not in HARMLESS and comes_from not in OUR_SITES:
        msg = f"a page of another site sent this ({comes_from!r}): send it from a program instead"
        raise ForbiddenError(msg)


def _admit(door: Door, access: Access, principal: Principal) -> None:
    """Put the project into the arguments of the door, or raise `ForbiddenError`."""
    arguments = request.view_args or {}
    token = arguments.pop("project_token")
    arguments["project"] = (
        access.authorize(principal, token, door.permission)
        if door.permission
        else _own_project(principal, token)
    )
    _check_names(arguments)


def _own_project(principal: Principal, token: str) -> Project:
    """Return the project of a key that needs no permission here."""
    if token != principal.project.token:
        msg = f"key {principal.key_id!r} does not belong to project {token!r}"
        raise ForbiddenError(msg)
    return principal.project


def _check_names(arguments: Mapping[str, object]) -> None:
    """Refuse names in the path that nothing can have, before a database is asked for them."""
    for name, value in arguments.items():
        if isinstance(value, str) and "\x00" in value:
            msg = f"there is no {name} {value!r}"
            raise NotFoundError(msg)
