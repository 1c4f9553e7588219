"""Samples in the browser: drawn at random by a seed, of all or of each stratum, and given out as tables."""

from typing import Annotated, Any, Final

from fastapi import Depends, Query, Request
from pydantic import BeforeValidator
from starlette.responses import Response

from api.context import ServiceDep
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.refusals import RefusalError
from api.samples.models import Sample, SampleAsk, Standing, Stratum
from api.samples.routes import LARGEST, MOST, SEED, USUAL
from api.samples.service import sample
from api.summaries.models import Figure
from api.summaries.routes import desk_of
from api.web.asking import Question, QuestionDep
from api.web.dashboard_pages import RECORDS, named
from api.web.kept import kept
from api.web.navigation import SAMPLES
from api.web.rendering import page
from api.web.routing import pages_router

router: Final = pages_router()

SHOWN: Final = 300
"""So many records of a sample stand on the page; a table holds all."""

BlankStratum = Annotated[Stratum | None, BeforeValidator(lambda value: value or None)]


@router.get(SAMPLES.address)
def show_sample(  # noqa: PLR0913 - one for each thing that is asked
    *,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.SAMPLE_DRAW))],
    reach: ReachDep,
    question: QuestionDep,
    size: Annotated[int, Query(ge=1, le=LARGEST)] = USUAL,
    seed: Annotated[str, Query(max_length=100)] = "",
    by: BlankStratum = None,
) -> Response:
    """Ask what is to be drawn, and show it once there is a seed."""
    drawn: Sample | None = None
    refusal: RefusalError | None = None
    if seed:
        ask = SampleAsk(size=size, seed=seed, by=by)

        def answer() -> Sample:
            with desk_of(service, caller, reach, question.asked) as desk:
                return sample(desk, question.wanted, ask, most=MOST)

        try:
            drawn = kept(service, reach, ("sample", question, ask), answer)
        except RefusalError as error:
            refusal = error
    asking: dict[str, Any] = {"size": size, "seed": seed, **({"by": by.value} if by else {})}
    return page(
        request,
        "samples/sample.html",
        caller=caller,
        status=422 if refusal else 200,
        drawn=drawn,
        refusal=refusal,
        asking=asking,
        usual_seed=SEED,
        largest=LARGEST,
        most_shown=SHOWN,
        strata=tuple(Stratum),
        behind_strata=_behind(question, drawn) if drawn else {},
        **named(service, question),
    )


def _behind(question: Question, drawn: Sample) -> dict[str, str | None]:
    """Return for each stratum the address of its records; none where no filter of figures tells them apart."""
    return {one.key: _address(question, drawn.by, one.key) for one in drawn.strata}


def _address(question: Question, by: Stratum | None, stratum: str) -> str | None:
    match by:
        case None:
            return question.address(RECORDS)
        case Stratum.UNIT | Stratum.MONTH:
            return question.address(RECORDS, **{by.value: stratum})
        case Stratum.FLAGS:
            figure = _FIGURES.get(Standing.of(stratum))
            return question.address(RECORDS, figure=figure.value) if figure else None
        case Stratum.CLASS:
            return None


_FIGURES: Final = {Standing.FLAGGED: Figure.FLAGGED, Standing.QUESTIONED: Figure.COMPLIANT_WITH_QUESTIONS}
