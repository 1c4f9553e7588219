"""Draws samples of the records that a summary would count. Knows no HTTP."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from api.records.tables import Record
from api.samples.drawing import drawn
from api.samples.errors import SampleTooLargeError
from api.samples.models import Sample, SampleAsk, SampledRecord, Standing, Stratum, StratumOut
from api.summaries.bodies import parts
from api.summaries.cells import Cells, Choice, Marks, behind
from api.summaries.columns import Block, Column
from api.summaries.judged import Left
from api.summaries.models import Dimension, Figure, SummaryFilter
from api.summaries.service import Desk, blocks, marks_of, records_named
from engine.vocabulary import Bilingual, MatterClass

EVERYTHING = Bilingual(zh="全部", en="all")
CLASS = "matter_class"
NO_CLASS = Bilingual(zh="未载明", en="not on record")


@dataclass(frozen=True, slots=True)
class _Known:
    """A record that may be drawn: its day, its stratum, and how it stands."""

    day: str
    stratum: str
    standing: Standing


def sample(desk: Desk, wanted: SummaryFilter, ask: SampleAsk, *, most: int) -> Sample:
    """Draw a sample of the wanted records; `most`: how many it may have in all.

    Raises what `summed` raises, and `SampleTooLargeError`.
    """
    left = Left()
    known = dict(_known(desk, wanted, ask, left))
    strata = drawn(((key, one.stratum) for key, one in known.items()), seed=ask.seed, size=ask.size)
    number = sum(len(keys) for _, keys in strata.values())
    if number > most:
        raise SampleTooLargeError(given=number, most=most)
    rows = records_named(desk.session, [key for _, keys in strata.values() for key in keys])
    titles = {stratum: _title(desk, ask.by, stratum) for stratum in strata}
    return Sample(
        seed=ask.seed,
        size=ask.size,
        by=ask.by,
        basis=desk.basis(left),
        strata=tuple(
            StratumOut(key=stratum, title=titles[stratum], records=records, drawn=len(keys))
            for stratum, (records, keys) in strata.items()
        ),
        items=tuple(
            _told(rows[key], known[key], titles[stratum]) for stratum, (_, keys) in strata.items() for key in keys
        ),
    )


def _known(desk: Desk, wanted: SummaryFilter, ask: SampleAsk, left: Left) -> Iterator[tuple[str, _Known]]:
    choice, marks = Choice(step=wanted.step, card=wanted.card), marks_of(desk)
    classes = parts(desk.session, desk.reach, CLASS, _same, known_at=desk.known_at) if ask.by is Stratum.CLASS else {}
    for block in blocks(desk, wanted, left):
        standings = _standings(block, choice, marks)
        strata = _strata(block, ask.by, standings, classes)
        for key, day, stratum, standing in zip(block.keys, _words(block.days), strata, standings, strict=True):
            yield key, _Known(day, stratum, standing)


def _same(word: str | None) -> str | None:
    return word


def _standings(block: Block, choice: Choice, marks: Marks) -> list[Standing]:
    cells = Cells(block, marks)
    flagged, questioned = (
        behind(block, figure, choice, marks, cells)[0] for figure in (Figure.FLAGGED, Figure.COMPLIANT_WITH_QUESTIONS)
    )
    places = np.where(flagged, 0, np.where(questioned, 1, 2)).tolist()
    return [_STANDINGS[place] for place in places]


_STANDINGS = (Standing.FLAGGED, Standing.QUESTIONED, Standing.CLEAR)


def _strata(
    block: Block, by: Stratum | None, standings: list[Standing], classes: Mapping[str, str | None]
) -> list[str]:
    match by:
        case None:
            return [""] * block.size
        case Stratum.UNIT:
            return _words(block.columns[Dimension.UNIT])
        case Stratum.MONTH:
            return _words(block.columns[Dimension.MONTH])
        case Stratum.CLASS:
            return [classes.get(key) or "" for key in block.keys]
        case Stratum.FLAGS:
            return [standing.value for standing in standings]


def _words(column: Column) -> list[str]:
    return [column.words[place] for place in column.places.tolist()]


def _title(desk: Desk, by: Stratum | None, stratum: str) -> Bilingual:
    match by:
        case None:
            return EVERYTHING
        case Stratum.UNIT | Stratum.MONTH:
            return desk.naming.part(Dimension.of(by.value), stratum).title
        case Stratum.CLASS:
            word = MatterClass.of(stratum) if stratum else None
            return Bilingual(zh=word.zh, en=word.en) if word else NO_CLASS
        case Stratum.FLAGS:
            standing = Standing.of(stratum)
            return Bilingual(zh=standing.zh, en=standing.en)


def _told(row: Record, known: _Known, stratum: Bilingual) -> SampledRecord:
    return SampledRecord(
        key=row.key,
        id=row.own_id,
        title=Bilingual(zh=row.title_zh, en=row.title_en),
        lead_unit=row.lead_unit,
        jurisdiction=row.jurisdiction,
        organ_level=row.organ_level,
        day=date.fromisoformat(known.day),
        stratum=stratum,
        standing=known.standing,
    )
