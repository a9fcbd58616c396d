"""The example alerts are rules that Prometheus takes, on figures that there are."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped] # it ships no types

from tests.house import tree

PAGE = "docs/guide/operating.md"
DURATION = re.compile(r"[0-9]+(s|m|h)")
FIGURE = re.compile(r"\bimportmgr_\w+")
OF_PROMETHEUS = {"up"}


def test_the_alerts_are_rules() -> None:
    (group,) = _alerts()["groups"]
    names = [rule["alert"] for rule in group["rules"]]

    assert len(set(names)) == len(names) > 5
    for rule in group["rules"]:
        assert rule.keys() - {"for"} == {"alert", "expr", "annotations"}, rule
        assert DURATION.fullmatch(rule.get("for", "1m")), rule
        assert rule["annotations"]["summary"], rule
        assert rule["expr"].count("(") == rule["expr"].count(")"), rule
        assert FIGURE.search(rule["expr"]) or OF_PROMETHEUS & set(rule["expr"].split("{")), rule


def test_every_figure_is_described_and_there_is_no_other(tmp_path: Path) -> None:
    described = set(re.findall(r"^\| `(importmgr_\w+)`", tree.page(PAGE), re.MULTILINE))

    assert described == _figures(tmp_path)


def test_the_alerts_use_figures_that_there_are(tmp_path: Path) -> None:
    used = {
        name.removesuffix("_bucket")  # of a histogram
        for rule in _alerts()["groups"][0]["rules"]
        for name in FIGURE.findall(rule["expr"])
    }

    assert used - _figures(tmp_path) == set()


def _alerts() -> dict[str, Any]:
    (block,) = re.findall(r"```yaml\n(.*?)```", tree.page(PAGE), re.DOTALL)
    alerts: dict[str, Any] = yaml.safe_load(block)
    return alerts


def _figures(folder: Path) -> set[str]:
    """Return the names that /metrics shows, as they are asked for."""
    settings = importlib.import_module("importmgr.settings").Settings(data_dir=folder)
    wiring = importlib.import_module("importmgr.bootstrap").build(settings)
    types = re.findall(
        r"^# TYPE (\w+) (\w+)$", wiring.services.metrics.render().decode(), re.MULTILINE
    )
    wiring.close()
    return {name for name, _ in types if not name.endswith("_created")}
