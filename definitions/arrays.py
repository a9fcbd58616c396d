"""The kinds of arrays that whole columns and buffers are worked on with."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Bytes: TypeAlias = npt.NDArray[np.uint8]
Mask: TypeAlias = npt.NDArray[np.bool_]  # of each item, whether something is so
Numbers: TypeAlias = npt.NDArray[np.int64]
