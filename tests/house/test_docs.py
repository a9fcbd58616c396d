"""The reference pages name everything there is, and nothing that is not."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click

from tests.house import tree

PARAMETER = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?\w+>|\{\w+\}")
QUIET_METHODS = {"HEAD", "OPTIONS"}


def test_every_setting_has_a_row() -> None:
    settings = importlib.import_module("importmgr.settings")
    names = {settings.env_name(field) for field in settings.Settings.__dataclass_fields__}
    rows = set(re.findall(r"^\| *`(IMPORTMGR_\w+)`", _settings_page(), re.MULTILINE))

    assert rows == names


def test_every_command_is_described() -> None:
    main = importlib.import_module("importmgr.cli").main
    described = tree.page("docs/reference/cli.md")

    assert [path for path in _commands(main, "importmgr") if f"`{path}" not in described] == []


def test_no_command_is_described_that_does_not_exist() -> None:
    main = importlib.import_module("importmgr.cli").main
    known = {*_commands(main, "importmgr"), *_groups(main, "importmgr")}
    headings = re.findall(r"^#+ `(importmgr[a-z -]*)", _cli_page(), re.MULTILINE)

    assert {heading.strip() for heading in headings} - known == set()


def test_every_route_is_described(tmp_path: Path) -> None:
    settings = importlib.import_module("importmgr.settings").Settings(data_dir=tmp_path)
    wiring = importlib.import_module("importmgr.bootstrap").build(settings)
    app = importlib.import_module("importmgr.app").create_app(wiring.services)
    wiring.close()
    described = PARAMETER.sub("{}", _routes_page())
    routes = {
        f"{method} {PARAMETER.sub('{}', rule.rule)}"
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        for method in (rule.methods or set()) - QUIET_METHODS
    }

    assert [route for route in sorted(routes) if f"`{route}`" not in described] == []


def test_every_error_code_is_described() -> None:
    described = tree.page("docs/reference/errors.md")

    assert [code for code in sorted(_error_codes()) if f"`{code}`" not in described] == []


def test_every_fault_code_is_described() -> None:
    faults = importlib.import_module("definitions.faults")
    described = tree.page("docs/reference/errors.md")

    assert [str(code) for code in faults.FaultCode if f"`{code}`" not in described] == []


def test_every_decision_code_is_described_and_no_other() -> None:
    decisions = importlib.import_module("definitions.decisions")
    rows = re.findall(r"^\| (`.+?`) \|", tree.page("docs/reference/decisions.md"), re.MULTILINE)
    described = [code for row in rows for code in re.findall(r"`(\w+)`", row)]

    assert sorted(described) == sorted(map(str, decisions.DecisionCode))


def test_error_codes_are_unique() -> None:
    codes = [vars(error)["code"] for error in _errors()]

    assert sorted(codes) == sorted(set(codes))


def test_every_dependency_has_a_decision() -> None:
    pages = sorted((tree.ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    decided = "\n".join(page.read_text(encoding="utf-8") for page in pages).lower()

    assert [name for name in _requirements() if f"`{name}`" not in decided] == []


def test_every_decision_has_its_parts() -> None:
    for page in sorted((tree.ROOT / "docs" / "decisions").glob("[0-9]*.md")):
        text = page.read_text(encoding="utf-8")
        missing = [part for part in ("## Decision", "## Why", "## Rejected") if part not in text]
        assert missing == [], f"{page.name} lacks {missing}"


def _settings_page() -> str:
    return tree.page("docs/reference/settings.md")


def _cli_page() -> str:
    return tree.page("docs/reference/cli.md")


def _routes_page() -> str:
    return tree.page("docs/reference/routes.md")


def _commands(command: click.Command, path: str) -> Iterator[str]:
    """Yield every command that can be called, as it is typed."""
    if not isinstance(command, click.Group):
        yield path
        return
    for name, child in sorted(command.commands.items()):
        if not child.hidden:
            yield from _commands(child, f"{path} {name}")


def _groups(command: click.Command, path: str) -> Iterator[str]:
    if isinstance(command, click.Group):
        yield path
        for name, child in command.commands.items():
            yield from _groups(child, f"{path} {name}")


def _errors() -> list[type[Exception]]:
    """Return every class of the error tree; each must name its own code."""
    module = importlib.import_module("definitions.errors")
    root: type[Exception] = module.ImportmgrError
    found = [thing for _, thing in inspect.getmembers(module, inspect.isclass)]
    return [thing for thing in found if issubclass(thing, root)]


def _error_codes() -> set[str]:
    return {vars(error)["code"] for error in _errors()}


def _requirements() -> Iterator[str]:
    for path in sorted((tree.ROOT / "requirements").glob("*.in")):
        for line in path.read_text(encoding="utf-8").splitlines():
            found = re.match(r"[a-z0-9][a-z0-9-]*", line)
            if found:
                yield found.group()
