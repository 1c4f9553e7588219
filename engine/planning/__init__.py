"""When the steps that are left have to begin, so that the matter may lawfully go to the meeting on a wished day."""

from engine.planning.plan import Plan, PlannedMoment
from engine.planning.scheduling import HORIZON, MeetingPassedError, NoMeetingError, earliest_plan, latest_plan

__all__ = ["HORIZON", "MeetingPassedError", "NoMeetingError", "Plan", "PlannedMoment", "earliest_plan", "latest_plan"]
