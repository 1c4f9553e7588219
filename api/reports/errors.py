"""Reports that cannot be made."""

from collections.abc import Iterable


class ReportError(Exception):
    """A report is asked for that cannot be made."""


class UnknownPlaceError(ReportError):
    """A report is asked for of a place that the rulebook does not know."""

    def __init__(self, *, given: str, known: Iterable[str]) -> None:
        """Say which there are."""
        listed = ", ".join(known)
        super().__init__(f"--place: given {given!r}; expected one of {listed}; correct it, or add it to the rulebook")
        self.given = given


class UnknownProcedureError(ReportError):
    """A report is asked for of a procedure that the rulebook does not have, or that is one of catalogues."""

    def __init__(self, *, given: str, known: Iterable[str]) -> None:
        """Say which there are."""
        super().__init__(f"--procedure: given {given!r}; expected one of {', '.join(sorted(known))}; correct it")
        self.given = given
