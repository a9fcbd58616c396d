"""Looking for new files of a folder, on both kinds of database."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from definitions.lifecycle import Cause, RunState
from definitions.sentences import sentence
from importmgr.services.kept_claim import LEASE
from importmgr.store.tables import definitions
from sources.base import RemoteFile
from sources.storages.local import LocalSession
from tests.acceptance.documents import changed, idle, people
from tests.file_server import FileServer
from tests.product import Product, wait_until, working
from tests.stores import ORIGIN
from tests.watching import Watch


def test_a_new_file_is_one_run_that_loads_exactly_that_file(watch: Watch) -> None:
    import_id = watch.create("all")
    watch.put("a.csv", "a")
    watch.put("[b]*.csv", "b", "c")

    watch.look()
    watch.look()

    assert watch.taken(import_id) == ["[b]*.csv", "a.csv"]
    second, first = watch.product.runs(import_id)
    assert (first.cause, first.state, first.location) == (Cause.NEW_FILE, RunState.QUEUED, None)
    with working(watch.product.wiring.executor("test")):
        wait_until(lambda: watch.product.run(import_id).state is RunState.COMPLETED)
    loaded = watch.product.run(import_id, first.id)
    assert (loaded.state, loaded.tally.created) == (RunState.COMPLETED, 2)
    assert [opened.file for opened in loaded.files] == ["[b]*.csv"]
    assert watch.told(import_id) == [
        f"file [b]*.csv: not changed for long enough, taken by run {first.id}",
        f"file a.csv: not changed for long enough, taken by run {second.id}",
    ]


def test_a_file_that_grows_is_taken_once_and_whole(watch: Watch) -> None:
    import_id = watch.create()
    for mails in ("a", "ab", "abc"):
        watch.put("a.csv", *mails, age=-61)
        watch.look()
    assert watch.product.runs(import_id) == ()

    watch.look(31)
    watch.look()

    (run,) = watch.product.runs(import_id)
    assert watch.told(import_id) == [
        "file a.csv: seen, 1 of 2 stable looks",
        "file a.csv: still being written, 1 of 2 stable looks",
        f"file a.csv: not changed for long enough, taken by run {run.id}",
    ]
    assert watch.product.settle(import_id).tally.read == 3


def test_two_looks_count_where_the_storage_tells_no_time(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.storages.local.LocalSession.now", lambda _: None)
    import_id = watch.create()
    watch.put("a.csv", "a", age=0)

    watch.look()
    beside = watch.product.beside(local_folders=(watch.folder.parent,))
    watch.look(29, beside)
    assert watch.product.runs(import_id) == ()
    watch.look(31, beside)
    beside.close()

    (run,) = watch.product.runs(import_id)
    assert watch.told(import_id) == [
        "file a.csv: seen, 1 of 2 stable looks",
        f"file a.csv: 2 of 2 stable looks, taken by run {run.id}",
    ]


def test_a_changed_file_is_new_again_once_the_run_of_the_old_one_has_ended(watch: Watch) -> None:
    import_id = watch.create("all")
    watch.put("a.csv", "a")
    watch.look()
    watch.put("a.csv", "a", "b", age=500)
    watch.look()
    assert watch.taken(import_id) == ["a.csv"]

    run = watch.product.settle(import_id)
    watch.look()
    watch.put("a.csv", "a", "b", "c", age=100)
    watch.look()

    assert run.tally.read == 2
    assert len(watch.product.runs(import_id)) == 2
    assert watch.told(import_id)[1] == "file a.csv: imported before"


def test_what_a_run_by_hand_has_loaded_is_not_taken(watch: Watch) -> None:
    import_id = watch.create()
    watch.put("a.csv", "a")
    watch.put("b.csv", "b")
    watch.product.start(import_id)
    run = watch.product.settle(import_id)

    watch.look()
    watch.look()

    assert len(watch.product.runs(import_id)) == 1
    assert watch.told(import_id) == [
        f"run {run.id} takes a.csv, b.csv",
        "2 files, the first a.csv: imported before",
    ]


def test_a_file_waits_for_its_marker(watch: Watch) -> None:
    import_id = watch.create(marker=".done")
    watch.put("a.csv", "a")
    watch.look()
    watch.look()
    watch.put("a.csv.done")
    watch.look()

    (run,) = watch.product.runs(import_id)
    assert watch.told(import_id) == [
        "file a.csv: seen, waits for a.csv.done",
        f"file a.csv: its marker is there, taken by run {run.id}",
    ]


def test_only_the_last_file_is_taken_where_that_is_asked_for(watch: Watch) -> None:
    import_id = watch.create("last_mod")
    watch.put("a.csv", "a", age=100)
    watch.put("b.csv", "b", age=200)

    watch.look()

    assert watch.taken(import_id) == ["a.csv"]


def test_a_definition_that_is_switched_off_or_deleted_is_not_looked_for(watch: Watch) -> None:
    schedules, project = watch.product.services.schedules, watch.product.project
    off, gone, on = watch.create(), watch.create(), watch.create()
    claimed = watch.product.wiring.stores.watches
    schedules.deactivate(project, off, ORIGIN)
    watch.product.services.definitions.delete(project, gone, ORIGIN)
    watch.put("a.csv", "a")

    watch.look()

    assert watch.product.runs(off) == ()
    assert watch.taken(on) == ["a.csv"]
    schedules.activate(project, off, ORIGIN)
    watch.look()
    assert watch.taken(off) == ["a.csv"]
    assert claimed.unwatched() == []


def test_a_look_that_is_under_way_takes_nothing_for_what_is_switched_off(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = watch.create()
    watch.put("a.csv", "a")
    schedules, project = watch.product.services.schedules, watch.product.project
    listed = LocalSession.list

    def switch_off(session: LocalSession, folder: str, depth: int | None) -> Iterator[RemoteFile]:
        schedules.deactivate(project, import_id, ORIGIN)
        return listed(session, folder, depth)

    monkeypatch.setattr(LocalSession, "list", switch_off)
    watch.look()

    assert watch.product.runs(import_id) == ()


def test_one_listing_serves_all_definitions_of_a_folder(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [watch.create() for _ in range(5)]
    watch.put("a.csv", "a")
    count = 0
    listed = LocalSession.list

    def counted(session: LocalSession, folder: str, depth: int | None) -> Iterator[RemoteFile]:
        nonlocal count
        count += 1
        return listed(session, folder, depth)

    monkeypatch.setattr(LocalSession, "list", counted)

    watch.look()

    assert count == 1
    assert [watch.taken(import_id) for import_id in made] == [["a.csv"]] * 5


def test_two_watchers_never_start_two_runs_for_one_file(watch: Watch) -> None:
    made = [watch.create(parent_path=f"f{n % 4}") for n in range(12)]
    for n in range(4):
        (watch.folder / f"f{n}").mkdir()
        for name in "abc":
            watch.put(f"f{n}/{name}.csv", name)
    beside = watch.product.beside(local_folders=(watch.folder.parent,))
    watch.pass_time(61)

    def look(product: Product) -> None:
        watching = product.wiring.watching()
        while watching.look_once():
            pass

    threads = [
        threading.Thread(target=look, args=[product]) for product in (watch.product, beside) * 2
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    watch.look()
    beside.close()

    for n, import_id in enumerate(made):
        assert watch.taken(import_id) == [f"f{n % 4}/{name}.csv" for name in "abc"]


def test_a_watcher_that_lost_its_claim_writes_nothing(watch: Watch) -> None:
    import_id = watch.create()
    watch.put("a.csv", "a")
    watch.pass_time(61)
    store = watch.product.wiring.stores.watches
    (frozen,) = store.claim(LEASE)
    assert store.claim(LEASE) == []
    watch.look(LEASE.total_seconds() + 1)

    with watch.product.wiring.engine.begin() as transaction:
        assert not store.hold(transaction, frozen)
    assert watch.taken(import_id) == ["a.csv"]


def test_a_source_that_cannot_be_listed_is_told_once_and_looked_at_less_often(
    watch: Watch,
) -> None:
    import_id = watch.create(parent_path="later")
    for _ in range(4):
        watch.look()
    (watch.folder / "later").mkdir()
    watch.put("later/a.csv", "a")
    watch.look(600)

    failed, well, taken = watch.told(import_id)
    assert failed == (
        "new files cannot be looked for: there is no 'later' in the storage; correct the path"
    )
    assert well == (
        "new files are looked for again, after 3 failures since 2026-03-01 12:01:01+00:00"
    )
    assert taken.startswith("file later/a.csv:")


def test_another_reason_why_a_source_cannot_be_listed_is_told_as_well(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = watch.create(parent_path="later")
    watch.look()
    with monkeypatch.context() as broken:
        broken.setattr(LocalSession, "list", lambda *_: 1 // 0)
        for _ in range(3):
            watch.look(600)
    watch.look(600)

    told = [line.removeprefix("new files cannot be looked for: ") for line in watch.told(import_id)]
    assert [line.split()[0] for line in told] == ["there", "internal", "there"]


def test_the_first_look_tells_that_there_is_no_such_file(watch: Watch) -> None:
    import_id = watch.create(parent_path="in")
    (watch.folder / "in").mkdir()
    watch.put("in/a.txt", "a")
    for _ in range(3):
        watch.look()

    assert watch.told(import_id) == [
        "no file is named like in/*.csv yet; it is looked for again and again"
    ]


def test_a_look_that_breaks_is_a_failed_look_with_its_traceback_in_the_log(
    watch: Watch, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import_id = watch.create()
    watch.put("a.csv", "a")
    with monkeypatch.context() as broken:
        broken.setattr(LocalSession, "list", lambda *_: 1 // 0)
        for _ in range(4):
            watch.look()
    watch.look(600)

    failed, well, taken = watch.told(import_id)
    assert failed == (
        "new files cannot be looked for: internal error (ZeroDivisionError); the service's log has "
        "the details"
    )
    assert well.startswith("new files are looked for again, after 3 failures since")
    assert taken.startswith("file a.csv:")
    assert "look broke" in caplog.text
    assert "ZeroDivisionError: integer division" in caplog.text


def test_a_definition_that_cannot_be_understood_costs_no_other_one_its_look(watch: Watch) -> None:
    odd, good = watch.create(), watch.create()
    watch.put("a.csv", "a")
    damage(watch, odd)

    watch.look()

    assert watch.taken(good) == ["a.csv"]
    (failed,) = watch.told(odd)
    assert failed.startswith("new files cannot be looked for: internal error (ValueError)")


def test_a_file_whose_name_is_not_utf_8_is_told_once_by_watchers_and_by_each_run(
    watch: Watch,
) -> None:
    import_id = watch.create()
    watch.put(os.fsdecode(b"m\xfcller.csv"), "a")
    watch.put("a.csv", "b")
    for _ in range(3):
        watch.look()
    watch.product.settle(import_id)
    watch.product.start(import_id)
    run = watch.product.settle(import_id)

    told = [line for line in watch.told(import_id) if "UTF-8" in line]
    assert told == [r"file m\xfcller.csv: left out, as its name is not UTF-8; rename it"] * 2
    assert r"m\xfcller.csv is left out, as its name is not UTF-8; rename it" in run.warnings
    assert watch.taken(import_id) == ["a.csv"]


def test_names_that_are_passed_over_are_told_once_for_as_long_as_they_stay(watch: Watch) -> None:
    import_id = watch.create(path="crm_*.csv")
    (watch.folder / "crm_3.csv").symlink_to(watch.folder.parent / "elsewhere.csv")
    for name in ("crm_1.csv.part", ".crm_2.csv", "other.csv.part", "crm_1.csv.part.md5"):
        watch.put(name, "a")
    for _ in range(3):
        watch.look()
    once = watch.told(import_id)
    (watch.folder / "crm_1.csv.part").unlink()
    watch.look()
    watch.put("crm_1.csv.part", "a")
    for _ in range(2):
        watch.look()

    outside = "put the file itself there, or the link's target into the folder"
    temporary = "rename it, without .part, .tmp, .filepart or a dot in front, once it is complete"
    assert once[1:] == [
        f"file .crm_2.csv: passed over (temporary name); {temporary}",
        f"file crm_1.csv.part: passed over (temporary name); {temporary}",
        f"file crm_3.csv: passed over (link leads out of the folder); {outside}",
    ]
    assert watch.told(import_id) == [*once, once[2]]
    assert watch.product.runs(import_id) == ()


def test_a_link_that_led_out_is_taken_once_a_file_is_in_its_place(watch: Watch) -> None:
    import_id = watch.create()
    (watch.folder / "a.csv").symlink_to(watch.folder.parent / "elsewhere.csv")
    watch.look()
    (watch.folder / "a.csv").unlink()
    watch.put("a.csv", "a")
    watch.look()

    assert watch.taken(import_id) == ["a.csv"]


def test_a_thousand_names_that_are_passed_over_cost_few_decisions(watch: Watch) -> None:
    import_id = watch.create()
    for number in range(1_000):
        (watch.folder / f"{number:04}.csv.part").touch()
    for _ in range(2):
        watch.look()

    told = watch.told(import_id)
    assert len(told) == 12  # none of the name, ten by name, the rest
    assert told[-1].startswith("990 files, the first 0010.csv.part: passed over (temporary name);")


def test_a_run_tells_what_it_passes_over_and_warns_of_it_when_it_finds_nothing_else(
    watch: Watch,
) -> None:
    import_id = watch.create()
    watch.put("a.csv.part", "a")
    runs = []
    for name in ("a.csv.part", "b.csv"):
        watch.put(name, "b")
        watch.product.start(import_id)
        runs.append(watch.product.settle(import_id))

    told = [text for text in watch.told(import_id) if "passed over by run" in text]
    assert [text.split(" (")[0] for text in told] == [
        f"file a.csv.part: passed over by run {run.id}" for run in runs
    ]
    assert [any("a.csv.part" in text for text in run.warnings) for run in runs] == [True, False]


def test_a_path_that_means_temporary_names_warns_when_it_is_made(watch: Watch) -> None:
    schedules, project = watch.product.services.schedules, watch.product.project
    (warning,) = schedules.warnings(project, watch.create(path="*.tmp"), ORIGIN)

    assert warning.startswith("source.path: '*.tmp' means files with a temporary name (.part, ")
    assert schedules.warnings(project, watch.create(), ORIGIN) == ()


def test_files_that_are_older_than_the_last_are_counted(watch: Watch) -> None:
    schedules, project = watch.product.services.schedules, watch.product.project
    import_id = watch.create("last_alpha")
    for name in ("a.csv", "b.csv", "c.csv"):
        watch.put(name, "a")
    watch.look()

    look = schedules.last_look(project, import_id, ORIGIN)
    assert look is not None
    assert (look.facts["matched"], look.facts["taken"]) == (3, 1)
    assert watch.told(import_id)[0].endswith("; left out: 2 older than the last")


def test_looks_that_change_nothing_are_counted(watch: Watch) -> None:
    schedules, project = watch.product.services.schedules, watch.product.project
    import_id = watch.create()
    assert schedules.last_look(project, import_id, ORIGIN) is None
    watch.put("a.csv", "a")
    watch.put("b.csv.part", "a")

    seen = []
    for _ in range(4):
        watch.look()
        look = schedules.last_look(project, import_id, ORIGIN)
        assert look is not None
        assert look.at == watch.product.clock.at
        seen.append((look.code, sentence(look.code, look.facts)))

    since = f"{watch.here('%Y-%m-%d')} "
    assert seen[0] == ("look_news", "looked (every 60 s): 1 taken; 1 file matched; 1 passed over")
    assert [code for code, _ in seen[1:]] == ["look_nothing_new"] * 3
    assert seen[1][1].startswith(
        "looked (every 60 s): nothing new; 1 file matched; 1 passed over; 1 look without change "
        f"since {since}"
    )
    assert "; 3 looks without change since " in seen[3][1]
    assert len(watch.told(import_id)) == 2


def test_a_look_of_several_folders_is_one(watch: Watch) -> None:
    schedules, project = watch.product.services.schedules, watch.product.project
    import_id = watch.create(parent_path="{dd}")
    watch.look()
    for days in (0, 1):
        watch.product.clock.move(86_400 * days)
        folder = watch.folder / watch.here("%d")
        folder.mkdir()
        (folder / "a.csv").touch()
        (folder / "b.csv.part").touch()
    watch.look()

    look = schedules.last_look(project, import_id, ORIGIN)
    assert look is not None
    assert {name: look.facts[name] for name in ("matched", "waiting", "passed_over")} == {
        "matched": 2,
        "waiting": 2,
        "passed_over": 2,
    }


def test_a_file_that_came_just_before_its_hour_passed_is_taken(watch: Watch) -> None:
    import_id = watch.create(path="in_{HH}.csv")
    watch.look(3600 - 60 * int(watch.here("%M")) - int(watch.here("%S")) - 10)
    hour = watch.here("%H")
    watch.put(f"in_{hour}.csv", "a", age=0)

    watch.look()

    assert watch.here("%H") != hour
    assert watch.taken(import_id) == [f"in_{hour}.csv"]


def test_folders_that_come_with_their_day_are_awaited_and_none_is_passed_over(watch: Watch) -> None:
    import_id = watch.create(parent_path="{dd}", path="*.csv")
    watch.look()
    days = []
    for _ in range(3):
        watch.pass_time(86_400)
        days.append(watch.here("%d"))
        (watch.folder / days[-1]).mkdir()
        watch.put(f"{days[-1]}/a.csv", days[-1])
    watch.pass_time(86_400)

    watch.look()

    assert sorted(watch.taken(import_id)) == sorted(f"{day}/a.csv" for day in days)
    assert not [line for line in watch.told(import_id) if "cannot" in line]


def test_more_new_files_than_runs_may_wait_are_held_back(
    watch: Watch,
) -> None:
    beside = watch.product.beside(local_folders=(watch.folder.parent,), max_waiting_runs=2)
    import_id = watch.create()
    for name in "abc":
        watch.put(f"{name}.csv", name)

    watch.look(61, beside)
    watch.look(61, beside)
    assert watch.taken(import_id) == ["a.csv", "b.csv"]
    assert watch.told(import_id)[2:] == ["new files are held back (1), as 2 runs wait already"]
    watch.product.settle(import_id)
    watch.look(61, beside)
    beside.close()

    assert watch.taken(import_id) == ["a.csv", "b.csv", "c.csv"]


def damage(watch: Watch, import_id: str) -> None:
    """Let a definition say what no release understands."""
    with watch.product.wiring.engine.begin() as transaction:
        mine = definitions.c.id == import_id
        document = transaction.execute(sa.select(definitions.c.document).where(mine)).scalar_one()
        broken = {**document, "source": {**document["source"], "file_selection": "newest"}}
        transaction.execute(sa.update(definitions).where(mine).values(document=broken))


def test_a_service_begins_although_it_cannot_understand_a_definition(watch: Watch) -> None:
    import_id = watch.create()
    with watch.product.wiring.engine.begin() as transaction:
        watch.product.wiring.stores.watches.end(transaction, import_id)
    damage(watch, import_id)

    assert watch.product.wiring.watching().take_in() == 1
    watch.look()

    (failed,) = watch.told(import_id)
    assert failed.startswith("new files cannot be looked for: internal error (ValueError)")


def test_definitions_of_an_older_release_are_taken_in(watch: Watch) -> None:
    import_id = watch.create()
    watches = watch.product.wiring.stores.watches
    with watch.product.wiring.engine.begin() as transaction:
        watches.end(transaction, import_id)
    watch.put("a.csv", "a")

    assert watch.product.wiring.watching().take_in() == 1
    assert watch.product.wiring.watching().take_in() == 0
    watch.look()

    assert watch.taken(import_id) == ["a.csv"]


def test_the_run_that_knew_the_content_of_a_file_is_named(watch: Watch) -> None:
    import_id = watch.create()
    watch.put("a.csv", "a")
    watch.look()
    first = watch.product.settle(import_id)
    watch.put("b.csv", "a")
    watch.look()
    second = watch.product.settle(import_id)

    assert second.tally.read == 0
    assert watch.told(import_id)[-1] == (
        f"file b.csv: same content as a.csv imported in run {first.id}; left out"
    )


def test_what_a_run_by_hand_leaves_is_told_beside_what_the_watcher_does(watch: Watch) -> None:
    import_id = watch.create(path="{yyyy}.csv")
    watch.product.start(import_id)
    run = watch.product.settle(import_id)

    assert watch.told(import_id) == [f"run {run.id} found no file that is named like {{yyyy}}.csv"]


def test_a_run_by_hand_tells_which_files_it_takes_and_leaves(watch: Watch) -> None:
    import_id = watch.create()
    watch.put("a.csv", "a")
    runs = []
    for _ in range(2):
        watch.product.start(import_id)
        runs.append(watch.product.settle(import_id))

    assert watch.told(import_id) == [
        f"run {runs[0].id} takes a.csv",
        f"run {runs[1].id} takes no file; left out: 1 imported before",
    ]
    assert [run.warnings for run in runs] == [(), ("left out, as imported before: 1",)]


@pytest.mark.parametrize("proof", ["etag", "time", "hash"])
def test_another_file_behind_an_address_is_new(
    watch: Watch, file_server: FileServer, proof: str
) -> None:
    def publish(content: str) -> str:
        url = file_server.put("/people.csv", content)
        file = file_server.file("/people.csv")
        file.modified = watch.product.clock.at if proof == "time" else None
        file.etag = file.etag if proof == "etag" else None
        return url

    url = publish("mail,name\na@example.com,A\n")
    import_id = watch.product.create(idle(people(url)))

    watch.look()
    watch.look()
    first = watch.product.settle(import_id)
    watch.look()
    publish("mail,name\na@example.com,A\nb@example.com,B\n")
    watch.look()
    watch.look()
    second = watch.product.settle(import_id)

    assert (first.tally.read, second.tally.read) == (1, 2)
    assert len(watch.product.runs(import_id)) == 2
    assert watch.told(import_id)[0] == f"file {url}: new, taken by run {first.id}"
    look = watch.product.services.schedules.last_look(watch.product.project, import_id, ORIGIN)
    assert look is not None
    assert (look.code, look.facts["matched"]) == ("look_nothing_new", 1)
    assert watch.product.wiring.spool.runs() == []


def test_an_address_without_file_is_told_once(watch: Watch, file_server: FileServer) -> None:
    import_id = watch.product.create(idle(people(file_server.url("/none.csv"))))

    watch.look()
    watch.look(600)

    (text,) = watch.told(import_id)
    assert text.startswith("new files cannot be looked for: http://127.0.0.1:")
    assert text.endswith("/none.csv answers 404; there is no such file; correct the address")
    look = watch.product.services.schedules.last_look(watch.product.project, import_id, ORIGIN)
    assert look is not None
    assert sentence(look.code, look.facts).startswith("looked (every 60 s): failed, 2 times since ")


def test_a_definition_that_cannot_be_read_costs_no_other(watch: Watch) -> None:
    unreadable, other = watch.create(), watch.create()
    watch.put("a.csv", "a")
    document = changed(definition_document(watch, unreadable), "mapping.tz_info", "Mars/Base")
    with watch.product.wiring.engine.begin() as connection:
        which = definitions.c.id == unreadable
        connection.execute(sa.update(definitions).where(which).values(document=document))

    watch.look()

    assert watch.taken(other) == ["a.csv"]
    assert "Mars/Base" in watch.told(unreadable)[0]


def definition_document(watch: Watch, import_id: str) -> dict[str, object]:
    found = watch.product.services.definitions.read(watch.product.project, import_id, ORIGIN)
    return dict(found.document)
