"""How a record stands: for today from what is kept, else judged anew. Knows no HTTP."""

from api.asked import Asked
from api.context import Service
from api.identity.reach import Reach
from api.judging.asking import Bench
from api.judging.models import StatusOut
from api.judging.telling import told_status
from api.records.reading import Answered, answered, kept_status
from api.waivers.standing import shown_waivers


def standing(service: Service, reach: Reach, key: str, asked: Asked) -> StatusOut:
    """Tell how a record stands; raises what `kept_status` and `answered` raise."""
    kept = kept_for_today(service, reach, key) if asked.is_present else None
    if kept:
        return StatusOut.model_validate_json(kept)
    return status_of(service, answer_of(service, reach, key, asked))


def kept_for_today(service: Service, reach: Reach, key: str) -> str | None:
    """Return the status of today as it was written out, None where the record has to be judged for it."""
    with service.database.reading() as session:
        return kept_status(session, reach, key)


def answer_of(service: Service, reach: Reach, key: str, asked: Asked) -> Answered:
    """Judge a record as it is asked for."""
    bench = Bench(service.database, service.rulebooks, service.judge)
    return answered(bench, reach, key, asked)


def status_of(service: Service, answer: Answered) -> StatusOut:
    """Tell what came of a record, with the waivers that are in force."""
    record, receipt = answer.version.record, answer.assessment.receipt
    with service.database.reading() as session:
        waivers = shown_waivers(session, record, as_of=receipt.as_of, known_at=receipt.known_at)
    return told_status(answer.assessment, record=record, version=answer.version.number, waivers=waivers)
