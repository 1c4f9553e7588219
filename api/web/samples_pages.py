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
from api.samples.models import Sample, SampleAsk, Stratum
from api.samples.routes import LARGEST, MOST, SEED, USUAL
from api.samples.service import sample
from api.summaries.routes import desk_of
from api.web.asking import QuestionDep
from api.web.dashboard_pages import named
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
        **named(service, question),
    )
