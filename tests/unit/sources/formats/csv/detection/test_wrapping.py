from __future__ import annotations

import pytest

from definitions.model import FileFormat
from sources.formats.csv.detection.wrapping import are_wrapped

ROWS = b"".join(b'"%d,""na,me%d"",%d.5"\n' % (i, i, i) for i in range(9))


@pytest.mark.parametrize(
    "sample",
    [
        b'"id,name,price"\n' + ROWS,
        b"id,name,price\n" + ROWS,
        b'"a,b,c"\n"1,2,3"\n',
        b'\n"id;name"\r\n"1;""x"""\r\n',
        b'Report of sales\n\n"id,name,price"\n' + ROWS,
        b'"Report"\n"id,name,price"\n' + ROWS + b"\nPrinted by Anna\n",
        b'Report\n"a,""b"",c"\n"1,""2,0"",3"\n',  # doubled quotes tell, few as they are
        b'"a;b;c"\n"1;"" 7"";3,5"\n"2;"" 8"";4,5"\n',  # spaces in quotes are no prose
        b'"Sales, of May"\n"id,name,price"\n' + ROWS + b'"Net, in EUR, as of today"\n',
    ],
)
def test_rows_in_quotes_as_a_whole_are_seen(sample: bytes) -> None:
    assert are_wrapped(sample, FileFormat(), complete=True)


@pytest.mark.parametrize(
    "sample",
    [
        b"id,name\n1,a\n",
        b'"id","name"\n"1","a"\n',
        b'"name"\n"Doe,Jane"\n"Roe,Richard"\n',  # a single column
        b'"Doe,Jane"\n"Roe,Richard"\n',
        b'"Well, I say, yes"\n"Or, as it is, no"\n',
        b'"id,name,price"\n' + ROWS + b'"9,x"\n' * 3,
        b'Report\n"a,b,c"\n"1,2,3"\n"4,5,6"\n',  # too few rows below a title
        b'"a,b,c"\n',
        b"",
    ],
)
def test_fields_in_quotes_are_no_rows(sample: bytes) -> None:
    assert not are_wrapped(sample, FileFormat(), complete=True)


def test_quotes_that_are_given_stay_unless_a_delimiter_would_part_nothing() -> None:
    text = b'"id,name,price"\n' + ROWS
    assert not are_wrapped(text, FileFormat(quote='"'), complete=True)
    assert not are_wrapped(text, FileFormat(quote="'", delimiter=","), complete=True)
    assert not are_wrapped(text, FileFormat(quote='"', delimiter=";"), complete=True)
    assert are_wrapped(text, FileFormat(quote='"', delimiter=","), complete=True)


def test_a_list_below_its_name_stays_where_quote_and_delimiter_are_given() -> None:
    text = b'"place"\n' + b'"Berlin,Germany,Europe"\n' * 9
    assert not are_wrapped(text, FileFormat(quote='"', delimiter=","), complete=True)
