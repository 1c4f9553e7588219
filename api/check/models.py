"""The answer of a check as a value: what is printed as JSON, and the exit code of the command."""

from datetime import date, datetime

from engine.evaluation.results import Assessment
from engine.reading.problems import Problem
from engine.vocabulary import FindingKind, Frozen


class CheckReport(Frozen):
    """All assessments of one call, and what could not be read."""

    as_of: date
    known_at: datetime
    rulebook: str
    assessments: tuple[Assessment, ...]
    problems: tuple[Problem, ...]

    @property
    def exit_code(self) -> int:
        """Return 2 for problems, else 1 for a flag, else 3 for a question, else 0."""
        if self.problems:
            return 2
        if any(not assessment.status.compliant for assessment in self.assessments):
            return 1
        return 3 if any(assessment.status.questions for assessment in self.assessments) else 0

    def count(self, kind: FindingKind) -> int:
        """Return how many findings of a kind there are."""
        return sum(len(assessment.of_kind(kind)) for assessment in self.assessments)

    def text(self) -> str:
        """Return the report as JSON."""
        return self.model_dump_json(indent=1)
