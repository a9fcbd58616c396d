"""What answers hold besides data: lists of errors, of links, and of what columns are."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sources.formats.json.beside import NAME_AND_TYPE, NAMES_OF_DESCRIPTIONS

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

    It is called so, and nothing is in its first record but what errors and links have, or what
    describes a column.
    """
    name = path[-1].lower() if path else ""
    cells = {cell.lower().partition(".")[0] for cell in names}
    is_called = name.endswith(ENDS_OF_COLUMNS) or (
        name in NAMES_OF_DESCRIPTIONS and cells >= NAME_AND_TYPE
    )
    is_about_columns = is_called and cells <= CELLS_OF_COLUMNS
    is_answer = name in NAMES_ASIDE and cells <= CELLS_ASIDE
    return bool(cells) and (is_about_columns or is_answer)
