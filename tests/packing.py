"""Every way of packing a file, for tests."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sys
import zipfile
from collections.abc import Callable, Mapping

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def zstd_stream(data: bytes, *, window: int = 0, checksum: bool = True, end: bool = True) -> bytes:
    """Return data as zstd; `window` is a power of two, 0 for what is usual."""
    options = {
        int(zstd.CompressionParameter.checksum_flag): int(checksum),
        int(zstd.CompressionParameter.window_log): window,
    }
    compressor = zstd.ZstdCompressor(options=options)
    return compressor.compress(data, 2 if end else 1)  # the end of a frame, or of a block


def zipped(data: bytes) -> bytes:
    """Return a zip archive with one file, `data.csv`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.csv", data)
    return out.getvalue()


STREAMS: Mapping[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstd_stream,
}
PACK: Mapping[str, Callable[[bytes], bytes]] = {**STREAMS, "zip": zipped}
