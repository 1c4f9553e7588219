"""The one door through which features ask the engine, with the real rulebook."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path

from engine.duties.kinds import Deadline
from engine.evaluation.assess import assess as assess_record
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.results import Assessment
from engine.evaluation.words import message
from engine.record import DecisionRecord
from engine.rulebook.reading import load_rulebook
from engine.rulebook.rulebook import Rulebook

RULES = Path(__file__).resolve().parents[2] / "rules"
PROCEDURE = "major_decision"
END_OF_DAY = time(15, 59, 59, tzinfo=UTC)  # in Asia/Shanghai


@lru_cache(maxsize=1)
def rulebook() -> Rulebook:
    """Read the rulebook, once for all features."""
    return load_rulebook(RULES)


@lru_cache
def rules(procedure: str = PROCEDURE) -> CompiledRulebook:
    """Return the rulebook made ready for a procedure, once for all features."""
    return CompiledRulebook(rulebook(), procedure)


def assess(record: DecisionRecord, *, as_of: date) -> Assessment:
    """Judge a record as of a day, by what was known at its end."""
    return assess_record(record, rules(record.procedure), as_of=as_of, known_at=datetime.combine(as_of, END_OF_DAY))


def sentence(assessment: Assessment, card: str) -> str:
    """Say in Chinese what was found for a card."""
    found = rulebook().card(card)
    assert found is not None, card
    return message(assessment.verdict(card), at_most=isinstance(found.duty, Deadline)).zh
