"""Minimum periods and deadlines on the timeline of a record: of the cards that apply, in days and in working days."""

from datetime import date

from api.web.terms import terms
from engine.evaluation.compile import Outcome
from engine.evaluation.compiled import CompiledRulebook
from tests.conftest import KNOWN_AT, build

DAY = date(2024, 6, 30)


def test_a_minimum_period_lasts_from_its_beginning_for_so_many_days(permit: CompiledRulebook) -> None:
    record = build(permit, notice={"opened": "2024-03-01", "closed": "2024-03-20"})
    (found,) = terms(record, permit, {"PA-1": Outcome.SATISFIED}, as_of=DAY, known_at=KNOWN_AT)
    assert (found.first, found.last, found.is_deadline) == (date(2024, 3, 1), date(2024, 3, 11), False)


def test_a_deadline_in_working_days_leaves_weekends_and_holidays_out(permit: CompiledRulebook) -> None:
    record = build(permit, application={"received": "2024-04-01"})
    (found,) = terms(record, permit, {"PA-3": Outcome.PENDING}, as_of=DAY, known_at=KNOWN_AT)
    # The 4th to the 6th of April are days off, the 7th and the 28th are worked, which makes nineteen by then.
    assert (found.first, found.last, found.is_deadline) == (date(2024, 4, 1), date(2024, 4, 29), True)


def test_a_card_that_does_not_apply_and_a_day_that_is_not_known_give_nothing(permit: CompiledRulebook) -> None:
    record = build(permit, notice={"opened": "2024-03"})
    given: tuple[dict[str, Outcome], ...] = ({"PA-1": Outcome.NOT_APPLICABLE}, {"PA-1": Outcome.UNDETERMINED}, {})
    assert all(not list(terms(record, permit, one, as_of=DAY, known_at=KNOWN_AT)) for one in given)
