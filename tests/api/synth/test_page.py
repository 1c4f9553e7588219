"""The table of plants in the documentation is the one that the truth is made from."""

from api.synth.page import PAGE, with_table
from tests.conftest import ROOT


def test_the_page_lists_the_plants_as_they_are() -> None:
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    assert with_table(page) == page, "run: python -m api.synth.page"
