"""Every card compiles to formulas of which exactly one holds; the rules made of them say the same."""

from engine.evaluation.compile import Outcome, known
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.dnf import proves_equal
from engine.evaluation.formula import conjunction, disjunction, negation
from engine.observables import terms as t
from engine.vocabulary import Doubt, Owner, Verdict


def test_the_outcomes_of_every_card_are_proved_a_partition(national: CompiledRulebook) -> None:
    assert len(national.cards) >= 10
    for card in national.cards:
        card.prove()


def test_the_single_conjunctions_of_every_card_say_what_its_formulas_say(national: CompiledRulebook) -> None:
    for card, rules in zip(national.cards, national.live_rules, strict=True):
        for outcome in Outcome:
            rebuilt = disjunction(*(conjunction(*term.tests()) for term in rules.outcomes[str(outcome)]))
            proves_equal(card.outcomes[outcome], rebuilt, intervals=card.intervals, domains=card.domains)


def test_a_condition_and_its_opposite_are_unknown_together() -> None:
    condition = t.Some((t.Taken("a"), t.NumberTest(t.Rounds("b"), ">=", 2)))
    one, other = known(condition), known(t.Not(condition))
    assert (one.true, one.false) == (other.false, other.true)
    proves_equal(one.unknown, negation(disjunction(one.true, one.false)), intervals=(), domains={})


def test_every_outcome_names_its_verdict() -> None:
    assert {outcome.verdict for outcome in Outcome} == set(Verdict)
    assert Outcome.BY_EXCEPTION.verdict == Verdict.SATISFIED


def test_every_doubt_belongs_to_somebody() -> None:
    assert {doubt.owner.value for doubt in Doubt} == {"record", "rulebook"}
    # Tables tell whose a doubt is by the order of the codes.
    owners = [doubt.owner for doubt in Doubt]
    assert owners == sorted(owners, key=lambda owner: owner == Owner.RECORD)
