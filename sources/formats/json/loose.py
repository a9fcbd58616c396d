r"""JSON as people and scripts write it, made JSON: what is meant must be certain.

Comments, a comma behind the last one, names and texts in single quotes, names without quotes, line
ends and tabs inside texts, `\'` and `\x41`, `+1`, `.5`, `5.` and `0x1F`, the words of Python and
JavaScript, `ObjectId("…")` and the like of a database's shell. A number such as `007` is text. A
quote inside a text that nothing marks, or a backslash before any other letter, as in `C:\dir`, can
be read in several ways: that is none of it.

The text is bytes taken as characters, one for one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sources.formats.json.remarks import BLOCK

LONGEST = 1 << 16  # a longer record is not looked at
DEEPEST = 64
SPACE = rf"(?:[\s\x00]|\xc2\xa0|\xef\xbb\xbf|(?://|\#)[^\n]*+(?:\n|\Z)|{BLOCK})*+"
TOKEN = re.compile(
    SPACE
    + r"""(?:(?P<mark>[{}\[\],:])
    |"(?P<double>(?:[^"\\]++|\\.)*+)"
    |'(?P<single>(?:[^'\\]++|\\.)*+)'
    |(?P<number>[+-]?+(?:0[xX][0-9a-fA-F]++|(?:[0-9]++\.?+[0-9]*+|\.[0-9]++)(?:[eE][+-]?+[0-9]++)?+))(?![\w.+-])
    |(?P<word>-?(?:new\s)?[A-Za-z_$\x80-\xff][\w$\x80-\xff]*+)(?P<call>\((?:"([^"\\]*+)"|'([^'\\"]*+)'|(-?[0-9]++))?\))?+)
    """.replace("\n", "").replace("    ", ""),
    re.DOTALL | re.ASCII,
)
_STRICT = r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"'
# Members that are JSON as they are, each with the comma behind it.
STRICT_MEMBERS = re.compile(
    rf"(?:[ \t\r\n]*+{_STRICT}[ \t\r\n]*+:[ \t\r\n]*+"
    rf"(?:{_STRICT}|-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][-+]?[0-9]++)?+|true|false|null)"
    r"[ \t\r\n]*+,)++"
)
END = re.compile(  # what a cut may leave of a token
    SPACE
    + r"""(?:"(?:[^"\\]++|\\.)*+\\?|'(?:[^'\\]++|\\.)*+\\?|/(?:\*.*)?|[-+.\w$(\x80-\xff]*)\Z""",
    re.DOTALL | re.ASCII,
)
ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)|[\x00-\x1f\"]", re.DOTALL)
KEPT = frozenset('"\\/bfnrt')
SPECIAL = {"'": "'", "\n": "", "v": "\\u000b", "0": "\\u0000"}
WORDS = {
    "true": "true",
    "True": "true",
    "false": "false",
    "False": "false",
    "null": "null",
    "None": "null",
    "undefined": "null",
    "NaN": "NaN",
    "nan": "NaN",
    "Infinity": "Infinity",
    "-Infinity": "-Infinity",
    "inf": "Infinity",
    "-inf": "-Infinity",
}
CALLS = frozenset(
    {
        "ObjectId",
        "ISODate",
        "UUID",
        "NumberLong",
        "NumberInt",
        "NumberDecimal",
        "Decimal",
        "new Date",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """An object written as JSON, and where it ends in the text it was read from.

    Without `json` it is none. `is_cut`: it may be, but the text ends too early.
    """

    json: str = ""
    end: int = 0
    is_cut: bool = False


class _NotMeantError(Exception):
    """It is not certain what is meant."""


def mend(text: str, begin: int = 0) -> Mended:
    """Return the object, or list, that begins at `begin`, with nothing but spaces before it."""
    reading = _Reading(text[begin : begin + LONGEST])
    try:
        reading.run()
    except _NotMeantError:
        is_cut = len(text) - begin < LONGEST and END.match(text, begin + reading.at) is not None
        return Mended(is_cut=is_cut)
    return Mended(json="".join(reading.out), end=begin + reading.at)


class _Reading:
    """A walk over the tokens of one value; `at` is how far it came, `out` what it wrote."""

    def __init__(self, text: str) -> None:
        self.at, self.out = 0, list[str]()
        self._text = text
        self._open = list[str]()  # the marks that close what is open

    def run(self) -> None:
        """Read up to the end of the value; raise `_NotMeantError`."""
        found = self._next()
        if found["mark"] not in {"{", "["}:
            raise _NotMeantError
        self._begin(str(found["mark"]))
        while self._open:
            if self._open[-1] == "}":
                self._member()
            else:
                self._item(self._next())

    def _next(self) -> re.Match[str]:
        found = TOKEN.match(self._text, self.at)
        if found is None:
            raise _NotMeantError
        self.at = found.end()
        return found

    def _begin(self, mark: str) -> None:
        self._open.append("}" if mark == "{" else "]")
        if len(self._open) > DEEPEST:
            raise _NotMeantError
        self.out.append(mark)

    def _close(self) -> None:
        """Write the mark that closes, and take the comma behind it, if there is more to come."""
        if self.out[-1] == ",":
            self.out.pop()
        self.out.append(self._open.pop())
        if self._open:
            self._separate()

    def _separate(self) -> None:
        """Take what stands behind a value: a comma, or the end of what it is in."""
        found = self._next()
        if found["mark"] == ",":
            self.out.append(",")
        elif found["mark"] == self._open[-1]:
            self._close()
        else:
            raise _NotMeantError

    def _member(self) -> None:
        as_they_are = STRICT_MEMBERS.match(self._text, self.at)
        if as_they_are is not None:
            self.out += [as_they_are[0][:-1], ","]
            self.at = as_they_are.end()
        found = self._next()
        if found["mark"] == "}":
            self._close()
            return
        if found["mark"] or found["call"]:
            raise _NotMeantError
        name = found["word"] or found["number"]
        self.out.append(f'"{name}"' if name else _text_of(found))
        if self._next()["mark"] != ":":
            raise _NotMeantError
        self.out.append(":")
        self._item(self._next())

    def _item(self, found: re.Match[str]) -> None:
        mark = found["mark"]
        if mark == "]" and self._open[-1] == "]":
            self._close()
        elif mark in {"{", "["}:
            self._begin(str(mark))
        elif mark:
            raise _NotMeantError
        else:
            self.out.append(_value_of(found))
            self._separate()


def _value_of(found: re.Match[str]) -> str:
    if found["number"]:
        return _number(found["number"])
    if found["call"]:
        argument = next((text for text in found.groups()[-3:] if text is not None), "")
        if found["word"] not in CALLS:
            raise _NotMeantError
        return f'"{argument}"'
    if found["word"]:
        if found["word"] not in WORDS:
            raise _NotMeantError
        return WORDS[found["word"]]
    return _text_of(found)


def _number(raw: str) -> str:
    sign, digits = ("-" if raw[0] == "-" else ""), raw.lstrip("+-")
    if digits[:2] in {"0x", "0X"}:
        return f"{sign}{int(digits, 16)}"
    whole, dot, rest = digits.partition(".")
    if len(whole) > 1 and whole[0] == "0":
        return f'"{raw}"'
    if dot and not rest[:1].isdecimal():
        return f"{sign}{whole}{rest}"
    return f"{sign}{whole or '0'}{dot}{rest}"


def _text_of(found: re.Match[str]) -> str:
    text = found["double"] if found["double"] is not None else found["single"]
    return f'"{ESCAPE.sub(_character, text)}"'


def _character(found: re.Match[str]) -> str:
    """Return what JSON writes for an escape, a quote or a control character."""
    code, written = found[1], found[0]
    if code is None:
        return '\\"' if written == '"' else f"\\u{ord(written):04x}"
    if code in KEPT or len(code) == len("u0000"):
        return written
    if code[0] == "x" and len(code) > 1:
        return f"\\u00{code[1:]}"
    if code not in SPECIAL:
        raise _NotMeantError
    return SPECIAL[code]
