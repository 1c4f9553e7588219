"""A plan as a value. Decides nothing."""

from datetime import date

from engine.vocabulary import Frozen, GateState


class PlannedMoment(Frozen):
    """The latest lawful day of a moment, given those after it. `bound_by`: the cards that would be broken a day later.

    `round`: the place of the round among those of its step that are not void, from 0; a new one comes after them.
    `in_time`: whether the day is not before today.
    """

    step: str
    round: int
    attribute: str
    day: date
    bound_by: tuple[str, ...]
    in_time: bool


class AssumedFact(Frozen):
    """What a round that is still to come has to say, so that the plan is lawful: as a record says it."""

    step: str
    round: int
    attribute: str
    value: bool | int | str | tuple[str, ...]


class Plan(Frozen):
    """The latest lawful days of what is left to do before a meeting, the earliest first. All days are calendar days.

    `state`: whether the matter may go to the meeting by this plan. Shut: a moment would lie before today, no day keeps
    a card, or what bars the discussion is violated whatever the days. Cannot tell: what bars it is undetermined, or
    days that are planned leave a duty in doubt, such as those of a year whose holidays are not known; or the meeting
    is on record in a form that passes no gate. `conflicts`: cards that the plan does not keep, or by an exception
    only: another meeting may do, or something else has to be done first. `standing`: cards that are violated already,
    and that no day mends. `unsure`: cards of which one cannot tell, whatever the days. All leave notices out.
    """

    record: str
    today: date
    meeting: date
    state: GateState
    moments: tuple[PlannedMoment, ...]
    assumed: tuple[AssumedFact, ...]
    conflicts: tuple[str, ...]
    standing: tuple[str, ...]
    unsure: tuple[str, ...]

    @property
    def lawful(self) -> bool:
        """Tell whether the matter may lawfully go to the meeting, for sure."""
        return self.state is GateState.OPEN

    @property
    def feasible(self) -> bool:
        """Tell whether there is time enough: the later the meeting, the more there is."""
        return not self.conflicts and all(moment.in_time for moment in self.moments)
