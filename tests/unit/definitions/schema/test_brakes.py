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


def test_names_that_are_not_known_are_refused_at_every_depth_with_the_nearest_ones() -> None:
    given = {"empty_fil": "pause", "max_rejected": {"rowz": 5}, "row_count": {"most": 0, "no": 1}}

    with pytest.raises(ValidationError) as caught:
        BrakesSchema().load(given)

    assert caught.value.messages == {
        "empty_fil": ["'empty_fil' is no option here; did you mean 'empty_file'?"],
        "max_rejected": {"rowz": ["'rowz' is no option here; did you mean 'rows'?"]},
        "row_count": {
            "most": ["must be from 1 to 1000000, not 0"],
            "no": ["'no' is no option here; known are action, after, least, most, runs"],
        },
    }
