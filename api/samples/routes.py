"""Samples over HTTP. Translates, calls, returns."""

from typing import Annotated, Final

from fastapi import Depends, Query, Request
from starlette.responses import Response

from api.context import ServiceDep
from api.edge.answers import found
from api.edge.asking import AskedDep
from api.edge.language import language_of
from api.edge.routing import noun_router
from api.edge.tables import TABLES, Cell, Format, FormatDep, exported
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.samples.models import Sample, SampleAsk, SampledRecord, Stratum
from api.samples.service import sample
from api.summaries.routes import WantedDep, desk_of, printed_basis, titled
from engine.vocabulary import Bilingual

router: Final = noun_router("/samples", tag="samples")

LARGEST: Final = 500
MOST: Final = 2_000
"""How many records a sample has at most, of each stratum and in all."""
USUAL: Final = 20
SEED: Final = "1"


async def _ask(
    *,
    size: Annotated[int, Query(ge=1, le=LARGEST, description="how many records of each stratum")] = USUAL,
    seed: Annotated[str, Query(min_length=1, max_length=100, description="the same seed draws the same")] = SEED,
    by: Annotated[Stratum | None, Query(description="what strata there are; one of all if left out")] = None,
) -> SampleAsk:
    return SampleAsk(size=size, seed=seed, by=by)


@router.get("", response_model=Sample, responses=TABLES)
def draw_sample(  # noqa: PLR0913 - one for each thing that is asked
    *,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.SAMPLE_DRAW))],
    reach: ReachDep,
    asked: AskedDep,
    wanted: WantedDep,
    ask: Annotated[SampleAsk, Depends(_ask)],
    form: FormatDep,
) -> Response:
    """Draw records at random, of all or of each stratum; the same question with the same seed draws the same."""
    with desk_of(service, caller, reach, asked) as desk:
        answer = sample(desk, wanted, ask, most=MOST)
    if form == Format.JSON:
        return found(answer).response()
    seed = f"seed {answer.seed}"
    title = titled(Bilingual(zh=f"{_TITLE.zh} {seed}", en=f"{_TITLE.en}, {seed}"), caller)
    cells = (_cells(row) for row in answer.items)
    language = language_of(request.scope)
    return exported(form, _COLUMNS, cells, basis=printed_basis(answer.basis, title), language=language, name="sample")


def _cells(row: SampledRecord) -> list[Cell]:
    return [
        row.key,
        row.id,
        row.title,
        row.lead_unit,
        row.jurisdiction,
        row.organ_level,
        row.day,
        row.stratum,
        row.standing,
    ]


_TITLE: Final = Bilingual(zh="抽样", en="sample")
_COLUMNS: Final = (
    Bilingual(zh="key", en="key"),
    Bilingual(zh="编号", en="id"),
    Bilingual(zh="决策事项", en="record"),
    Bilingual(zh="牵头单位", en="lead unit"),
    Bilingual(zh="地区", en="jurisdiction"),
    Bilingual(zh="机关层级", en="organ level"),
    Bilingual(zh="归属日", en="day"),
    Bilingual(zh="层", en="stratum"),
    Bilingual(zh="标记情况", en="state of flags"),
)
