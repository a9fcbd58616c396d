"""What answers hold besides data: lists of errors, of links, and of what columns are."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sources.formats.json.beside import NAME_AND_TYPE, NAMES_OF_DESCRIPTIONS

ERROR_NAMES = frozenset({"error", "errors", "fault", "exception"})
LINK_NAMES = frozenset({"links", "_links"})  # also around lists, each of links of one kind
NAMES_ASIDE = ERROR_NAMES | LINK_NAMES | {"warnings", "messages", "notices"}
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

ENDS_OF_COLUMNS = ("columns", "cols", "fields", "header", "headers")
CELLS_OF_COLUMNS = frozenset(
    [
        "alias",
        "columntype",
        "datatype",
        "datatypename",
        "defaultvalue",
        "description",
        "domain",
        "editable",
        "format",
        "id",
        "info",
        "label",
        "length",
        "mode",
        "name",
        "nullable",
        "pattern",
        "position",
        "precision",
        "scale",
        "sqltype",
        "title",
        "type",
        "width",
    ]
)


def is_aside(path: Sequence[str], names: Collection[str]) -> bool:
    """Tell whether an array at `path`, whose first record has these names, is no data.

    It is called so, or is one of the lists in an object of links, and nothing is in its first
    record but what errors and links have, or what describes a column.
    """
    name = path[-1].lower() if path else ""
    cells = {cell.lower().partition(".")[0] for cell in names}
    is_called = name.endswith(ENDS_OF_COLUMNS) or (
        name in NAMES_OF_DESCRIPTIONS and cells >= NAME_AND_TYPE
    )
    is_about_columns = is_called and cells <= CELLS_OF_COLUMNS
    is_answer = name in NAMES_ASIDE and cells <= CELLS_ASIDE
    is_link = any(part.lower() in LINK_NAMES for part in path[:-1])
    is_answer = is_answer or (is_link and cells <= CELLS_ASIDE | {"name"})
    return bool(cells) and (is_about_columns or is_answer)
