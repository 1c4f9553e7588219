"""Whether the process lives, whether it can answer, and its figures: for those who run the service."""

from typing import Final

from fastapi import APIRouter, Depends
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from api.context import ServiceDep
from api.edge import metrics
from api.edge.routing import EdgeRoute, named
from api.identity.dependencies import open_to_all
from api.identity.operations import Operation
from api.refusals import UnavailableError
from api.store import migrations
from api.store.database import OldTablesError
from engine.vocabulary import Bilingual, Frozen

router: Final = APIRouter(tags=["operation"], route_class=EdgeRoute, generate_unique_id_function=named)


class Health(Frozen):
    """The process lives."""

    status: str


class Readiness(Frozen):
    """Every answer can be given: the revision of the tables, and the digest of the rulebook in use."""

    status: str
    revision: str
    rulebook: str


class NotReadyError(UnavailableError):
    """Something that every answer needs is not there."""

    def __init__(self, *, given: str, do: Bilingual) -> None:
        """Say what there is in place of it."""
        expected = Bilingual(zh="数据库可用,表结构为最新", en="a database that answers, with its tables up to date")
        super().__init__("not_ready", given=given, expected=expected, do=do)


@router.get("/health", dependencies=[Depends(open_to_all(Operation.HEALTH_READ))])
async def read_health() -> Health:
    """Tell that the process lives."""
    return Health(status="ok")


@router.get("/ready", dependencies=[Depends(open_to_all(Operation.READINESS_READ))])
def read_readiness(service: ServiceDep) -> Readiness:
    """Tell that requests can be answered: the database answers, its tables are up to date, a rulebook is loaded."""
    try:
        service.database.require_tables()
    except SQLAlchemyError:
        raise NotReadyError(given="a database that does not answer", do=_START) from None
    except OldTablesError as error:
        raise NotReadyError(given=str(error), do=_MIGRATE) from None
    return Readiness(status="ready", revision=migrations.known()[-1], rulebook=service.rulebook.digest)


@router.get(
    "/metrics",
    dependencies=[Depends(open_to_all(Operation.METRICS_READ))],
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}}},
)
def read_metrics() -> Response:
    """Give the figures as Prometheus reads them."""
    return metrics.figures()


_START: Final = Bilingual(zh="检查数据库是否运行、地址是否正确", en="see that the database runs, and where")
_MIGRATE: Final = Bilingual(zh="运行duecourse db migrate", en="run `duecourse db migrate`")
