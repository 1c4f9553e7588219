"""Judges one part of a source: read, judge, count, write. Nothing half done is left under a final name."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from api.summaries.models import Figure
from api.sweeps.carried import engine_here, ready
from api.sweeps.counting import Counter
from api.sweeps.crews import Done
from api.sweeps.errors import UnfitRulesError
from api.sweeps.parts import Part
from api.sweeps.periods import Periods
from api.sweeps.results import Results
from engine.evaluation.compiled import AmbiguousNameError, CompiledRulebook
from engine.evaluation.dnf import FormulaTooLargeError
from engine.evaluation.proof import NotAPartitionError
from engine.evaluation.sweeping import asked, sweep
from engine.observables.frames import Asked
from engine.observables.layout import Blank


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of every record: as of a day, by what was known by a time, by a rulebook and an engine."""

    as_of: date
    known_at: datetime
    rulebook: str
    engine: str

    @classmethod
    def by(cls, rulebook: str, *, as_of: date, known_at: datetime) -> "Question":
        """Ask by a rulebook's digest and the engine that is here."""
        return cls(as_of, known_at, rulebook, engine_here())

    def __str__(self) -> str:
        """Return the question in one text."""
        return f"{self.as_of.isoformat()} {self.known_at.isoformat()} {self.rulebook} {self.engine}"


@dataclass(frozen=True, slots=True)
class Judging:
    """Judges parts by a question, and writes what came of them to a folder. The rulebook was installed before."""

    question: Question
    folder: Path

    def __call__(self, part: Part) -> Done:
        """Judge a part; raises `SweepError` where to try again is no use."""
        question = self.question
        made = _ready(question, part.procedure)
        # What it is made of is noted before it is read: what changes meanwhile is judged again.
        fingerprint = part.fingerprint
        read = part.read(made.rules, made.asked)
        swept = sweep(read.frames, made.rules, as_of=question.as_of, known_at=question.known_at)
        counted = made.counter.count(swept, read.units)
        done = Done(
            part=part.name,
            records=read.frames.records.height,
            rejected=len(read.rejects),
            flags=counted.total(Figure.FLAGS),
            notices=counted.total(Figure.NOTICES),
            questions=counted.total(Figure.QUESTIONS),
        )
        results = Results(self.folder, str(question))
        results.keep(done, fingerprint, findings=swept.frame(), counted=counted, rejects=read.rejects)
        return done


@dataclass(frozen=True, slots=True)
class _Made:
    """What is the same for all parts of a procedure."""

    rules: CompiledRulebook
    asked: Asked
    counter: Counter


@lru_cache(maxsize=16)
def _ready(question: Question, procedure: str) -> _Made:
    try:
        rules = ready(question.rulebook).compiled(procedure)
    except (AmbiguousNameError, FormulaTooLargeError, NotAPartitionError) as error:
        raise UnfitRulesError(digest=question.rulebook, why=str(error)) from error
    periods = Periods(rules.procedure, question.as_of)
    needed = periods.asked(rules, asked(rules, as_of=question.as_of, known_at=question.known_at))
    return _Made(rules, _with_groups(needed, rules), Counter(rules, periods))


def _with_groups(needed: Asked, rules: CompiledRulebook) -> Asked:
    """Add the columns that records are grouped by."""
    blanks: dict[str, Blank] = rules.layout.records
    records = {**needed.records, **{name: blanks[name] for name in ("jurisdiction", "lead_unit")}}
    return Asked(records, needed.rounds)
