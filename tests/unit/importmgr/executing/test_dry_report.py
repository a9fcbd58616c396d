from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from definitions.faults import Fault, FaultCode
from definitions.mapping import compile_mapping
from definitions.rejecting import gather_rejects
from definitions.rejects import RejectedFile
from destinations.rehearsal import Sample
from importmgr.executing.dry_report import SHOWN, DryReport
from importmgr.store.runs import OpenedFile
from tests.unit.definitions.cases import CUSTOMERS, batch, definition, prop

FILE = RejectedFile(name="f", number=0, identity=None, header=("mail", "age"), form=None, styles={})
MALFORMED = Fault(
    file="f",
    row=4,
    line=8,
    column=None,
    value="x",
    code=FaultCode.TOO_FEW_FIELDS,
    message="expected 2 fields, found 1",
    rejects_row=True,
)


def sample(outcome: str, row: int = 1) -> Sample:
    return Sample(row=row, outcome=outcome, keys={"a": "1"}, before=None, after='{"n":1}')


def filled() -> DryReport:
    """Return a report of one file with a batch of three rows and a malformed one."""
    of = replace(batch(mail=["", "a", "b"], age=["1", "x", "007"]), faults=(MALFORMED,))
    made = definition(CUSTOMERS, ids={"mail": "mail"}, properties=[prop("age", target="number")])
    mapped = compile_mapping(made, ("mail", "age")).apply(of, "f")
    report = DryReport()
    compiled = replace(compile_mapping(made, ("mail", "age")), warnings=("odd",))
    report.open(OpenedFile(file="f", read_as={"encoding": "utf-8"}), ("mail", "age"), compiled)
    samples = [sample("created", row) for row in range(1, 10)]
    report.add(of, mapped, samples, gather_rejects(of, mapped, FILE))
    return report


def test_a_report_shows_samples_faults_and_columns() -> None:
    found: Any = json.loads(json.dumps(filled().document([])))

    assert [one["row"] for one in found["samples"]["created"]] == list(range(1, SHOWN + 1))
    assert found["samples"]["created"][0]["after"] == {"n": 1}
    assert [(one["row"], one["code"]) for one in found["samples"]["rejected"]] == [
        (1, "missing_key"),
        (4, "too_few_fields"),
    ]
    assert [fault["row"] for fault in found["faults"]] == [1, 2, 4]
    assert {(each["code"], each["column"], each["count"]) for each in found["fault_counts"]} == {
        ("missing_key", "mail", 1),
        ("not_a_number", "age", 1),
        ("too_few_fields", None, 1),
    }
    [file] = found["files"]
    assert (file["file"], file["read_as"]) == ("f", {"encoding": "utf-8"})
    assert [(column["name"], column["leading_zeros"]) for column in file["columns"]] == [
        ("mail", 0),
        ("age", 1),
    ]
    assert found["warnings"] == ["odd"]


def test_what_makes_it_doubtful_that_a_file_is_read_rightly_is_a_warning() -> None:
    report = filled()
    made = compile_mapping(definition(CUSTOMERS, ids={"mail": "mail"}), ("mail",))

    report.open(OpenedFile(file="g", read_as={"names": "one is missing"}), ("mail",), made)

    assert report.document([])["warnings"] == ["odd", "g: one is missing"]


def test_samples_are_wanted_until_there_are_enough() -> None:
    report = filled()
    assert report.wants_samples  # nothing was updated yet
    of = batch(mail=["a"], age=["1"])
    made = definition(CUSTOMERS, ids={"mail": "mail"})
    mapped = compile_mapping(made, ("mail", "age")).apply(of, "f")

    report.add(of, mapped, [sample("updated", row) for row in range(SHOWN)], None)

    assert not report.wants_samples
