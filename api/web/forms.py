"""What was written in a form, read by the models of the interface. Decides nothing."""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from api.refusals import InvalidError
from api.reviews.models import Closing, Confirming, Dismissing, Ordering
from api.reviews.service import Ruling
from api.reviews.tables import Decision
from api.web.errors import UnknownDecisionError
from engine.reading.problems import problems_of

FORM: Final = "(form)"
"""What problems call what was written in a form."""

Said = TypeVar("Said", bound=BaseModel)

_RULINGS: Final[Mapping[Decision, type[BaseModel]]] = {
    Decision.CONFIRMED: Confirming,
    Decision.DISMISSED: Dismissing,
    Decision.RECTIFICATION_ORDERED: Ordering,
    Decision.CLOSED: Closing,
}


def said(model: type[Said], fields: Mapping[str, Any]) -> Said:
    """Read the fields of a form; those left empty were not said. Raises `InvalidError`."""
    given = {name: value for name, value in fields.items() if value not in {"", None}}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise InvalidError.of(problems_of(error, file=FORM, lines={})) from None


def ruling_of(code: str, *, reason: str, due: str = "", rectified: bool = False) -> Ruling:
    """Read what is to be decided, as far as the decision asks for it; raises `InvalidError`."""
    if not Decision.knows(code):
        raise UnknownDecisionError(given=code)
    decision = Decision.of(code)
    model = _RULINGS[decision]
    fields = {"reason": reason.strip(), "due": due, "rectified": rectified or None}
    read = said(model, {name: value for name, value in fields.items() if name in model.model_fields})
    return Ruling(decision, **dict(read))
