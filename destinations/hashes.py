"""The hash of a write: kept with what it left, it says that writing the same again changes nothing.

It is one of the column engine, of 64 bits, of which the last eight say by which algorithm: should
a newer engine hash in another way, or texts be written in another one, hashes of the older one
equal none of its own, and are replaced as records are looked at. That two writes to one record
differ and have the same hash happens once in 10^16.
"""

from __future__ import annotations

import polars as pl

from destinations.bulk import ALGORITHM_BITS


def write_hash(*columns: str) -> pl.Expr:
    """Return the hash of a write that consists of these columns, nulls among them."""
    texts = pl.concat_str(
        *(pl.col(name).cast(pl.String).fill_null("\0") for name in columns), separator="\0"
    )
    bits = texts.hash().reinterpret(signed=True)
    return (bits & ~ALGORITHM_BITS) | _algorithm()


def _algorithm() -> int:
    """Return the last bits of every hash that this engine makes of properties in their order."""
    return int(pl.Series(["importmgr 2"]).hash().item()) & ALGORITHM_BITS
