"""When the steps that are left have to begin, so that the matter may lawfully go to the meeting on a wished day."""

from engine.planning.errors import MeetingPassedError, NoMeetingError
from engine.planning.meetings import HORIZON, earliest_plan, latest_plan, wished_meeting
from engine.planning.plan import Plan, PlannedMoment

__all__ = [
    "HORIZON",
    "MeetingPassedError",
    "NoMeetingError",
    "Plan",
    "PlannedMoment",
    "earliest_plan",
    "latest_plan",
    "wished_meeting",
]
