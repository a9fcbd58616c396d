"""Files with dates in their paths are looked for until they are taken."""

from __future__ import annotations

import pytest

from tests.stores import ORIGIN
from tests.watching import Slow, Watch, after_an_outage


def test_a_folder_that_fails_is_looked_into_again_although_later_ones_went_well(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id, files = after_an_outage(watch)
    slow = Slow()
    slow.install(monkeypatch)
    slow.before[files[0].partition("/")[0]] = lambda: 1 // 0

    watch.look()
    assert sorted(watch.taken(import_id)) == sorted(files[1:])
    watch.look(600)

    assert sorted(watch.taken(import_id)) == sorted(files)
    told = " ".join(watch.told(import_id))
    assert (told.count("cannot be looked for"), told.count("looked for again, after")) == (1, 1)


def test_a_file_is_looked_for_by_its_date_until_its_marker_is_there(watch: Watch) -> None:
    import_id = watch.create(path="in_{dd}.csv", marker=".done")
    watch.look()
    name = f"in_{watch.here('%d')}.csv"
    watch.put(name, "a")
    watch.look()
    watch.pass_time(20 * 3600)
    assert watch.here("in_%d.csv") != name
    watch.look()
    watch.put(f"{name}.done")
    watch.look()

    assert watch.taken(import_id) == [name]


def test_files_that_are_held_back_are_looked_for_by_their_date(watch: Watch) -> None:
    beside = watch.product.beside(local_folders=(watch.folder.parent,), max_waiting_runs=1)
    import_id = watch.create(parent_path="{dd}", path="*.csv")
    watch.look(61, beside)
    day = watch.here("%d")
    (watch.folder / day).mkdir()
    for name in "ab":
        watch.put(f"{day}/{name}.csv", name)
    watch.look(61, beside)
    watch.pass_time(86_400)
    watch.look(61, beside)
    watch.product.settle(import_id)
    watch.look(61, beside)
    beside.close()

    assert watch.taken(import_id) == [f"{day}/a.csv", f"{day}/b.csv"]


def test_what_came_while_a_definition_was_inactive_is_found_by_its_date(watch: Watch) -> None:
    schedules, project = watch.product.services.schedules, watch.product.project
    import_id = watch.create(path="in_{dd}.csv")
    watch.look()
    schedules.deactivate(project, import_id, ORIGIN)
    watch.pass_time(86_400)
    name = f"in_{watch.here('%d')}.csv"
    watch.put(name, "a")
    watch.pass_time(86_400)
    schedules.activate(project, import_id, ORIGIN)
    watch.look()

    assert watch.taken(import_id) == [name]
