"""What every channel of the registry promises, over HTTP, on the command line and in the log.

Beside those of the product stands one of the tests' own, put in the table as a contributor would:
nothing else anywhere is told of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, MutableMapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import pytest
from click.testing import CliRunner

from definitions.schema.receiver import PersonSchema
from importmgr.api.dialects.bloomreach.dialect import BLOOMREACH
from importmgr.api.dialects.native.dialect import NATIVE
from importmgr.api.dialects.native.receivers import receiver_blueprint
from importmgr.cli.outcome import Root
from importmgr.cli.receiver_commands import ReceiverGroup
from importmgr.client import Client
from importmgr.store.audit import AuditFilter
from importmgr.store.tables import receivers
from importmgr.store.transactions import reading
from importmgr.telling.channel import ChannelKind
from importmgr.telling.registry import CHANNELS, Entry, channel
from tests.channels import SITES, Site
from tests.product import Product
from tests.receivers import told
from tests.served import served
from tests.unit.importmgr.api.conftest import Caller, caller

OURS = Entry(path="tests.pager:PAGER", about="people who are paged")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A service that has the channel, and the server that the channel leads to."""

    kind: ChannelKind
    site: Site
    product: Product
    api: Caller

    @property
    def path(self) -> str:
        """Return the path of the receivers."""
        return f"/api/v1/projects/{{t}}/{self.kind.name}s"

    def document(self, **members: object) -> dict[str, Any]:
        """Return a document that leads to the server."""
        said = {**self.kind.example, **self.site.members, "events": None}
        return {**said, **members}

    def secrets(self) -> list[str]:
        """Return what may never be seen."""
        return [str(self.kind.example[name]) for name in self.kind.hidden]

    def sent(self) -> dict[str, Any]:
        """Return the only delivery of the only receiver."""
        (one,) = self.api.call("GET", self.path).get_json()[f"{self.kind.name}s"]
        found = self.api.call("GET", f"{self.path}/{one[self.kind.id_name]}/deliveries")
        (delivery,) = found.get_json()["deliveries"]
        return cast("dict[str, Any]", delivery)


@pytest.fixture(scope="module", params=[*CHANNELS, "pager"])
def place(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    migrated_sqlite: Path,
) -> Iterator[Place]:
    with ExitStack() as stack:
        patched = stack.enter_context(pytest.MonkeyPatch.context())
        table = cast("MutableMapping[str, Entry]", CHANNELS)
        patched.setitem(table, request.param, CHANNELS.get(request.param, OURS))
        kind = channel(request.param)
        native = replace(NATIVE, blueprints=(receiver_blueprint(kind),))
        patched.setattr("importmgr.app.DIALECTS", (BLOOMREACH, native))
        site = stack.enter_context(SITES[request.param]())
        folder = tmp_path_factory.mktemp("channel")
        (folder / "importmgr.db").write_bytes(migrated_sqlite.read_bytes())
        url = f"sqlite:///{folder / 'importmgr.db'}"
        product = Product(url, folder / "var", **site.settings)
        stack.callback(product.close)
        yield Place(kind=kind, site=site, product=product, api=caller(product))


@pytest.fixture
def at(place: Place) -> Iterator[str]:
    """The path of a new receiver, the only one."""
    place.site.accept()
    made = place.api.call("POST", place.path, json=place.document()).get_json()
    path = f"{place.path}/{made[place.kind.id_name]}"
    yield path
    place.api.call("DELETE", path)


def test_every_channel_has_a_site_and_says_what_it_is() -> None:
    kinds = [channel(name) for name in CHANNELS]

    assert set(CHANNELS) <= set(SITES)
    assert [kind.name for kind in kinds] == list(CHANNELS)
    for kind in kinds:
        named = {kind.place, *kind.hidden, *kind.addresses}
        assert named <= kind.schema().fields.keys()
        assert not (kind.is_signed and kind.hidden), "one place for a secret"


def test_one_is_created_read_listed_changed_and_deleted(place: Place) -> None:
    api, kind = place.api, place.kind

    made = api.call("POST", place.path, json=place.document()).get_json()
    at = f"{place.path}/{made[kind.id_name]}"
    read = api.call("GET", at).get_json()
    listed = api.call("GET", place.path).get_json()
    changed = api.call("PUT", at, json={**read[kind.name], "name": "Changed"})
    again = api.call("GET", at).get_json()
    deleted = api.call("DELETE", at)

    shown, _ = kind.parted(place.document())
    assert read[kind.name] == shown
    assert listed[f"{kind.name}s"] == [read]
    assert (listed["total"], read["failures"], read["disabled"]) == (1, 0, None)
    assert changed.get_json() == deleted.get_json() == {"success": True}
    assert again[kind.name] == {**shown, "name": "Changed"}
    assert api.call("GET", at).status_code == 404
    assert ("secret" in made) is kind.is_signed


def test_what_is_secret_is_neither_shown_nor_stored_in_the_clear(place: Place, at: str) -> None:
    with reading(place.product.wiring.engine) as transaction:
        stored = repr(transaction.execute(receivers.select()).all())
    seen = [place.api.call("GET", path).text for path in (at, place.path)]
    actions = place.product.services.audit.everywhere(AuditFilter(), 100, 0).items

    for secret in place.secrets():
        assert all(secret not in text for text in (stored, *seen, repr(actions)))


def test_a_secret_that_is_not_sent_back_stays(place: Place, at: str) -> None:
    shown = place.api.call("GET", at).get_json()[place.kind.name]

    place.api.call("PUT", at, json=shown)
    place.product.services.secrets.rotate()

    again = place.product.beside(**place.site.settings)
    tested = again.services.receivers[place.kind.name].test(place.product.project, _id(at))
    again.close()
    assert tested.error is None


