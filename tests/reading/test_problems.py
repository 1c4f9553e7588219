"""What pydantic finds is told as problems, whatever is known of the lines."""

import pytest
from pydantic import ValidationError

from engine.reading.problems import problems_of
from engine.record.catalogue import Catalogue


@pytest.mark.parametrize("name", ["", "\x7f", "unknown"])
def test_an_unknown_field_is_named_though_no_line_is_known_of_it(name: str) -> None:
    with pytest.raises(ValidationError) as error:
        Catalogue.model_validate({name: 1})
    first = problems_of(error.value, file="f", lines={(): 1})[0]
    assert (first.code, first.given, first.line) == ("unknown_field", repr(name), 1)
