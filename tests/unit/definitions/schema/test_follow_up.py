"""What becomes of files after their run, as a document says it."""

from __future__ import annotations

import pytest

from tests.unit.definitions.schema.test_source import FILES, echo, refused


def test_what_is_done_with_files_is_read_back() -> None:
    sent = FILES | {
        "after_success": {"action": "move", "to": "/done/{yyyy}/", "suffix": None},
        "after_failure": {"action": "rename", "suffix": ".failed"},
    }

    assert echo(sent) == sent
    assert echo(FILES | {"after_success": None})["after_success"] is None


@pytest.mark.parametrize(
    ("follow_up", "where"),
    [
        ({"action": "burn"}, "action"),
        ({"to": "done"}, "action"),
        ({"action": "move"}, "to"),
        ({"action": "move", "to": "../done"}, "to"),
        ({"action": "move", "to": "done/*"}, "to"),
        ({"action": "move", "to": "done/{yy}"}, "to"),
        ({"action": "move", "to": "."}, "to"),
        ({"action": "move", "to": "/"}, "to"),
        ({"action": "rename", "suffix": "imported"}, "suffix"),
        ({"action": "rename", "suffix": ".a/b"}, "suffix"),
        ({"action": "rename", "suffix": ".a\nb"}, "suffix"),
        ({"action": "rename", "suffix": ".csv"}, "suffix"),
        ({"action": "rename", "suffix": ".done"}, "suffix"),
    ],
)
def test_a_follow_up_is_checked(follow_up: dict[str, object], where: str) -> None:
    assert set(refused(FILES | {"after_success": follow_up})) == {f"source.after_success.{where}"}


@pytest.mark.parametrize(
    ("to", "text"),
    [
        (
            "done\n",
            r"must not contain line ends or other control characters, as 'done\n' does",
        ),
        (
            "done/{customer}",
            "has the unknown placeholder '{customer}'; known are {yyyy}, {MM}, {dd}, {HH}",
        ),
        (
            "done/{yyyy",
            "has a brace that belongs to no placeholder, in 'done/{yyyy'; "  # noqa: ISC004 - one text
            "known are {yyyy}, {MM}, {dd}, {HH}",
        ),
        ("x" * 3_000, "must have at most 500 characters"),
        (
            f"done/{'é' * 128}",
            f"must not hold names over 255 bytes, such as '{'é' * 60}…'",
        ),
    ],
)
def test_a_folder_that_files_cannot_be_moved_to_is_refused(to: str, text: str) -> None:
    problems = refused(FILES | {"after_failure": {"action": "move", "to": to}})

    assert problems["source.after_failure.to"][0].startswith(text)


@pytest.mark.parametrize(
    ("follow_up", "problem"),
    [
        (
            {"action": "delete", "to": "done"},
            {
                "to": "is 'done', but the action 'delete' does not heed it; leave it out, or let "
                "the action be 'move'"
            },
        ),
        (
            {"action": "keep", "suffix": ".imported"},
            {
                "suffix": "is '.imported', but the action 'keep' does not heed it; leave it out, "
                "or let the action be 'rename'"
            },
        ),
        (
            {"action": "rename", "to": "done"},
            {
                "to": "is 'done', but the action 'rename' does not heed it; leave it out, or let "
                "the action be 'move'",
                "suffix": "is required to rename a file",
            },
        ),
        (
            {"action": "move", "too": "done"},
            {
                "to": "is required to move a file",
                "too": "'too' is no option here; did you mean 'to'?",
            },
        ),
    ],
)
def test_a_word_that_would_not_be_heeded_is_refused(
    follow_up: dict[str, object], problem: dict[str, str]
) -> None:
    assert refused(FILES | {"after_success": follow_up}) == {
        f"source.after_success.{name}": [text] for name, text in problem.items()
    }
