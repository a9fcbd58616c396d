from __future__ import annotations

import pytest

from definitions.errors import FormatError
from sources.footers import check_footer


def test_a_file_has_at_least_the_rows_of_its_footer() -> None:
    check_footer("f", 2, 2)
    check_footer("f", 0, 2)  # nothing but a header
    with pytest.raises(FormatError, match=r"'f' has 1 rows .* last 2 .* smaller 'footer_rows'"):
        check_footer("f", 1, 2)
