from __future__ import annotations

import pytest

from sources.formats.csv.detection.reading import Marks, Row, read_rows
from sources.formats.csv.detection.texts import is_one_of_texts

LONG = "a process in which an endpoint tells what it can do with video"
SHOPS = ["north,Kielce,High St 18,x", "east,Opole,Main Rd 12,", "west,Lublin,3 Park 15,Mall"]


def rows_of(lines: list[str]) -> list[Row]:
    return read_rows("\n".join(lines), Marks(delimiter=","))


def is_one(first: str, others: list[str], repeats: int = 0) -> bool:
    (row,) = rows_of([first])
    return is_one_of_texts(row, rows_of(others), repeats)


@pytest.mark.parametrize(
    ("first", "others"),
    [
        ("anna,OK,x", ["bob,OK,y", "eva,OK,z", "tom,LATE,u"]),
        ("CODE-aXb,", ["CODE-7u4,", "CODE-G9N,", "CODE-hMI,"]),
        (
            "root,Account.new('root')",
            [f"{x},Account.new('{x}', 1)" for x in ("cash", "tax", "pay")],
        ),
        (f"ring,{LONG} on", [f"list,{LONG}", f"song,{LONG} off", "busy,absent"]),
        ('Mira,"High St 18, Ulm",', ['Ada,"4 Elm St 3, Bonn",x', 'Eva,"Way 9, Jena",y'] * 2),
    ],
)
def test_a_row_of_values_is_one_of_texts(first: str, others: list[str]) -> None:
    assert is_one(first, others)


@pytest.mark.parametrize(
    ("first", "others"),
    [
        ("name,state,note", ["bob,OK,y", "eva,OK,z", "tom,LATE,u"]),
        ("item_id,x", ["item_01,a", "item_02,b", "item_03,c"]),
        ("code_name,", ["CODE-7u4,", "CODE-G9N,", "CODE-hMI,"]),
        ("name,What do you like most of all in this town?", [f"a{i},{LONG} {i}" for i in range(4)]),
        (f"Do you like it?,{LONG} on", [f"yes it is {LONG},{LONG} {i}" for i in range(4)]),
        ("name,Address 1,Address 2", [f'a,Elm Rd 1{i},"Flat {i}, 2"' for i in range(4)]),
        ("key,text that describes it", [f"a{i},{LONG} {i}" for i in range(4)]),
        ("name,Address 1,town", ["bob,1 Elm St 8,Ulm", "eva,Way 9,Jena", "tom,B 4,Bonn"]),
        ('"Last, First","City, State"', [f'"Ray, {x}","Ulm, {i}"' for i, x in enumerate("abcd")]),
        ("name,town,,", ["bob,Ulm,x,y", "eva,Jena,x,z", "tom,Bonn,u,"]),
        ("a b c d e f g h i  j", ["one two three four five six seven eight  nine"] * 4),
    ],
)
def test_names_of_columns_are_no_texts(first: str, others: list[str]) -> None:
    assert not is_one(first, others)


def test_two_signs_are_enough_and_gaps_alone_are_none() -> None:
    assert is_one("north,Radom,Old Rd 32,", SHOPS, repeats=1)
    assert is_one("north,Radom,Old,", SHOPS, repeats=1)
    assert not is_one("area,town,street,", SHOPS)


def test_few_rows_tell_nothing() -> None:
    assert not is_one("anna,OK", ["bob,OK", "eva,OK"])


def test_a_row_of_another_width_is_compared_as_far_as_it_goes() -> None:
    assert is_one("anna,OK,x,y", ["bob,OK,y", "eva,OK,z", "tom,OK,u"])
    assert not is_one("a", ["bob,OK,y", "eva,OK,z", "tom,OK,u"])


def test_huge_cells_are_looked_at_in_no_time() -> None:
    cells = [f"a{mark * 1_000_000}" for mark in (" ", "1", ",", "1 ", ", ")]
    rows = [Row(cells=(cell,), quoted=(False,), line=0, end="") for cell in cells]
    assert not is_one_of_texts(rows[0], rows[1:], 0)
