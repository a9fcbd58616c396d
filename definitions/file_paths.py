r"""Which files of a storage a definition means.

A path is an exact name, a glob (`*` and `?` within one name, `**` for any folders), or a regular
expression between slashes (`/crm_[0-9]+\.csv/`). It may hold the date placeholders `{yyyy}`,
`{MM}`, `{dd}` and `{HH}`, which stand for the run's instant in the definition's zone. Expressions
are matched in linear time, whatever they are; so they know no look-around and no back-references.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from definitions.shown import shown

PLACEHOLDERS: Mapping[str, str] = {"yyyy": "%Y", "MM": "%m", "dd": "%d", "HH": "%H"}
_PLACEHOLDER = re.compile("|".join(re.escape(f"{{{name}}}") for name in PLACEHOLDERS))
_BRACED = re.compile(r"\{([^{}]*)\}")
_BRACED_WORD = re.compile(r"(?<!\\)(?<!\\[pPxuU])\{([A-Za-z_]\w*)\}")  # in an expression
_MEANT = re.compile(r"(y)+(ear)?|(m)+(onth)?|(d)+(ay)?|(h)+(our)?", re.IGNORECASE)
_DATED_STEP = re.compile(r"\\\{(" + "|".join(PLACEHOLDERS) + r")\\\}")  # in escaped text
_EXPRESSION = re.compile(r"/(.+)/", re.DOTALL)
_GLOB = re.compile(r"\*\*/|\*\*|\*|\?|[^*?]+")
_GLOB_PARTS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
_UP = ".."
_NOT_UP = "must not contain '..'; write the path from the root of the storage"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePattern:
    """Files in `folder` and at most `depth` levels below it (None: any) that an expression fits.

    Paths begin at the root of the storage, without a slash; the root itself is "". `exact` is the
    one path that is meant when it is written out in full. What `never` fits is not meant at all.
    The folder is `dated` if it is one of many that come with time: it may not be there yet.
    """

    folder: str
    depth: int | None
    expression: str
    exact: str | None = None
    never: str | None = None
    dated: bool = False

    @property
    def where(self) -> tuple[str, int | None, bool]:
        """Return what has to be listed: patterns that have it in common share a listing."""
        return self.folder, self.depth, self.dated

    def fit(self, paths: Sequence[str]) -> list[bool]:
        """Tell of each path whether it is meant."""
        import polars as pl  # noqa: PLC0415 - the column engine comes late, and not in every process

        names = pl.Series(paths, dtype=pl.String)
        fits = names.str.contains(self.expression)
        if self.never is not None:
            fits &= ~names.str.contains(self.never)
        return fits.to_list()


def path_problem(path: str) -> str | None:
    """Return why files cannot be named like that, or None."""
    found = _EXPRESSION.fullmatch(path)
    if found and not _leads_up(path):
        return _placeholder_problem(_BRACED_WORD, found[1]) or _expression_problem(found[1])
    if path and not _steps(path):
        return "names no file; write a name, a glob such as *.csv, or an expression between slashes"
    return folder_problem(path)


def folder_problem(folder: str) -> str | None:
    """Return why a folder cannot be named like that, or None."""
    if _leads_up(folder):
        return _NOT_UP
    return _placeholder_problem(_BRACED, folder)


def fixed_folder_problem(folder: str) -> str | None:
    """Return why a folder, in which no date is filled in, cannot be named like that, or None."""
    if _leads_up(folder):
        return _NOT_UP
    dated = _PLACEHOLDER.search(folder)
    if dated:
        return f"must not hold dates such as {dated[0]}; they are filled in for definitions only"
    return None


def pattern_of(parent: str | None, path: str, at: datetime, zone: ZoneInfo) -> FilePattern:
    """Return which files `path` below the folder `parent` means at that instant."""
    local = at.astimezone(zone)
    folder = "/".join(_steps(_dated(parent or "", local)))
    found = _EXPRESSION.fullmatch(path)
    if found:
        expression = _dated(found[1], local)
        levels = expression.count("/") + 1
        below = _below(folder, expression)
        return FilePattern(folder=folder, depth=levels, expression=below, dated=_has_date(parent))
    *fixed, last = _steps(_dated(path, local)) or [""]
    wild = next((n for n, step in enumerate(fixed) if _is_wild(step)), len(fixed))
    rest = "/".join([*fixed[wild:], last])
    inner = "/".join(step for step in (folder, *fixed[:wild]) if step)
    depth = None if "**" in rest else len(fixed) - wild + 1
    exact = None if _is_wild(rest) else "/".join(step for step in (inner, rest) if step)
    return FilePattern(
        folder=inner,
        depth=depth,
        expression=_below(inner, _translated(rest)),
        exact=exact,
        dated=_has_date(parent) or any(_has_date(step) for step in _steps(path)[:-1][:wild]),
    )


def dated_folder(parent: str | None, folder: str, at: datetime, zone: ZoneInfo) -> str:
    """Return a folder below `parent`, or below the root with a slash in front, at an instant."""
    local = at.astimezone(zone)
    return "/".join(_dated(step, local) for step in _from_root(parent, folder))


def folder_expression(parent: str | None, folder: str | None) -> str:
    """Return the expression of the same folder at any instant."""
    steps = _from_root(parent, folder or "")
    return "/".join(_DATED_STEP.sub(_digits, re.escape(step)) for step in steps)


def leads_into(parent: str | None, path: str, folder: str) -> bool:
    """Tell whether all that `path` means lies in a folder, by how both are written."""
    fixed = [] if _EXPRESSION.fullmatch(path) else _steps(path)[:-1]
    steps = _from_root(parent, folder)
    return [*_steps(parent or ""), *fixed][: len(steps)] == steps


def _from_root(parent: str | None, folder: str) -> list[str]:
    return _steps(folder if folder.startswith("/") else f"{parent or ''}/{folder}")


def _digits(found: re.Match[str]) -> str:
    return f"[0-9]{{{len(found[1])}}}"


def _leads_up(path: str) -> bool:
    return _UP in re.split(r"[/\\]", path)


def _expression_problem(expression: str) -> str | None:
    import polars as pl  # noqa: PLC0415 - as above
    from polars.exceptions import ComputeError  # noqa: PLC0415 - as above

    try:
        pl.Series([""]).str.contains(_whole(_PLACEHOLDER.sub("0", expression)))
    except ComputeError as exc:
        lines = [line for line in str(exc).splitlines() if line.startswith("error:")]
        reason = lines[0].removeprefix("error:").strip() if lines else "it cannot be read"
        return f"must hold a regular expression between its slashes ({reason})"
    return None


def _placeholder_problem(braced: re.Pattern[str], text: str) -> str | None:
    """Return what is wrong with the first placeholder that nobody knows."""
    for found in braced.finditer(text):
        if found[1] not in PLACEHOLDERS:
            return f"has the unknown placeholder {shown(found[0])}; {_hint(found[1])}"
    if braced is _BRACED and set(_BRACED.sub("", text)) & set("{}"):
        return f"has a brace that belongs to no placeholder, in {shown(text)}; {_hint('')}"
    return None


def _hint(name: str) -> str:
    """Return what to write instead of an unknown placeholder."""
    if "," in name:
        return "for one of several texts write a regular expression between slashes, /(a|b)/"
    known = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
    if _MEANT.fullmatch(name):
        meant = next(each for each in PLACEHOLDERS if each[0].lower() == name[0].lower())
        return f"did you mean {{{meant}}}? Known are {known}"
    return f"known are {known}"


def _steps(path: str) -> list[str]:
    return [step for step in path.split("/") if step not in {"", "."}]


def _dated(text: str, local: datetime) -> str:
    """Return the text with its placeholders filled in."""
    return _PLACEHOLDER.sub(lambda found: local.strftime(PLACEHOLDERS[found[0][1:-1]]), text)


def _has_date(text: str | None) -> bool:
    return _PLACEHOLDER.search(text or "") is not None


def _is_wild(step: str) -> bool:
    return "*" in step or "?" in step


def _translated(glob: str) -> str:
    parts = _GLOB.findall(glob)
    return "".join(_GLOB_PARTS.get(part) or re.escape(part) for part in parts)


def _below(folder: str, expression: str) -> str:
    inside = re.escape(f"{folder}/") if folder else ""
    return _whole(f"{inside}(?:{expression})")


def _whole(expression: str) -> str:
    return f"^(?:{expression})$"
