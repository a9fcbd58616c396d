"""Instants as people type them: ISO 8601, or seconds since 1970."""

from __future__ import annotations

from datetime import UTC, datetime

import click


class Moment(click.ParamType[float]):
    """An instant, handed on as epoch seconds; a time without an offset is UTC."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the seconds since 1970, or refuse what is no instant."""
        if isinstance(value, int | float):
            return float(value)
        text = str(value)
        try:
            return float(text) if _is_number(text) else _parsed(text).timestamp()
        except (ValueError, OverflowError):
            message = f"{text!r} is no time; write it as 2026-03-29T02:30Z, or as epoch seconds"
            self.fail(message, param, ctx)


MOMENT = Moment()


def instant(epoch: float | None) -> datetime | None:
    """Return epoch seconds as an instant."""
    return None if epoch is None else datetime.fromtimestamp(epoch, UTC)


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal() and len(text) > len("20260329")


def _parsed(text: str) -> datetime:
    parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
