"""Pages of a list, as headers."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Request


def page_headers(request: Request, *, limit: int, offset: int, total: int) -> dict[str, str]:
    """Return the figures of a page and links to the pages before and after it."""
    headers = {"X-Total-Count": str(total), "X-Limit": str(limit), "X-Offset": str(offset)}
    links = []
    if offset + limit < total:
        links.append(_link(request, "next", limit, offset + limit))
    if offset > 0:
        links.append(_link(request, "prev", limit, max(0, offset - limit)))
    return {**headers, "Link": ", ".join(links)} if links else headers


def _link(request: Request, relation: str, limit: int, offset: int) -> str:
    """Return one link with the other parameters of the query kept."""
    kept = [(k, v) for k, v in request.args.items(multi=True) if k not in {"limit", "offset"}]
    query = urlencode([*kept, ("limit", limit), ("offset", offset)])
    return f'<{request.base_url}?{query}>; rel="{relation}"'
