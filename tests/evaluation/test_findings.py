"""A root finding carries its consequences; none is told twice and none is lost."""

from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.findings import findings
from engine.evaluation.results import CardVerdict
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Doubt, FindingKind, Verdict, Violation
from tests.conftest import judged


def violated(card: str, violation: Violation = Violation.DEFECTIVE) -> CardVerdict:
    return CardVerdict(card=card, verdict=Verdict.VIOLATED, violation=violation)


def chained(rulebook: Rulebook, **parents: tuple[str, ...]) -> Rulebook:
    meanings = []
    for meaning in rulebook.meanings:
        card = meaning.card.model_copy(update={"consequence_of": parents.get(meaning.card.id.replace("-", "_"), ())})
        meanings.append(type(meaning)(card, *(getattr(meaning, name) for name in meaning.__slots__[1:])))
    return type(rulebook)(**{**rulebook.__dict__, "meanings": tuple(meanings)})


def test_what_follows_from_a_consequence_is_told_under_the_root(permit: CompiledRulebook) -> None:
    rulebook = chained(permit.rulebook, PA_2=("PA-1",), PA_3=("PA-2",))
    verdicts = {name: violated(name) for name in ("PA-1", "PA-2", "PA-3")}
    (found,) = findings(verdicts, rulebook, changes={})
    assert found.card == "PA-1"
    assert [part.card for part in found.consequences] == ["PA-2", "PA-3"]


def test_a_consequence_whose_root_is_satisfied_stands_by_itself(permit: CompiledRulebook) -> None:
    rulebook = chained(permit.rulebook, PA_2=("PA-1",))
    satisfied = CardVerdict(card="PA-1", verdict=Verdict.SATISFIED)
    found = findings({"PA-1": satisfied, "PA-2": violated("PA-2")}, rulebook, changes={})
    assert [finding.card for finding in found] == ["PA-2"]


def test_a_doubt_of_the_rulebook_is_no_finding_of_the_unit(permit: CompiledRulebook) -> None:
    doubt = CardVerdict(card="PA-1", verdict=Verdict.UNDETERMINED, doubt=Doubt.COUNTING_METHOD_UNSET)
    assert findings({"PA-1": doubt}, permit.rulebook, changes={}) == ()


def test_flags_stand_before_questions(permit: CompiledRulebook) -> None:
    found = judged(permit, notice={"opened": "2024-03-01", "closed": "2024-03-08"})
    assert [finding.kind for finding in found.findings] == [FindingKind.FLAG, FindingKind.QUESTION]
