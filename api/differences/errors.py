"""What keeps two rulebooks from being compared over a source."""

from api.sweeps.errors import SweepError
from engine.vocabulary import Bilingual


class UnknownProcedureError(SweepError):
    """Neither of the rulebooks knows the procedure of some records."""

    def __init__(self, *, part: str, procedure: str) -> None:
        """Keep the part and the procedure."""
        super().__init__(
            Bilingual(
                zh=f"{part}: 输入为程序 {procedure!r};应为两个规则库至少之一所定义的程序;请改用相应的规则库",
                en=f"{part}: given the procedure {procedure!r}; expected one that either rulebook knows; "
                "compare rulebooks that have it",
            )
        )
