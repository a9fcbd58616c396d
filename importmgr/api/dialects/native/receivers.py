"""Who is told about imports: the same doors for every kind of receiver that there is a channel for.

List, create, read, update, delete, test, what was delivered, once more; and another secret where
one signs.
"""

# tested by: tests/contract/test_channels.py

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from flask import request

from definitions.delivery import DeliveryState
from importmgr.api.blueprint import Answer, Blueprint
from importmgr.api.body import read_object
from importmgr.api.context import services
from importmgr.api.dialects.native import receiver_schemas as schemas
from importmgr.api.dialects.native.errors import DOCS
from importmgr.api.dialects.native.receiver_schemas import Shapes
from importmgr.api.dialects.native.schemas import NativeDone, NativePage
from importmgr.services.receivers import Receivers
from importmgr.store.projects import Project
from importmgr.telling.channel import ChannelKind
from importmgr.telling.registry import CHANNELS, channels

View = TypeVar("View", bound=Callable[..., Answer])

DONE = {"success": True}


def receiver_blueprints() -> tuple[Blueprint, ...]:
    """Return the doors to receivers of every kind."""
    return tuple(receiver_blueprint(kind) for kind in channels())


def receiver_blueprint(kind: ChannelKind) -> Blueprint:
    """Return the doors to receivers of one kind."""
    about = CHANNELS[kind.name].about
    sentence = f"{about[0].upper()}{about[1:]}."
    names = {**DOCS.names, kind.id_name: f"id of the {kind.name} receiver"}
    doors = Blueprint(f"{kind.name}s", sentence, replace(DOCS, names=names))
    shapes = Shapes(kind)
    _add_all(doors, shapes)
    _add_one(doors, shapes)
    _add_test(doors, shapes)
    if kind.is_signed:
        _add_rotation(doors, shapes)
    _add_deliveries(doors, shapes)
    return doors


def _add_all(doors: Blueprint, shapes: Shapes) -> None:
    kind, path = shapes.kind.name, _path(shapes)

    @doors.door(f"GET {path}", "notices.read")
    @doors.reads(NativePage, location="query")
    @doors.answers(shapes.page, example=shapes.page_example)
    @_called(f"list_{kind}s")
    def list_(page: dict[str, int], *, project: Project) -> Answer:
        """List these receivers in the order of their creation."""
        found = _receivers(shapes).list(project, page["limit"], page["offset"])
        items = [shapes.render(each) for each in found.items]
        return {f"{kind}s": items, "total": found.total, **page}

    @doors.door(f"POST {path}", "notices.write")
    @doors.documents(requestBody=shapes.body)
    @doors.answers(shapes.created, example=shapes.created_example)
    @_called(f"create_{kind}")
    def create(*, project: Project) -> Answer:
        """Create a receiver.

        Nothing is sent to it yet. If a secret signs what it will be sent, it is shown this once.
        """
        return shapes.render_made(_receivers(shapes).create(project, read_object(request)))


def _add_one(doors: Blueprint, shapes: Shapes) -> None:
    kind, path = shapes.kind.name, _one(shapes)

    @doors.door(f"GET {path}", "notices.read")
    @doors.answers(shapes.item, example=shapes.item_example)
    @_called(f"read_{kind}")
    def read(*, project: Project, **ids: str) -> Answer:
        """Read a receiver, and how it does."""
        return shapes.render(_receivers(shapes).read(project, shapes.id_of(ids)))

    @doors.door(f"PUT {path}", "notices.write")
    @doors.documents(requestBody=shapes.body)
    @doors.answers(NativeDone, example=DONE)
    @_called(f"update_{kind}")
    def update(*, project: Project, **ids: str) -> Answer:
        """Replace a receiver's document, what is secret in it apart.

        One that the service disabled is good again if `active` is true.
        """
        _receivers(shapes).update(project, shapes.id_of(ids), read_object(request))
        return DONE

    @doors.door(f"DELETE {path}", "notices.write")
    @doors.answers(NativeDone, example=DONE)
    @_called(f"delete_{kind}")
    def delete(*, project: Project, **ids: str) -> Answer:
        """Delete a receiver with its deliveries, also those that wait."""
        _receivers(shapes).delete(project, shapes.id_of(ids))
        return DONE


def _add_test(doors: Blueprint, shapes: Shapes) -> None:
    @doors.door(f"POST {_one(shapes)}/test", "notices.write")
    @doors.answers(schemas.ReceiverTest, example=schemas.TESTED)
    @_called(f"test_{shapes.kind.name}")
    def test(*, project: Project, **ids: str) -> Answer:
        """Send a test at once and tell how that went.

        The answer is 200 also when it fails; `error` tells why.
        """
        return schemas.render_try(_receivers(shapes).test(project, shapes.id_of(ids)))


def _add_rotation(doors: Blueprint, shapes: Shapes) -> None:
    @doors.door(f"POST {_one(shapes)}/rotate-secret", "notices.write")
    @doors.answers(shapes.created, example=shapes.created_example)
    @_called(f"rotate_{shapes.kind.name}_secret")
    def rotate(*, project: Project, **ids: str) -> Answer:
        """Sign with a new secret from now on, and for a day with the present one too."""
        return shapes.render_made(_receivers(shapes).rotate_secret(project, shapes.id_of(ids)))


def _add_deliveries(doors: Blueprint, shapes: Shapes) -> None:
    kind, path = shapes.kind.name, f"{_one(shapes)}/deliveries"
    example = {"deliveries": [schemas.DELIVERY], "total": 1, "limit": 10, "offset": 0}

    @doors.door(f"GET {path}", "notices.read")
    @doors.reads(schemas.DeliveryQuery, location="query")
    @doors.answers(schemas.DeliveryList, example=example)
    @_called(f"list_{kind}_deliveries")
    def deliveries(query: dict[str, Any], *, project: Project, **ids: str) -> Answer:
        """List what was sent, or is to be, with how each try went; the newest first."""
        state = query.pop("state")
        wanted = None if state is None else DeliveryState(state)
        page = (query["limit"], query["offset"])
        found = _receivers(shapes).deliveries(project, shapes.id_of(ids), wanted, page)
        items = [schemas.render_delivery(each) for each in found.items]
        return {"deliveries": items, "total": found.total, **query}

    @doors.door(f"POST {path}/<notice_id>/redeliver", "notices.write")
    @doors.answers(NativeDone, example=DONE)
    @_called(f"redeliver_to_{kind}")
    def redeliver(*, project: Project, notice_id: str, **ids: str) -> Answer:
        """Queue a delivery once more, under the same id, whatever became of it."""
        _receivers(shapes).redeliver(project, shapes.id_of(ids), notice_id)
        return DONE


def _called(name: str) -> Callable[[View], View]:
    """Give a function the name under which the description of the API has it."""

    def decorator(view: View) -> View:
        view.__name__ = name
        return view

    return decorator


def _path(shapes: Shapes) -> str:
    return f"/api/v1/projects/<project_token>/{shapes.kind.name}s"


def _one(shapes: Shapes) -> str:
    return f"{_path(shapes)}/<{shapes.kind.id_name}>"


def _receivers(shapes: Shapes) -> Receivers:
    return services().receivers[shapes.kind.name]
