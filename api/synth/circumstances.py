"""What a matter is: where it is decided, what it touches, how it goes and when. Draws no step.

Days leave a margin to every period that some card demands, so that a matter that keeps to them is lawful.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import numpy as np

from api.synth.draws import Bools, Draws, Ints
from api.synth.places import lies_within, numbers_of, places_of, units_of
from engine.calendar.moment import LOCAL, epoch_day
from engine.procedure import Procedure
from engine.vocabulary import MatterClass, OrganLevel, OutcomeKind

AS_OF: Final = date(2025, 12, 31)
"""The day for which the truth is stated."""
KNOWN_AT: Final = datetime(2026, 1, 31, tzinfo=LOCAL)
FIRST_DAY: Final = date(2020, 1, 1)
LAST_DAY: Final = date(2025, 10, 31)
"""Matters begin between these."""

OPENING, DRAFTING, PARTICIPATION, REVIEWS, DECISION, AFTERMATH = range(6)
"""The chapters of a matter; one that ends early has none beyond its last."""

LIKELY: Final = {
    "technical": 0.28,
    "risk_possible": 0.38,
    "market_activity": 0.3,
    "specific_group": 0.2,
    "exploratory_reform": 0.03,
    "congress_decides": 0.02,
    "congress_report": 0.03,
    "widely_watched": 0.1,
    "normative_document": 0.4,
    "units_concerned": 0.5,
    "many_affected": 0.3,
    "urgent_decision": 0.03,
    "evaluation_required": 0.15,
    "major_effect_on_rights": 0.3,
}
"""How often a determination says yes."""
HEARD: Final = {"statutory_hearing": 0.05, "direct_interest": 0.08, "divergence": 0.04}
"""The same for those that speak for a hearing."""
CLASSES: Final = {"public_policy": 0.35, "plan": 0.25, "resource_policy": 0.1, "construction": 0.25, "other": 0.05}
ENDINGS: Final = {"rejected": 0.3, "deferred": 0.2, "withdrawn": 0.25, "merged": 0.1, "terminated": 0.15}
OUTCOMES: Final = list(OutcomeKind)
LEVELS: Final = list(OrganLevel)


@dataclass(frozen=True)
class Days:
    """Milestones as epoch days, one entry per record; each leaves room for what lies before it."""

    start: Ints
    drafted: Ints
    comment: Ints
    closed: Ints
    adopted: Ints
    initial: Ints
    review: Ints
    effective: Ints
    submitted: Ints
    meeting: Ints
    decided: Ints
    issued: Ints
    published: Ints
    executed: Ints


@dataclass(frozen=True)
class Circumstances:
    """What is so of each record. `says`: its determinations; `last`: its last chapter; `finished`: it was decided."""

    draws: Draws
    names: Sequence[str]
    place: Ints
    level: Ints
    kind: Ints
    lead_unit: Ints
    statute: Ints
    excluded: Bools
    issued: Bools
    says: dict[str, Bools]
    heard: Bools
    hearing: Bools
    commented: Bools
    second_comment: Bools
    reviewed_before: Bools
    changes_asked: Bools
    deferred_once: Bools
    outcome: Ints
    finished: Bools
    stalled: Bools
    last: Ints
    days: Days

    def within(self, place: str) -> Bools:
        """Tell which records lie within a jurisdiction."""
        return lies_within(self.place, self.names, place)

    def of_level(self, *levels: OrganLevel) -> Bools:
        """Tell which records are of some levels."""
        return np.isin(self.level, [LEVELS.index(level) for level in levels])

    @property
    def bound(self) -> Bools:
        """Tell which records are those of a government at county level or above."""
        return self.of_level(OrganLevel.PROVINCE, OrganLevel.CITY, OrganLevel.COUNTY)


def circumstances(draws: Draws, procedure: Procedure, names: tuple[str, ...]) -> Circumstances:
    """Draw what the records of a part are."""
    place, level = places_of(draws, names)
    units = numbers_of(units_of(names)).reshape(len(names), -1)
    lead = units[place, draws.between(0, units.shape[1] - 1)]
    statutes = list(procedure.special_statutes)
    statute = np.where(draws.chance(0.06), draws.between(0, len(statutes) - 1), -1)
    says = {name: draws.chance(likelihood) for name, likelihood in LIKELY.items()}
    secret = draws.chance(0.03) & (statute < 0)
    says |= {name: draws.chance(likelihood) & ~secret for name, likelihood in HEARD.items()}
    says["not_public"] = secret
    says["normative_document"] &= ~secret
    hearing = says["statutory_hearing"] | says["direct_interest"] | says["divergence"] | draws.chance(0.03)
    hearing |= statute == statutes.index("price-hearing-measures")
    commented = ~secret & (draws.chance(0.9) | says["normative_document"] | (statute >= 0))
    excluded = draws.chance(0.03)
    ended = draws.chance(0.18)
    kind = draws.choice(ENDINGS, OUTCOMES)
    stalled = draws.chance(0.14) & ~ended
    refused = ended & np.isin(kind, [OUTCOMES.index(OutcomeKind.REJECTED), OUTCOMES.index(OutcomeKind.DEFERRED)])
    last = np.where(ended | stalled | excluded, draws.between(OPENING, REVIEWS), AFTERMATH)
    reviewed_before, deferred_once = draws.chance(0.04), draws.chance(0.03)
    second = commented & draws.chance(0.07)
    return Circumstances(
        draws=draws,
        names=names,
        place=place,
        level=level,
        kind=draws.choice(CLASSES, list(MatterClass)),
        lead_unit=lead,
        statute=statute,
        excluded=excluded,
        issued=draws.chance(0.5) | (statute == statutes.index("land-administration-regulation")),
        says=says,
        heard=~secret,
        hearing=hearing & ~secret,
        commented=commented,
        second_comment=second,
        reviewed_before=reviewed_before,
        changes_asked=draws.chance(0.35),
        deferred_once=deferred_once,
        outcome=np.where(ended, kind, np.where(stalled, -1, OUTCOMES.index(OutcomeKind.DECIDED))),
        finished=~ended & ~stalled,
        stalled=stalled,
        last=np.where(refused, DECISION, last),
        days=_days(draws, second=second, reviewed_before=reviewed_before, deferred_once=deferred_once),
    )


def _days(draws: Draws, *, second: Bools, reviewed_before: Bools, deferred_once: Bools) -> Days:
    start = draws.between(epoch_day(FIRST_DAY), epoch_day(LAST_DAY))
    drafted = start + draws.between(15, 35)
    comment = drafted + draws.between(20, 30)
    closed = comment + draws.between(33, 42) + np.where(second, 42, 0)
    adopted = closed + draws.between(2, 8)
    initial = adopted + draws.between(6, 8)
    review = initial + draws.between(5, 8)
    effective = review + np.where(reviewed_before, 15, 0)
    submitted = effective + draws.between(14, 17)
    meeting = effective + draws.between(28, 45)
    decided = meeting + np.where(deferred_once, draws.between(15, 25), 0)
    issued = decided + draws.between(5, 20)
    published = issued + draws.between(1, 8)
    return Days(
        start=start,
        drafted=drafted,
        comment=comment,
        closed=closed,
        adopted=adopted,
        initial=initial,
        review=review,
        effective=effective,
        submitted=submitted,
        meeting=meeting,
        decided=decided,
        issued=issued,
        published=published,
        executed=published + draws.between(3, 20),
    )
