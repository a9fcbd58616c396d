from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from definitions.errors import InvalidError, NotFoundError
from definitions.lifecycle import RunState
from definitions.masking import MASK
from importmgr.services.faults import FaultQuery
from importmgr.services.rejects import Form, RejectQuery, RejectsFile
from importmgr.services.repairs import Correction
from importmgr.store.runs import Run
from tests.acceptance.documents import PEOPLE, Document, changed, people
from tests.file_server import FileServer
from tests.product import Product, wait_until, working
from tests.stores import ORIGIN

ORIGINAL, SPREADSHEET = RejectQuery(form=Form.ORIGINAL), RejectQuery(form=Form.SPREADSHEET)
SECRETS = ("geheim@", "4711", "Meier")
ROWS = "mail;name\r\na@example.com;'A;B'\r\n;'caf\u00e9'\r\nb@example.com;x;y\r\n"


def settled(product: Product, content: bytes | str, file_server: FileServer) -> Run:
    return product.settle(product.create(people(file_server.put("/people.csv", content))))


def handed_out(product: Product, run: Run, query: RejectQuery) -> RejectsFile:
    return product.services.rejects.open(product.project, run.definition_id, ORIGIN, run.id, query)


def test_rejected_rows_come_back_as_they_stood(product: Product, file_server: FileServer) -> None:
    run = settled(product, ROWS.encode("windows-1252"), file_server)

    found = handed_out(product, run, ORIGINAL)

    assert (run.tally.rejected, found.kept.open, found.encoding) == (2, 2, "windows-1252")
    assert b"".join(found.pieces).decode("windows-1252").splitlines() == [
        "_line;_row;_error_code;_error_column;_error;mail;name",
        "3;2;missing_key;mail;'the row has no id: fill ''mail''';;'caf\u00e9'",
        "4;3;too_many_fields;;expected 2 fields, found 3;b@example.com;x;y",
    ]


def test_rejected_rows_of_json_come_as_csv(product: Product, file_server: FileServer) -> None:
    rows: list[Any] = [{"mail": "", "name": 1.10, "more": {"x": [1]}}, {"mail": "a"}, 7]

    run = settled(product, "\n".join(map(json.dumps, rows)), file_server)

    lines = b"".join(handed_out(product, run, SPREADSHEET).pieces).decode("utf-8-sig")
    assert lines.splitlines() == [
        "_line,_row,_error_code,_error_column,_error,_form,mail,name,more.x",
        "1,1,missing_key,mail,the row has no id: fill 'mail',spreadsheet,,1.1,[1]",
        "3,3,not_an_object,,is no JSON object; a row needs names for its cells: 7,spreadsheet",
    ]


def test_a_run_without_rejects_says_so(product: Product, file_server: FileServer) -> None:
    run = settled(product, PEOPLE, file_server)

    with pytest.raises(NotFoundError, match="has no rejected rows"):
        handed_out(product, run, ORIGINAL)


def test_rows_that_are_not_kept_are_told(small_product: Product, file_server: FileServer) -> None:
    forgetful = small_product.beside(kept_rejects_bytes=0)
    run = settled(forgetful, "mail,name\n,A\n", file_server)

    with pytest.raises(NotFoundError, match="no room"):
        handed_out(forgetful, run, ORIGINAL)
    forgetful.close()


def test_a_file_that_is_none_of_the_run_is_refused(
    small_product: Product, file_server: FileServer
) -> None:
    run = settled(small_product, "mail,name\n,A\n", file_server)

    with pytest.raises(InvalidError, match=r"must be one of these, not 2: 1 \(.*people.csv, 1 row"):
        handed_out(small_product, run, RejectQuery(form=Form.ORIGINAL, part=2))


def test_rows_with_nul_characters_are_kept_and_reported(
    product: Product, file_server: FileServer
) -> None:
    good = "".join(f"p{number}@example.com,Name {number},{number}\n" for number in range(20))
    bad = "a\0@example.com,A,1\nb,\0,2,3\n"
    run = settled(product, f"mail,name,a\0b\n{bad}{good}", file_server)

    assert (run.state, run.tally.rejected) == (RunState.COMPLETED, 2)
    lines = b"".join(handed_out(product, run, ORIGINAL).pieces).splitlines()
    assert lines[0].endswith(b",a\\x00b")
    assert lines[1].endswith(b",a\0@example.com,A,1")
    assert lines[2].endswith(b",b,\0,2,3")


def masked(url: str) -> Document:
    """Return a definition with sensitive ids and ages, of whose file `note` is not mapped."""
    columns = {
        "id_mappings": [{"from_column": "mail", "to_id": "email_id", "sensitive": True}],
        "property_mappings": [
            {"to_column": "age", "target_type": "number", "sensitive": True},
            {"to_column": "name"},
        ],
    }
    return changed(people(url), "mapping.column_mapping", columns)


@pytest.mark.parametrize("separator", [";", None])
def test_cells_of_sensitive_columns_are_shown_to_nobody_who_does_not_ask(
    product: Product, file_server: FileServer, separator: str | None
) -> None:
    rows = [
        {"mail": "", "age": "4711", "name": "A", "note": "Meier"},
        {"mail": "geheim@example.com", "age": "4711x", "name": "B", "note": "Meier"},
    ]
    lines = [json.dumps(row) for row in rows] + ['{"mail": "geheim@example.com", "4711": Meier}']
    if separator:
        lines = [separator.join(cells) for cells in (rows[0], *(row.values() for row in rows))]
        lines.append("geheim@example.com;4711;Meier;x;y")
    import_id = product.create(masked(file_server.put("/people.csv", "\n".join(lines) + "\n")))
    dry_run = product.services.dry_runs.start(product.project, import_id, ORIGIN)

    run = product.settle(import_id)
    with working(product.wiring.executor("test")):
        wait_until(lambda: product.services.dry_runs.show(product.project, dry_run).report)

    assert (run.tally.read, run.tally.rejected, run.fault_count) == (3, 2, 3)
    faults = product.services.faults.list(
        product.project, import_id, ORIGIN, run.id, FaultQuery(limit=10)
    )
    report = product.services.dry_runs.show(product.project, dry_run).report
    shown = [b"".join(handed_out(product, run, q).pieces) for q in (ORIGINAL, SPREADSHEET)]
    for seen in (str(faults.faults), json.dumps(report), *(each.decode() for each in shown)):
        assert MASK in seen
        assert [secret for secret in SECRETS if secret in seen] == []
    everything = replace(ORIGINAL, unmasked=True)
    whole = b"".join(handed_out(product, run, everything).pieces).decode()
    assert "4711" in whole
    assert "Meier" in whole
    assert "_masked" not in whole


@pytest.mark.parametrize("query", [ORIGINAL, SPREADSHEET])
def test_masked_rows_cannot_be_handed_in(
    small_product: Product, file_server: FileServer, query: RejectQuery
) -> None:
    url = file_server.put("/people.csv", "mail,age,name,note\n,4711,A,Meier\n")
    import_id = small_product.create(masked(url))
    run = small_product.settle(import_id)
    given = b"".join(handed_out(small_product, run, query).pieces)
    content = given.replace(b",yes,,", b",yes,a@example.com,")

    small_product.services.repairs.start(
        small_product.project,
        import_id,
        ORIGIN,
        run.id,
        Correction(content=content, part=None, asked_by="key"),
    )
    repair = small_product.settle(import_id)

    assert content != given
    assert repair.state is RunState.FAILED
    assert "holds masked cells" in str(repair.error)
    assert small_product.customers() == 0
