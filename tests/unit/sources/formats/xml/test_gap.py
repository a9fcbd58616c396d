from __future__ import annotations

import pytest

from sources.formats.xml.gap import Gap, open_section


@pytest.mark.parametrize(
    ("text", "before"),
    [
        (b"x</p>|<p>", b""),
        (b"<pp><q p='1'></p>|<p/>", b""),
        (b"|<x:p a='1'>", b""),
        (b"<!--<p>--><![CDATA[<p>]]><p|<p\n>", b""),
        (b"<p> --> |<p>", b"<p><!-- a"),
        (b"--><p> ]]>|<p>", b"<![CDATA["),
        (b"|<p>", b"<![CDATA[]]><!-- -->"),
    ],
)
def test_a_gap_goes_to_the_next_record_in_steps_of_any_size(text: bytes, before: bytes) -> None:
    place, data = text.index(b"|"), text.replace(b"|", b"")
    assert Gap("p", before).pass_over(data, 0) == (place, True)
    gap, at, is_found, end = Gap("p", before), 0, False, 0
    while not is_found and end < len(data):
        end += 1
        at, is_found = gap.pass_over(data[:end], at)
    assert (at, is_found) == (place, True)


def test_without_a_record_a_gap_goes_to_the_end() -> None:
    assert Gap("p", b"").pass_over(b"</p><q> < <p", 0) == (10, False)
    assert Gap("p", b"").pass_over(b"<" + b"x" * 200 + b":p>", 0) == (204, False)
    assert Gap("", b"").pass_over(b"< <p/> /", 0) == (2, False)


def test_an_open_section_is_found() -> None:
    assert open_section(b"<p><![CDATA[ <!-- ") == (13, b"<!--")
    assert open_section(b"<p><!-- --><a/>") is None
