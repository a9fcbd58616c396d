"""Every room and every third party has a place; import-linter and this table hold them to it."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.house import tree

# Who may import a third party directly; those with a contract in pyproject.toml are not repeated.
ROOMS = {
    "alembic": {"importmgr.store"},
    "backports": {"sources"},
    "click": {"importmgr.cli"},
    "compression": {"sources"},  # part of Python from 3.14 on
    "cryptography": {"importmgr.security", "sources.storages"},
    "defusedxml": {"sources"},
    "flask_limiter": {"importmgr.api"},
    "limits": {"importmgr.api", "importmgr.store"},
    "marshmallow": {"definitions", "importmgr.api"},
    "obstore": {"sources"},
    "numpy": {"definitions", "sources", "destinations"},
    "orjson": {"definitions", "sources", "destinations", "importmgr.store", "importmgr.api"},
    "paramiko": {"sources"},
    "polars": {"definitions", "sources", "destinations"},
    "prometheus_client": {"importmgr.metrics"},
    "psycopg": {"destinations", "importmgr.store"},
    "socks": {"sources"},
    "structlog": {"importmgr.log", "importmgr.api"},
    "urllib3": {"sources"},
    "waitress": {"importmgr.http_server"},
    "webargs": {"importmgr.api"},
    "werkzeug": {"importmgr.api", "importmgr.app"},
}
# Named in requirements/app.in, used without an import of ours: by which part of ours, or of whose.
UNIMPORTED = {
    "backports-zstd": "imported as backports.zstd, before Python 3.14",
    "psycopg": "SQLAlchemy's PostgreSQL driver",
    "pysocks": "requests' way through a SOCKS proxy",
    "tzdata": "zoneinfo's time zones",
}


def test_every_top_level_folder_of_code_has_a_place() -> None:
    folders = {Path(tree.name(path)).parts[0] for path in tree.files() if path.suffix == ".py"}

    assert folders <= {*tree.SOURCE_ROOTS, *tree.OTHER_CODE, "examples", "wsgi.py"}
    assert tree.pyproject()["tool"]["importlinter"]["root_packages"] == list(tree.SOURCE_ROOTS)


def test_every_room_of_the_product_has_a_floor() -> None:
    (floors,) = [contract for contract in _contracts() if contract["id"] == "floors"]
    named = set(re.findall(r"\w+", " ".join(floors["layers"])))
    rooms = {
        Path(tree.name(path)).parts[1].removesuffix(".py") for path in tree.modules("importmgr")
    }

    assert floors["exhaustive"] is True
    assert rooms - {"__init__"} <= named


def test_no_contract_has_an_exception() -> None:
    assert [
        c["id"] for c in _contracts() if "ignore_imports" in c or "exhaustive_ignores" in c
    ] == []


def test_third_parties_stay_in_their_rooms() -> None:
    strays = [
        f"{module} imports {library}"
        for module, library in sorted(_third_parties())
        if not any(_is_in(module, room) for room in _rooms().get(library, ()))
    ]

    assert strays == []


def test_every_runtime_requirement_is_used() -> None:
    text = (tree.ROOT / "requirements" / "app.in").read_text(encoding="utf-8")
    required = set(re.findall(r"^[a-z0-9-]+", text, re.MULTILINE))
    imported = {library.replace("_", "-") for _, library in _third_parties()}

    assert required - imported - set(UNIMPORTED) == set()


def _contracts() -> list[dict[str, Any]]:
    contracts: list[dict[str, Any]] = tree.pyproject()["tool"]["importlinter"]["contracts"]
    return contracts


def _rooms() -> dict[str, set[str]]:
    rooms = dict(ROOMS)
    for contract in _contracts():
        for library in contract.get("protected_modules", ()):
            rooms[library] = set(contract["allowed_importers"])
    return rooms


def _third_parties() -> Iterator[tuple[str, str]]:
    """Yield (module, library) of every import from outside the project and Python itself."""
    ours = {*tree.SOURCE_ROOTS, *sys.stdlib_module_names}
    for path in tree.modules(*tree.SOURCE_ROOTS):
        module = ".".join(Path(tree.name(path)).with_suffix("").parts)
        for library in _imported(tree.tree(path)):
            if library not in ours:
                yield module, library


def _imported(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _is_in(module: str, room: str) -> bool:
    return module == room or module.startswith(f"{room}.")
