"""From verdicts to findings: what somebody has to look at, each root with its consequences under it."""

from collections.abc import Mapping

from engine.cards.card import Card
from engine.duties.kinds import Deadline
from engine.evaluation.results import CardVerdict, Consequence, Finding
from engine.evaluation.words import article, change, message, question
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import FindingKind, Owner, Verdict, Violation, Weight


def findings(
    verdicts: Mapping[str, CardVerdict],
    rulebook: Rulebook,
    *,
    changes: Mapping[str, int],
) -> tuple[Finding, ...]:
    """Return the findings in the order of weight, then of cards.

    `changes`: by card, the days by which a planned end would have to move to satisfy it.
    """
    cards = [(card, verdicts[card.id]) for card in rulebook.cards if card.id in verdicts]
    told = {card.id: (card, kind) for card, verdict in cards if (kind := kind_of(card, verdict))}
    roots = {name: _roots(card, told) for name, (card, _) in told.items()}
    found = [
        _finding(card, verdicts[card.id], kind, rulebook, changes, _consequences(card, verdicts, cards, roots))
        for card, kind in told.values()
        if not roots[card.id]
    ]
    return tuple(sorted(found, key=lambda finding: list(FindingKind).index(finding.kind)))


def kind_of(card: Card, verdict: CardVerdict) -> FindingKind | None:
    """Tell which kind of finding a verdict makes, None for none.

    A doubt about a notice is a notice too: it asks nothing of anybody. A doubt of the rulebook's is nobody's question
    in a unit's list: it is told once per card to the legal office.
    """
    if verdict.verdict == Verdict.VIOLATED:
        return FindingKind.FLAG if card.weight == Weight.BREACH else FindingKind.NOTICE
    if verdict.verdict == Verdict.UNDETERMINED and verdict.owner == Owner.RECORD:
        return FindingKind.QUESTION if card.weight == Weight.BREACH else FindingKind.NOTICE
    return None


Told = Mapping[str, tuple[Card, FindingKind]]


def _roots(card: Card, told: Told) -> frozenset[str]:
    """Return what a finding follows from, and what follows from nothing itself, however many lie between.

    A flag explains whatever follows from it; a question or a notice explains none but questions and notices.
    """
    own = told[card.id][1] if card.id in told else FindingKind.QUESTION
    found: set[str] = set()
    for name in card.consequence_of:
        if name in told and (told[name][1] == FindingKind.FLAG or own != FindingKind.FLAG):
            found |= _roots(told[name][0], told) or {name}
    return frozenset(found)


def _consequences(
    root: Card,
    verdicts: Mapping[str, CardVerdict],
    cards: list[tuple[Card, CardVerdict]],
    roots: Mapping[str, frozenset[str]],
) -> tuple[Consequence, ...]:
    names = {name for name, found in roots.items() if root.id in found}
    if verdicts[root.id].violation == Violation.MISSING:
        names |= {card.id for card, other in cards if card.presupposes == root.step and _was_not_taken(other)}
    if not names:
        return ()
    following = ((card, other) for card, other in cards if card.id in names)
    return tuple(Consequence(card=card.id, title=card.title, verdict=other.verdict) for card, other in following)


def _was_not_taken(verdict: CardVerdict) -> bool:
    if verdict.verdict != Verdict.NOT_APPLICABLE:
        return False
    answers = {observed.term: observed.answer for observed in verdict.observed}
    return any(term.endswith(".taken") and answer == "false" for term, answer in answers.items())


def _finding(
    card: Card,
    verdict: CardVerdict,
    kind: FindingKind,
    rulebook: Rulebook,
    changes: Mapping[str, int],
    consequences: tuple[Consequence, ...],
) -> Finding:
    violated = verdict.verdict == Verdict.VIOLATED
    return Finding(
        kind=kind,
        card=card.id,
        title=card.title,
        step=card.step,
        verdict=verdict,
        message=message(verdict, at_most=isinstance(card.duty, Deadline)),
        article=article(card, rulebook.instruments[card.source.instrument]),
        modality=card.modality,
        remedy=card.remedy if violated else question(verdict),
        change=change(changes[card.id]) if violated and card.id in changes else None,
        gate=card.bars,
        consequences=consequences,
    )