def test_a_test_is_sent_at_once_and_tells_what_is_wrong(place: Place, at: str) -> None:
    before = place.site.arrived()
    good = place.api.call("POST", f"{at}/test").get_json()
    place.site.refuse()
    bad = place.api.call("POST", f"{at}/test").get_json()

    assert (good["ok"], good["error"], bad["ok"]) == (True, None, False)
    assert bad["error"]
    assert place.site.arrived() == before + 2


def test_what_fails_is_tried_again_and_can_be_sent_once_more(place: Place, at: str) -> None:
    courier = place.product.wiring.courier()
    (notice_id,) = told(place.product)

    place.site.refuse()
    assert courier.deliver_one()
    failed = place.sent()
    assert not courier.deliver_one()  # its rest
    place.site.accept()
    place.product.clock.move(10)
    assert courier.deliver_one()
    delivered = place.sent()
    again = place.api.call("POST", f"{at}/deliveries/{notice_id}/redeliver")
    assert courier.deliver_one()

    assert (failed["state"], len(failed["tries"])) == ("pending", 1)
    assert failed["tries"][0]["error"]
    assert (delivered["state"], delivered["tries"][1]["error"]) == ("delivered", None)
    assert again.status_code == 200
    assert (place.sent()["notice_id"], len(place.sent()["tries"])) == (notice_id, 3)
    figures = place.product.services.metrics.render().decode()
    assert f'importmgr_delivery_tries_total{{kind="{place.kind.name}",outcome="failed"}}' in figures


def test_only_people_are_told_seldom_of_what_goes_on(place: Place, at: str) -> None:
    told(place.product, count=2)  # the same import fails twice

    found = place.api.call("GET", f"{at}/deliveries").get_json()["total"]

    assert found == (1 if issubclass(place.kind.schema, PersonSchema) else 2)


def test_every_change_is_in_the_audit_log(place: Place) -> None:
    api, kind = place.api, place.kind
    made = api.call("POST", place.path, json=place.document()).get_json()[kind.id_name]
    at = f"{place.path}/{made}"
    (notice_id,) = told(place.product)
    api.call("PUT", at, json=place.document())
    if kind.is_signed:
        api.call("POST", f"{at}/rotate-secret")
    for call in ("test", f"deliveries/{notice_id}/redeliver"):
        assert api.call("POST", f"{at}/{call}").status_code == 200
    api.call("DELETE", at)

    log = place.product.services.audit.everywhere(AuditFilter(what=made), 100, 0)

    assert [entry.action for entry in log.items][::-1] == list(kind.actions())


def test_what_is_wrong_is_told_by_its_field(place: Place) -> None:
    api, kind = place.api, place.kind
    required = {name for name, field in kind.schema().fields.items() if field.required}

    empty = api.call("POST", place.path, json={"events": ["run.faild"]})
    wrong = api.call("POST", place.path, json=place.document(**{kind.place: 7, "active": "yes"}))
    array = api.call("POST", place.path, json=[])

    assert {each.status_code for each in (empty, wrong, array)} == {400}
    assert set(empty.get_json()["errors"]) == {*required, "events.0"}
    assert set(wrong.get_json()["errors"]) == {kind.place, "active"}
    assert api.call("GET", place.path).get_json()["total"] == 0


def test_others_neither_see_nor_change_one(place: Place, at: str) -> None:
    reader = caller(place.product, ("notices.read",))
    elsewhere = at.replace(_id(at), "unknown")

    assert reader.call("GET", at).status_code == 200
    for call in ("PUT", "DELETE"):
        assert reader.call(call, at, json={}).status_code == 403
        assert place.api.call(call, elsewhere, json=place.document()).status_code == 404


def test_commands_do_the_same(place: Place) -> None:
    kind, (key_id, secret) = place.kind, place.api.auth
    where = place.document()[kind.place]
    words = [where] if isinstance(where, str) else where
    hidden = [word for name in sorted(kind.hidden) for word in (f"--{name}", "-")]
    typed = "".join(f"{kind.example[name]}\n" for name in sorted(kind.hidden))
    root = Root(commands=[ReceiverGroup(kind.name)])
    with served(place.product.services) as url:
        access = ("--url", url, "--key-id", key_id, "--secret", secret)

        def run(command: str, *given: str) -> str:
            line = (command, *given, *access, "--project", place.api.token)
            done = CliRunner().invoke(root, (kind.name, *line), input=typed)
            assert done.exit_code == 0, done.output
            return done.stdout

        made = json.loads(run("create", *words, *hidden, "--event", "all", "--json"))
        one = made[kind.id_name]
        run("update", one, "--to", words[0], "--name", "Night")
        listed, shown = run("list"), json.loads(run("show", one))
        client = Client(url, key_id, secret, place.api.token)
        (seen,) = client.receivers(kind.name).list()
        place.site.accept()
        tried = run("test", one)
        none = run("deliveries", one)
        run("delete", one)

    assert one in listed
    assert (shown["name"], shown[kind.place], shown["events"]) == ("Night", where, None)
    assert (seen.id, seen.document) == (one, shown)
    assert tried.startswith("delivered in")
    assert none == "nothing was sent\n"


def test_the_description_of_the_api_has_it(place: Place) -> None:
    described = place.api.client.get("/openapi.json").get_json()

    path = described["paths"][f"/api/v1/projects/{{project_token}}/{place.kind.name}s"]
    assert path["post"]["operationId"] == f"{place.kind.name}s.create_{place.kind.name}"


def _id(at: str) -> str:
    return at.rpartition("/")[2]
