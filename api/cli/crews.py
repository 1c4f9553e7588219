"""Who judges for a command: the workers of a scheduler, or processes on this machine."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from api.settings import ServiceSettings
from api.sweeps.carried import Carried
from api.sweeps.crews import Crew
from api.sweeps.local import Processes, cores
from engine.vocabulary import Bilingual, Language

Scheduler = Annotated[
    str | None, typer.Option("--scheduler", metavar="ADDRESS", help="of a dask scheduler whose workers judge")
]
Workers = Annotated[
    int | None,
    typer.Option("--workers", min=1, metavar="N", help="processes on this machine; one per core if left out"),
]


@contextmanager
def crew_of(
    scheduler: str | None, workers: int | None, rulebooks: Iterable[Carried], *, console: Console, language: Language
) -> Iterator[Crew]:
    """Give who is to judge, and tell at the end which workers were dismissed.

    Raises `typer.BadParameter` if both are given, and `SweepError` if there is nobody.
    """
    if scheduler is None:
        with Processes(workers or cores(), rulebooks=rulebooks) as processes:
            yield processes
        return
    if workers is not None:
        raise typer.BadParameter(_EITHER.say(language))
    from api.sweeps.distributed import Machines  # noqa: PLC0415 - dask takes long to import, and few commands need it

    with Machines(scheduler, rulebooks=rulebooks, settings=_settings()) as machines:
        yield machines
        for error in machines.unfit:
            console.print(error.told.say(language), markup=False)


def _settings() -> ServiceSettings:
    try:
        return ServiceSettings.read()
    except ValidationError as error:
        raise typer.BadParameter(str(error)) from None


_EITHER = Bilingual(
    zh="--scheduler和--workers只能给出一个",
    en="given --scheduler and --workers; expected one of them; leave the other out",
)
