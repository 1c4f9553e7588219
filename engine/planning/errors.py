"""Why nothing can be planned. Decides nothing."""


class NoMeetingError(Exception):
    """The procedure knows no meeting that a matter goes to."""

    def __init__(self, procedure: str) -> None:
        """Keep the procedure."""
        super().__init__(
            f"the procedure {procedure} has no gate `discussion` by a moment of a step; plan another matter"
        )
        self.procedure = procedure


class MeetingPassedError(Exception):
    """The matter has been to the meeting, or has ended: there is nothing to plan."""

    def __init__(self, record: str) -> None:
        """Keep the record."""
        super().__init__(f"{record} has passed its gate or has ended; plan a matter that is still on its way")
        self.record = record
