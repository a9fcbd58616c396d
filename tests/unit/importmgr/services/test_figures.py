from __future__ import annotations

import re
from pathlib import Path

from definitions.lifecycle import RunCommand
from importmgr.services.control import RunOrder
from importmgr.services.figures import figures_of
from tests.acceptance.documents import DAILY, changed, people
from tests.product import Product
from tests.stores import ORIGIN

ROOT = Path(__file__).resolve().parents[4]
GUIDE = (ROOT / "docs" / "guide" / "operating.md").read_text(encoding="utf-8")


def shown(product: Product) -> dict[str, float]:
    """Return every figure without labels."""
    lines = figures_of(product.wiring.stores).render().decode().splitlines()
    pairs = [line.split(" ") for line in lines if not line.startswith("#") and "{" not in line]
    return {name: float(value) for name, value in pairs}


def test_runs_of_the_whole_database_are_counted_when_they_are_asked_for(product: Product) -> None:
    before = shown(product)
    product.create(people())

    after = shown(product)

    assert before["importmgr_runs_queued"] == 0.0
    assert after["importmgr_runs_queued"] == 1.0


def test_a_queue_that_stands_still_is_seen(product: Product) -> None:
    product.create(people())

    product.pass_time(600)

    assert 600 <= shown(product)["importmgr_queue_wait_seconds"] < 660
    assert shown(product)["importmgr_firing_overdue_seconds"] == 0.0


def test_a_schedule_that_nobody_fires_is_seen(small_product: Product) -> None:
    small_product.create(changed(people(), "trigger", DAILY))
    small_product.clock.move(2 * 86_400)

    assert 86_400 <= shown(small_product)["importmgr_firing_overdue_seconds"] < 2 * 86_400
    assert shown(small_product)["importmgr_queue_wait_seconds"] == 0.0


def test_a_database_that_tells_nothing_costs_no_other_figure(small_product: Product) -> None:
    with small_product.wiring.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE runs RENAME TO gone")

    figures = shown(small_product)

    assert str(figures["importmgr_runs_queued"]) == "nan"
    assert str(figures["importmgr_queue_wait_seconds"]) == "nan"
    assert figures["importmgr_firing_overdue_seconds"] == 0.0


def test_figures_hold_no_data(small_product: Product) -> None:
    metrics = figures_of(small_product.wiring.stores)
    import_id = small_product.create(people())
    run_id = small_product.run(import_id).id
    order = RunOrder(run_id=run_id, command=RunCommand.CANCEL)
    small_product.services.control.tell(small_product.project, import_id, ORIGIN, order)

    told = metrics.render().decode()

    assert 'importmgr_runs_total{state="cancelled"} 1.0' in told
    for word in (small_product.project.token, small_product.project.name, import_id, run_id):
        assert word not in told
    assert "http" not in told.replace("importmgr_http", "")


def test_every_figure_is_in_the_guide_and_no_other(small_product: Product) -> None:
    shown = set(re.findall(r"^# TYPE (importmgr_\w+) ", rendered(small_product), re.MULTILINE))
    made = {name for name in shown if not name.endswith("_created")}

    assert set(re.findall(r"^\| `(importmgr_\w+)` \|", GUIDE, re.MULTILINE)) == made


def test_alerts_ask_for_figures_and_labels_that_there_are(small_product: Product) -> None:
    rules = GUIDE.split("```yaml")[1].split("```")[0]
    shown = rendered(small_product)
    series = set(re.findall(r"^(importmgr_\w+)", shown, re.MULTILINE))
    named = set(re.findall(r"importmgr_\w+", rules))
    asked = re.findall(r'(importmgr_\w+)\{(\w+="\w+")\}', rules)

    known = {*series, *re.findall(r"^# TYPE (importmgr_\w+) ", shown, re.MULTILINE)}
    assert len(named) > 10
    assert {re.sub(r"_bucket$", "", name) for name in named} - known == set()
    assert asked
    unknown = [one for one in asked if one[0] in series and not _has(shown, *one)]
    assert unknown == []


def rendered(product: Product) -> str:
    return product.services.metrics.render().decode()


def _has(shown: str, name: str, label: str) -> bool:
    return re.search(rf"^{name}\{{[^}}]*{label}", shown, re.MULTILINE) is not None
