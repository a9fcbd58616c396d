"""Rules about single values: what is wrong with one, or None."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sized
from difflib import get_close_matches
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from marshmallow import ValidationError
from marshmallow.validate import Length, OneOf, Range

from definitions.shown import LONGEST, digits, shown

_NOT_ZONES = {"localtime", "Factory", "posixrules"}  # files of a zone folder that name no place
_SLIP = 0.8  # how like another name one is by a slip of the pen; of 1


def json_kind(value: object) -> str:
    """Return what JSON calls a value, with its article."""
    match value:
        case None | bool():
            return {None: "null", True: "true", False: "false"}[value]
        case int() | float():
            return "a number" if as_whole(value) is not None else "a number with a fraction"
        case str():
            return "a string"
        case Mapping():
            return "an object"
        case _:
            return "an array"


def as_whole(value: object) -> int | None:
    """Return a number without a fraction as an integer; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not value.is_integer():
        return None
    return int(value)


def short_array(value: object, high: int) -> list[object]:
    """Return an array that has not too many elements; an empty one for anything else."""
    return value if isinstance(value, list) and len(value) <= high else []


def text_problem(text: str) -> str | None:
    """Return why a text cannot be stored."""
    if "\0" in text:
        return "must not contain the NUL character"
    if any("\ud800" <= character <= "\udfff" for character in text):
        return "must be valid Unicode, without half of a surrogate pair"
    return None


def suggestion(value: str, choices: Iterable[str]) -> str:
    """Return `; did you mean …?` when a choice is near, else nothing."""
    spellings = {choice.casefold(): choice for choice in choices}
    near = get_close_matches(value[:LONGEST].casefold(), spellings, n=1)
    return f"; did you mean {spellings[near[0]]!r}?" if near else ""


def slip_of(name: str, ours: Iterable[str]) -> str | None:
    """Return what is wrong with a name that is all but the one of an extension of ours."""
    near = get_close_matches(name[:LONGEST].casefold(), sorted(ours), n=1, cutoff=_SLIP)
    return f"{shown(name)} is no option here; did you mean {near[0]!r}?" if near else None


def unknown_names(given: Iterable[str], known: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield each name of an object that nobody knows, and what is wrong with it."""
    for name in given:
        if name not in known:
            hint = suggestion(name, known) or f"; known are {', '.join(sorted(known))}"
            yield name, f"{shown(name)} is no option here{hint}"


def choice_problem(value: str, choices: Iterable[str]) -> str | None:
    """Return what is wrong with a word that must be one of `choices`."""
    words = sorted(map(str, choices))
    if value in words:
        return None
    known = ", ".join(map(_word, words))
    return f"must be one of {known}, not {shown(value)}{suggestion(value, words)}"


def _word(word: str) -> str:
    """Return a word of a list as a message has it: quoted if it is a mark rather than a word."""
    return word if any(map(str.isalnum, word)) else repr(word)


def zone_problem(name: str) -> str | None:
    """Return what is wrong with the name of a time zone."""
    if name in zones():
        return None
    near = suggestion(name, zones())
    return f"must be an IANA time zone such as 'Europe/Prague', not {shown(name)}{near}"


@cache
def zones() -> frozenset[str]:
    """Return the names of all time zones."""
    return frozenset(available_timezones()) - _NOT_ZONES


class Choice(OneOf):
    """One word of a list, with a suggestion for a near miss."""

    def __call__(self, value: str) -> str:
        """Raise unless the value is a word of the list."""
        problem = choice_problem(value, self.choices)
        if problem:
            raise ValidationError(problem)
        return value


class Bounds(Range):
    """The least and the greatest number; a number of many digits is cut in the message."""

    def _format_error(self, value: Any, message: str) -> str:  # noqa: ANN401 - as marshmallow has it
        text = self.error or message
        return text.format(input=digits(value), min=self.min, max=self.max)


class Size(Length):
    """How many characters or elements there may be; the message tells how many there are."""

    def _format_error(self, value: Sized, message: str) -> str:
        return (self.error or message).format(input=len(value), min=self.min, max=self.max)


def one_of(words: Iterable[str]) -> Choice:
    """Return the rule that a text is one of some words."""
    return Choice([str(word) for word in words])


def length(low: int, high: int) -> list[Size]:
    """Return the rules for how many characters a text may have."""
    rules = [Size(max=high, error="must have at most {max} characters, not {input}")]
    if low == 1:
        rules.append(Size(min=1, error="must not be empty"))
    elif low:
        rules.append(Size(min=low, error="must have at least {min} characters, not {input}"))
    return rules


def at_most(count: int) -> Size:
    """Return the rule for how many elements an array may have."""
    return Size(max=count, error="must have at most {max} elements, not {input}")


def at_least_one() -> Size:
    """Return the rule that an array is not empty."""
    return Size(min=1, error="must not be empty")


def between(low: int, high: int) -> Bounds:
    """Return the rule for the least and the greatest number."""
    return Bounds(min=low, max=high, error="must be from {min} to {max}, not {input}")


def checked_by(problem_of: Callable[[str], str | None]) -> Callable[[str], None]:
    """Return the rule that a text has no problem."""

    def rule(value: str) -> None:
        problem = problem_of(value)
        if problem:
            raise ValidationError(problem)

    return rule


def or_default(default: object) -> dict[str, Any]:
    """Return the options of an optional field whose default also stands in for null."""
    return {
        "load_default": default,
        "allow_none": True,
        "pre_load": lambda value: default if value is None else value,
    }
