from __future__ import annotations

import pytest
from marshmallow import ValidationError

from definitions.brakes import BrakeAction
from definitions.schema.brakes import BrakesSchema


@pytest.mark.parametrize("action", BrakeAction)
def test_every_action_can_be_asked_of_every_brake(action: BrakeAction) -> None:
    plain = dict.fromkeys(("empty_file", "missing_column", "new_columns"), action.value)
    given = {**plain, **{name: {"action": action.value} for name in ("max_rejected", "row_count")}}

    assert BrakesSchema().load(given) == given


def test_an_action_that_is_none_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ValidationError) as caught:
        BrakesSchema().load({"empty_file": "paus"})

    assert "did you mean 'pause'?" in str(caught.value)
