"""How records end: their outcome, what is entered when, and what of them lies after the day for which they are told."""

import numpy as np

from api.synth.circumstances import AS_OF, DECISION, DRAFTING, OPENING, PARTICIPATION, REVIEWS, Circumstances
from api.synth.draws import NULL, Bools, Draws, Ints
from api.synth.matters import EVENTS, LATER, Matters, Rounds
from engine.calendar.moment import MINUTES_PER_DAY, epoch_day
from engine.observables.layout import PLANNED

SECONDS_PER_DAY = 86_400
MORNING = 2 * 3600
"""Things are entered from ten in the morning on, local time."""


WHOLE = {"issue": "issued", "legality_review": "file_complete", "post_decision_evaluation": "followed_up"}
"""Rounds that are on record only from a moment on."""


def records(matters: Matters, about: Circumstances) -> None:
    """Fill in what the records say of themselves."""
    draws = about.draws
    matters.records |= {
        "jurisdiction": about.place,
        "organ_level": about.level,
        "matter_class": np.where(draws.chance(0.1), NULL, about.kind),
        "lead_unit": about.lead_unit,
        "excluded": np.where(about.excluded, 1, NULL),
        "excluded.hi": np.where(about.excluded, about.days.start * MINUTES_PER_DAY + MINUTES_PER_DAY - 1, NULL),
        "special_statutes": np.where(about.statute >= 0, 1 << np.maximum(about.statute, 0), NULL),
    }
    day = about.days.start + draws.between(0, 9)
    matters.determine(about.says, day=day, entered=entered(day, draws))
    ended = about.outcome >= 0
    decided = _day_of_ending(about)
    seen = ended & (decided < epoch_day(AS_OF))
    matters.records |= {
        "outcome": np.where(seen, about.outcome, NULL),
        "outcome.lo": np.where(seen, decided * MINUTES_PER_DAY, NULL),
        "outcome.hi": np.where(seen, decided * MINUTES_PER_DAY + MINUTES_PER_DAY - 1, NULL),
        "outcome.entered": np.where(seen, entered(decided, draws), NULL),
        "outcome.reasoned": np.where(seen, 1, NULL),
    }


def _day_of_ending(about: Circumstances) -> Ints:
    """Return the day of the outcome: that of the meeting, or a day in the quiet after the last chapter."""
    days = about.days
    ends = np.select(
        [about.last == OPENING, about.last == DRAFTING, about.last == PARTICIPATION, about.last == REVIEWS],
        [days.drafted + 1, days.drafted + 19, days.adopted + 5, days.effective + 13],
        days.decided,
    )
    return np.where(about.last >= DECISION, days.decided, ends)


def entered(day: Ints, draws: Draws) -> Ints:
    """Enter things within ten days, as UTC seconds."""
    return (day + draws.between(0, 9)) * SECONDS_PER_DAY + MORNING + draws.between(0, 4 * 3600)


TIMED = {
    "public_comment": "opened",
    "hearing": "held",
    "legality_review": "received",
    "collective_deliberation": "held",
    "publication": "published",
}
"""Moments of which some records name the time of day."""
MINUTED = {"collective_deliberation": "minutes", "hearing": "report", "public_comment": "opinions"}
"""Documents that some records have only some days after the round began."""


def details(matters: Matters, about: Circumstances) -> None:
    """Let some records name times of day, and have some documents later than the round that they are about."""
    draws = about.draws
    for step, moment in TIMED.items():
        rounds, where = matters.rounds[step], draws.chance(0.15)
        minute = rounds.day(moment) * MINUTES_PER_DAY + draws.between(OPENS, CLOSES)[:, np.newaxis]
        for end in ("lo", "hi"):
            rounds.say(f"{moment}.{end}", minute, where=where)
    for step, document in MINUTED.items():
        rounds, where = matters.rounds[step], draws.chance(0.1)
        day = rounds.day(rounds.step.starts) + draws.between(1, 9)[:, np.newaxis]
        rounds.lack("documents", [document], where=where)
        rounds.say(f"{LATER}.bits", rounds.bits("documents", [document]), where=where)
        rounds.on(LATER, day, where=where)


OPENS, CLOSES = 9 * 60, 17 * 60
"""Office hours, in minutes of the day."""


def cut(matters: Matters, about: Circumstances) -> None:
    """Take away what lies after the day for which the records are told; some of it is planned."""
    for name, rounds in matters.rounds.items():
        if name in WHOLE:
            to_come = rounds.column(f"{WHOLE[name]}.lo") >= epoch_day(AS_OF) * MINUTES_PER_DAY
            rounds.there = rounds.there & ~to_come
        _cut_rounds(rounds)
        _plan_and_enter(rounds, about)


def _cut_rounds(rounds: Rounds) -> None:
    end = epoch_day(AS_OF) * MINUTES_PER_DAY
    for name in rounds.actual:
        to_come = rounds.column(f"{name}.lo") >= end
        if not to_come.any():
            continue
        if name in {rounds.step.completes, rounds.step.starts}:
            for edge in ("lo", "hi"):
                rounds.say(f"{name}{PLANNED}.{edge}", rounds.column(f"{name}.{edge}"), where=to_come)
        rounds.undate(name, where=to_come)
    rounds.there = rounds.there & begun(rounds)
    if f"{EVENTS[-1]}.lo" in rounds.columns:
        # What was returned, or asked to be supplemented, has come back by then.
        rounds.there = rounds.there & (rounds.column(f"{EVENTS[-1]}.lo") < end)


def begun(rounds: Rounds) -> Bools:
    """Tell which rounds have some actual moment."""
    found: Bools = np.logical_or.reduce([rounds.column(f"{name}.lo") != NULL for name in rounds.actual])
    return found


def _plan_and_enter(rounds: Rounds, about: Circumstances) -> None:
    completes = rounds.step.completes
    last = np.maximum.reduce([rounds.day(name) for name in rounds.actual])
    done = np.where(rounds.column(f"{completes}.lo") == NULL, last, rounds.day(completes))
    rounds.say("entered", entered_of(done, about.draws))


def entered_of(day: Ints, draws: Draws) -> Ints:
    """Enter rounds within ten days after they were completed."""
    size = day.shape
    days = draws.generator.integers(0, 9, size, endpoint=True)
    return (day + days) * SECONDS_PER_DAY + MORNING + draws.generator.integers(0, 4 * 3600, size)
