from __future__ import annotations

from sources.formats.csv.dialect import Dialect
from sources.formats.csv.variants import variants_of


def test_marks_of_a_dialect_may_mean_something_else() -> None:
    variants = variants_of(Dialect())
    assert variants.unmarked == Dialect(escape=None)
    assert variants.unquoted == (Dialect(quote=None, escape=None),)
    assert variants.other_quote == Dialect(quote=b"'", escape=b"'")
    assert variants.backslashed == Dialect(escape=b"\\")
    assert variants.spaced is not None
    assert variants.spaced.sub(rb"\g<before>", b' "a" , b,\t"c"') == b'"a", b,"c"'


def test_an_escape_may_be_one_without_quotes_too() -> None:
    variants = variants_of(Dialect(escape=b"\\"))
    assert [each.escape for each in variants.unquoted] == [b"\\", None]
    assert variants.backslashed is None


def test_without_quotes_there_are_no_others() -> None:
    variants = variants_of(Dialect(quote=None, escape=None))
    assert (variants.other_quote, variants.backslashed, variants.spaced) == (None, None, None)
