"""How the runs of a document are retried; members that are null count as absent and are kept."""

from __future__ import annotations

from definitions.schema.fields import Number, StrictSchema, Whole
from definitions.schema.rules import between

MOST_ATTEMPTS = 100
_DAY = 86_400


class RetrySchema(StrictSchema):
    """What happens after failures that may pass; what is not given is as the installation says."""

    max_attempts = Whole(
        allow_none=True,
        validate=between(1, MOST_ATTEMPTS),
        metadata={
            "description": "Failures in a row, without a batch in between, after which the run is "
            "given up.",
            "example": 8,
        },
    )
    first_delay = Number(
        allow_none=True,
        validate=between(0, _DAY),
        metadata={
            "description": "Seconds after the first one, doubled with each further one in a row; a "
            "random part of its half is taken off.",
            "example": 30,
        },
    )
    max_delay = Number(
        allow_none=True,
        validate=between(0, _DAY),
        metadata={"description": "The longest delay in seconds.", "example": 3600},
    )
