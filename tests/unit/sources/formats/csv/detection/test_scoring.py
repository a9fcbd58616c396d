from __future__ import annotations

import pytest

from sources.formats.csv.detection.reading import Marks, read_rows
from sources.formats.csv.detection.scoring import (
    WHOLE_LINE,
    attempt,
    prior_of,
    usual_width,
    whole_rows,
)


def score(text: str, delimiter: str) -> float:
    return attempt(text, Marks(delimiter=delimiter), cut=False).score


@pytest.mark.parametrize(
    ("text", "better", "worse"),
    [
        ("a;b\n1,5;2,5\n", ";", ","),
        ("a,b\n10:30,x\n11:30,y\n", ",", ":"),
        ("a||b\n1||2\n", "||", "|"),
        ("a, b\n1, 2\n", ", ", ","),
        ("name\nAnna Smith\nBob Jones\n", WHOLE_LINE, " "),
        ("t\n10:30\n11:30\n", WHOLE_LINE, ":"),
        (" id ; price \n 1 ; 3 \n 2 ; 6 \n", ";", " "),
        (" id, price\n 1, 3\n 2, 6\n", ", ", " "),
        ("".join(f"{i:05}       ,{i}{i:09}  ,{i}\n" for i in range(9)), ",", " "),
        ("x y\n1.5 2.5\n3.5 4.5\n", " ", WHOLE_LINE),
        ("Hello, world\nthis is fine\nwell, yes, no\n", WHOLE_LINE, ","),
        ("# by me\nid,note\n" + "1,\n2,7\n3,\n4,\n" * 4, ",", WHOLE_LINE),
        ("x.jpg\t51,49,38\t10,9,8\t7,6,5\n" * 4, "\t", ","),
        ("".join(f"{'key' * i:20}, {i * 7:<9}, said of it\n" for i in range(6)), ",", WHOLE_LINE),
    ],
)
def test_the_right_delimiter_scores_higher(text: str, better: str, worse: str) -> None:
    assert score(text, better) > score(text, worse)


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("Title\na,b,c\n1,2,3\n1,2\n4,5,6\n", 3),
        ("a,b,c\n1,2,3\n4,5,6\n\nx,y\n" + "1,2\n" * 9, 3),
        ("k,v\nk,v\nk,v\n\na,b,c,d\n1,2,3,4\n5,6,7,8\n9,1,2,3\n", 4),
        ("k:,v,\n\nk:,v,\nk:,v,\nk:,v,\n\n" + "a,b,c,d\n" * 9, 4),
        ("# a,b\n# c,d\nx,y,z\n", 3),
        ("a,b\n1,2,,\n1,2,\n1,2\n1,2,,\n1,2,,\n", 2),
        ("a,b\n1,2,,\n1,2,\n1,2,x,\n1,2,,\n1,2,,\n", 4),
        ("a,b\n1,2,\n3,4,\n", 3),
        ("a\nb\n", 1),
        ("", 1),
    ],
)
def test_the_usual_width_is_that_of_the_first_table(text: str, width: int) -> None:
    assert usual_width(read_rows(text, Marks(delimiter=","))) == width


def test_quotes_around_a_column_are_some_below_more_names_than_rows_have_cells() -> None:
    rows = "".join(f"S{i},'0{i}/1{i}',x\n" for i in range(1, 9))
    plain, quoted = (
        attempt("a,b,c,d,e\n" + rows, Marks(delimiter=",", quote=quote), cut=False)
        for quote in ('"', "'")
    )
    assert quoted.score > plain.score


def test_quotes_are_some_where_the_names_are_in_them_and_one_too_many() -> None:
    text = "`place`,`at`,\n" + "".join(f"`p {i}`,`{i}.5,{i}.7`\n" for i in range(6))
    quoted, bare = (attempt(text, Marks(delimiter=",", quote=q), cut=False) for q in '`"')
    assert quoted.score > bare.score


def test_spaces_that_fill_up_a_column_do_not_tell_against_it() -> None:
    even = "".join(f"{'x' * i:9};1\n" for i in range(1, 9))
    uneven = "".join(f"{'x' * i} ;1\n" for i in range(1, 9))
    assert score(even, ";") > score(uneven, ";")


def test_spaces_before_first_cells_are_no_delimiters_where_cells_are_in_quotes() -> None:
    text = "".join(f"{i:6d} # '10{i} {s} rd' # ' x, ma 0{i}'\n" for i, s in enumerate("abcdefgh"))
    marked, spaced = (
        attempt(text, Marks(delimiter=mark, quote="'"), cut=False).score for mark in (" # ", " ")
    )
    assert spaced * 5 < marked


def test_a_row_that_is_cut_does_not_count() -> None:
    marks = Marks(delimiter=",")
    assert len(whole_rows("a,b\n1", marks, cut=True)) == 1
    assert len(whole_rows("a,b\n1", marks, cut=False)) == 2


def test_usual_delimiters_are_believed_first() -> None:
    ranked = [",", "\x1f", "||", "~", ":", " ", "$", "="]
    assert sorted(ranked, key=prior_of, reverse=True) == ranked


def test_a_delimiter_leaves_no_tabs_between_words_of_all_rows() -> None:
    text = "unit,geo\\TIME\t2019 \t2020 \nNR,AT\t81 \t: \nNR,BE\t82 \t3 b\n"
    assert score(text, "\t") > 2 * score(text, ",")
    some = "id,text,day\n1,a\tb,2\n2,a b,4\n"
    assert score(some, ",") > score(some, "\t")
