"""A Parquet file with UUIDs, which polars cannot write; DuckDB did.

The columns `id` (a UUID), `photo` (bytes), `part` (a structure of a UUID `of` and a number `n`),
`ids` (a list of UUIDs) and `named` (a map from a UUID to bytes) have one value each, then none.
"""

from __future__ import annotations

import zlib
from base64 import b64decode

UUID = "550e8400-e29b-41d4-a716-446655440000"
_PACKED = (
    "eNq1VTtv01AUPvfmJn1QonY41rWUwSD1ykhV1aBGpFKWoPyACqldK6e+Vd06TtU8FKSOnVAn1AkWtkodOiJ+AUJi"
    "YWDMxMzID+Dca0INKVAgsT6/rr9zzncetjfrT8oIeIAHKyjoooAFgHsAUGfw+22reAqfXtY/XjiNva0GABlv4/bf"
    "euG0B00yuWSEjHXdWHP4v+0Gjc8ZYdJxTJbk8AsjrJDfbAX+5NsKuDP5RF8zQiZRo0NMrayvGOHmaLkJFHeA3B1W"
    "QN4Ne7uHYXOns7uvWwHOAxbRQy55FMafTRMWlrnMH+23u22ocCmOguMuiu+s9l7K4sRiyfJ9w8lFYQc5aa4IKeKo"
    "00U+4s/oWLd00rVGRM0nQUuHROaGPHeon+70g7inRxFA5mgtI8Q+BUe4JfdEQQmLLoJrxCItOmeMoGZrcvHngo6v"
    "ONy/BWtpCdwSmn6Y+puICzZiWhEbdOAM1DmrSR40zU5+v12N21q1vq0hVc5af2AEdcanqplfx2WJDfuGEdQwV5PC"
    "TEN6JPeZu1/Ir5r22raOmkkOC84LTlDn+dvlIf4tj1RAOjTXw2JGxCY1ZAR1NTP9/o9pSAfTqnjLCOrZXE2yAYHi"
    "2POPnpx3845Qs3QC32/QK9h47PX1cSdqJ17/4eraatnzm70oDr1q+KhaLq/rjbUH7kkJYBzwnj4Im/Tb+QpBFf5y"
)
FILE = zlib.decompress(b64decode(_PACKED))
