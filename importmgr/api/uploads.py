"""Reading a file that a request brings: as its body, or as the only file of a form."""

from __future__ import annotations

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from definitions.errors import RequestError, TooLargeError
from importmgr.api.body import read_bytes

FORM = "multipart/form-data"


def read_upload(request: Request, most: int) -> bytes:
    """Return the content of the file.

    Raise `TooLargeError` if it is larger than `most` bytes, `RequestError` for a form that does not
    hold exactly one file.
    """
    request.max_content_length = most
    if request.mimetype != FORM:
        return read_bytes(request)
    try:
        files = list(request.files.values())
    except RequestEntityTooLarge:
        msg = f"the form is larger than {most} bytes"
        raise TooLargeError(msg) from None
    if len(files) != 1:
        msg = f"the form holds {len(files)} files; send exactly one"
        raise RequestError(msg)
    content: bytes = files[0].read()
    return content
