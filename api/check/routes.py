"""Checks over HTTP: what is sent is judged, and nothing of it is stored."""

from typing import Annotated, Any, Final

from fastapi import Depends
from sqlmodel import Session
from starlette.responses import Response

from api.check.models import CheckReport
from api.check.service import ReadCases, check_report
from api.context import ServiceDep
from api.edge.answers import found
from api.edge.asking import AskedDep
from api.edge.bodies import SentText, SentTextDep
from api.edge.examples import real_examples
from api.edge.limits import JSON, YAML
from api.edge.routing import noun_router, taken_as
from api.identity.callers import Caller
from api.identity.dependencies import allowed
from api.identity.operations import Operation
from api.judging.rulebooks import ReadyRulebook, Rulebooks
from api.refusals import InvalidError
from engine.record.catalogues import catalogues_of
from engine.record.reading import records_of
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual

router: Final = noun_router("/check", tag="check")

_SENT: Final[dict[str, Any]] = {
    "description": "a record, a list of records, or `records` and `catalogues` with a list of each",
    "anyOf": [{"type": "object"}, {"type": "array", "items": {"type": "object"}}],
}

_EXAMPLES: Final = real_examples("made-up-violations", "made-up-under-way", "maqiao-catalogue-2024")


class TooManyCasesError(InvalidError):
    """More is to be judged than is done at a time."""

    def __init__(self, *, given: int, limit: int) -> None:
        """Say how many there may be."""
        super().__init__(
            "too_many_records",
            given=f"{given} records and catalogues",
            expected=Bilingual(zh=f"不超过{limit}条", en=f"{limit} or fewer"),
            do=Bilingual(zh="分次提交", en="send them in parts"),
            field="(body)",
        )


@router.post("", response_model=CheckReport, openapi_extra=taken_as(JSON, YAML, schema=_SENT, examples=_EXAMPLES))
def check(
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.CHECK))],
    asked: AskedDep,
    sent: SentTextDep,
) -> Response:
    """Judge what is sent; what is wrong with one record is told beside the others. 422 if nothing can be judged."""
    del caller
    day, time = asked.day, asked.time
    with service.database.reading() as session:
        rules = _rules(service.rulebooks, session, asked.rulebook)
    report = check_report(
        _cases(sent, rules.rulebook, limit=service.settings.check_cases),
        rules.rulebook,
        lambda record: service.judge.assess(record, rules.compiled(record.procedure), as_of=day, known_at=time),
        as_of=day,
        known_at=time,
    )
    if report.problems and not report.assessments:
        raise InvalidError.of(report.problems)
    return found(report).response()


def _rules(rulebooks: Rulebooks, session: Session, digest: str | None) -> ReadyRulebook:
    return rulebooks.by_digest(session, digest) if digest else rulebooks.active(session)


def _cases(sent: SentText, rulebook: Rulebook, *, limit: int) -> ReadCases:
    texts, problems = sent.texts()
    places = rulebook.tree.ids
    records, found_wrong = records_of(texts, procedures=rulebook.procedures, jurisdictions=places)
    catalogues, also_wrong = catalogues_of(texts, places)
    cases = ReadCases(records, catalogues, [*problems, *found_wrong, *also_wrong])
    if cases.count > limit:
        raise TooManyCasesError(given=cases.count, limit=limit)
    return cases
