"""A Parquet file with intervals, which polars cannot write; DuckDB did.

Its columns are `id`, `age` (an interval), `name`, `part` (a structure of a number and an interval)
and `ids` (a list of numbers); the second row has nothing but an `id` and a `name`.
"""

from __future__ import annotations

import zlib
from base64 import b64decode

_PACKED = (
    "eNp1k89rE0EUx99MJmkoaTXgG2Yhh7SSZZUau6WpEXpoNIiBHlrx0FvZdMe6uNmUJA2Jp4KCvehB/wMPnkS86E3w5FH8"
    "I7wqnrwJvpmlmMYW9tfM+3zf+7437Fbjno+AF3FxCQV95DAH4H24/qecbwAwAOB0U6CNG9OE/wlgtEDhBrMUWPp2dkPc"
    "Ie4SutOC2e005cg8xhR6yXB1Gmo9B9hpmKwcsmAEr46KRLw+g92eYI9+rhH7hF8m4jvDzSXiJtneD4DjhZRtXDjpTADM"
    "fHt2/3PzfRa587YGai483HsUtnf7ew91J8BZQF4BxaOwsgg4jwq5ygT7unIVsEABkQQdXQGocSUOgt4AhRFwxZJ/fFYP"
    "dW9MCoIyUdhHTq5qQok46g+Qp4IZHeuOTgYkk8IpObELJbKE4JjiWJBCrsimm19XwhhXwrQgwZtYFYvglNCcltkz+nmr"
    "N35tgqdMtt3N1mmmYBnbh4XW5F33HVtXbKzYiArY9/+prTXP9swSK/zI5I77m5Qiay2Zp+TexOocg2mWdEo20xeT6Stv"
    "nVGxbgZoB3cyMFLk5DGXB+6bzOnh8POHI3/lpHDz8oWgXVVKz7waJQPdGwbxbjvudju7D6KY1mou6fY6QRw91uG1oQ/K"
    "axLdvFUmu/2om5SHK9Xlql/22odRHJbr4Y2676/qm8tXnLgEMHXBPpXfor/uL5pRjT8="
)
FILE = zlib.decompress(b64decode(_PACKED))
