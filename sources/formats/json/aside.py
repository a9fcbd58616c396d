"""What answers hold besides data: lists of errors and of links."""

from __future__ import annotations

from collections.abc import Collection, Sequence

ERROR_NAMES = frozenset({"error", "errors", "fault", "exception"})
NAMES_ASIDE = ERROR_NAMES | {"warnings", "messages", "notices", "links"}
CELLS_ASIDE = frozenset(
    [
        "code",
        "detail",
        "extensions",
        "field",
        "href",
        "hreflang",
        "level",
        "link",
        "locations",
        "message",
        "meta",
        "method",
        "path",
        "reason",
        "rel",
        "severity",
        "source",
        "status",
        "templated",
        "text",
        "title",
        "type",
        "url",
        "uri",
        "value",
    ]
)


def is_aside(path: Sequence[str], names: Collection[str]) -> bool:
    """Tell whether an array at `path`, whose first record has these names, is no data.

    It is called so, and nothing is in its first record but what errors and links have.
    """
    if not path or path[-1].lower() not in NAMES_ASIDE:
        return False
    cells = {name.lower().partition(".")[0] for name in names}
    return bool(cells) and cells <= CELLS_ASIDE
