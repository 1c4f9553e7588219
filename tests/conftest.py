"""What many tests share: the rulebook that comes with the program, and a permit made of YAML alone."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from engine.evaluation.assess import assess
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.results import Assessment
from engine.record import DecisionRecord, record_type
from engine.rulebook.reading import load_rulebook
from engine.rulebook.rulebook import Rulebook
from tests.permit import write_permit_rules

ROOT = Path(__file__).resolve().parents[1]
KNOWN_AT = datetime(2026, 6, 30, tzinfo=UTC)

Judge = Callable[..., Assessment]


def pytest_bdd_apply_tag(tag: str, function: object) -> bool:
    """Take the tags of features (ids of cards) for what they are: no pytest markers."""
    del tag, function
    return True


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return load_rulebook(ROOT / "rules")


@pytest.fixture(scope="session")
def national(rulebook: Rulebook) -> CompiledRulebook:
    return CompiledRulebook(rulebook, "major_decision")


@pytest.fixture(scope="session")
def permit_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_permit_rules(tmp_path_factory.mktemp("permit"), ROOT / "rules" / "holidays")


@pytest.fixture(scope="session")
def permit(permit_folder: Path) -> CompiledRulebook:
    return CompiledRulebook(load_rulebook(permit_folder), "permit")


def build(rules: CompiledRulebook, **fields: object) -> DecisionRecord:
    """Build a record of a procedure; keys that are steps hold one round or several."""
    steps = {name: fields.pop(name) for name in list(fields) if name in rules.procedure.steps}
    rounds = {name: value if isinstance(value, list) else [value] for name, value in steps.items()}
    usual = {
        "id": "a-matter",
        "title": "a matter (made up)",
        "procedure": rules.procedure.id,
        "jurisdiction": "CN",
        "organ": "an organ (made up)",
        "organ_level": "county",
    }
    return record_type(rules.procedure).model_validate({**usual, **fields, "steps": rounds})


def judged(rules: CompiledRulebook, *, as_of: str = "2026-06-30", **fields: object) -> Assessment:
    """Judge a record by the live evaluator, after the sweep evaluator has said the same."""
    record = build(rules, **fields)
    day = date.fromisoformat(as_of)
    live = assess(record, rules, as_of=day, known_at=KNOWN_AT)
    sweep = assess(record, rules, as_of=day, known_at=KNOWN_AT, decided_by="sweep")
    assert live.verdicts == sweep.verdicts
    return live
