"""A yardstick: what one person, skilled in Polars, would write by hand for the eleven national cards, and no more.

Imports nothing of ours. It reads the same Parquet, only the columns that it needs, and writes the same findings.
Numbers of the law, codes of the table and the holidays are written out. What the general engine has to do and this need
not: other places and parameters, other cards, and everything that cannot happen in these records. Where a card or the
meaning of a period changes, this query has to be changed by hand; `python -m bench` tells when it was not.

A truth is a byte: 0 no, 100 yes, between them the reason why one cannot tell; so "or" over rounds is `max`.
"""

from datetime import date, datetime
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

AS_OF: Final = date(2025, 9, 30)
KNOWN_AT: Final = datetime.fromisoformat("2026-01-01T00:00:00+00:00")

DAY: Final = 1440
FAR: Final = 1_400_000
NEVER: Final = FAR * DAY
TODAY: Final = (AS_OF - date(1970, 1, 1)).days
END: Final = TODAY * DAY + DAY - 1
KNOWN: Final = int(KNOWN_AT.timestamp())
WIDEST: Final = 4 * FAR

NO, YES = 0, 100
METHOD, SAME_DAY, MOMENT, EVIDENCE, DETERMINATION = 3, 5, 6, 7, 8
OPEN: Final = 1

SATISFIED, EXCEPTED, VIOLATED, PENDING, UNDETERMINED, NOT_APPLICABLE = range(6)
MISSING, LATE, OVERDUE, TOO_SHORT, OUT_OF_ORDER, DEFECTIVE, INCONSISTENT = range(7)
REASONS: Final = pl.Enum(
    [
        "missing",
        "late",
        "overdue",
        "too_short",
        "out_of_order",
        "defective",
        "inconsistent",
        "source_unconfirmed",
        "calendar_horizon",
        "counting_method_unset",
        "parameter_without_value",
        "same_day_order",
        "moment_not_exact",
        "evidence_missing",
        "determination_missing",
    ]
)
DOUBTS_BEGIN: Final = 7
"""The first doubt in `REASONS`; a doubt's code is one more than its place after it."""
VERDICTS: Final = pl.Enum(["violated", "undetermined"])
CARDS: Final = (
    "NR-14a",
    "NR-15b",
    "NR-16e",
    "NR-19a",
    "NR-20c",
    "NR-22a",
    "NR-24",
    "NR-25a",
    "NR-25b",
    "NR-26b",
    "NR-30a",
)
CARD: Final = pl.Enum(CARDS)

IN_FORCE: Final = (date(2019, 9, 1) - date(1970, 1, 1)).days
COMMENT_DAYS, MATERIAL_DAYS, REVIEW_DAYS = 30, 7, 7

DECIDED: Final = 0
DEPARTMENT, TOWNSHIP = 3, 4
DISPLACING: Final = 0b111
REVIEW_OPINION, CONTROLLABLE, NO_INTEREST = 0, 0, 0
EXECUTIVE, PLENARY, LEADERSHIP = 0, 1, 2
LEGALITY_REVIEW: Final = 12
SUBMITTED, RETURNED, REQUESTED, SUPPLEMENTED = range(4)

# --- working days 2019 to 2026 ------------------------------------------------------------------------------------

OFF: Final = """
2018-12-30/2019-01-01 2019-02-04/2019-02-10 2019-04-05 2019-05-01/2019-05-04 2019-06-07 2019-09-13
2019-10-01/2019-10-07 2020-01-01 2020-01-24/2020-02-02 2020-04-04/2020-04-06 2020-05-01/2020-05-05
2020-06-25/2020-06-27 2020-10-01/2020-10-08 2021-01-01/2021-01-03 2021-02-11/2021-02-17
2021-04-03/2021-04-05 2021-05-01/2021-05-05 2021-06-12/2021-06-14 2021-09-19/2021-09-21
2021-10-01/2021-10-07 2022-01-01/2022-01-03 2022-01-31/2022-02-06 2022-04-03/2022-04-05
2022-04-30/2022-05-04 2022-06-03/2022-06-05 2022-09-10/2022-09-12 2022-10-01/2022-10-07
2022-12-31/2023-01-02 2023-01-21/2023-01-27 2023-04-05 2023-04-29/2023-05-03 2023-06-22/2023-06-24
2023-09-29/2023-10-06 2024-01-01 2024-02-10/2024-02-17 2024-04-04/2024-04-06 2024-05-01/2024-05-05
2024-06-10 2024-09-15/2024-09-17 2024-10-01/2024-10-07 2025-01-01 2025-01-28/2025-02-04
2025-04-04/2025-04-06 2025-05-01/2025-05-05 2025-05-31/2025-06-02 2025-10-01/2025-10-08
2026-01-01/2026-01-03 2026-02-15/2026-02-23 2026-04-04/2026-04-06 2026-05-01/2026-05-05
2026-06-19/2026-06-21 2026-09-25/2026-09-27 2026-10-01/2026-10-07
"""
WORKED: Final = """
2019-02-02 2019-02-03 2019-04-28 2019-05-05 2019-09-29 2019-10-12 2020-01-19 2020-04-26
2020-05-09 2020-06-28 2020-09-27 2020-10-10 2021-02-07 2021-02-20 2021-04-25 2021-05-08 2021-09-18
2021-09-26 2021-10-09 2022-01-29 2022-01-30 2022-04-02 2022-04-24 2022-05-07 2022-10-08 2022-10-09
2023-01-28 2023-01-29 2023-04-23 2023-05-06 2023-06-25 2023-10-07 2023-10-08 2024-02-04 2024-02-18
2024-04-07 2024-04-28 2024-05-11 2024-09-14 2024-09-29 2024-10-12 2025-01-26 2025-02-08 2025-04-27
2025-09-28 2025-10-11 2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10
"""


def _calendar() -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Count the working days up to each day since 1970, and list them; outside the years known there are none."""
    days = np.arange(np.datetime64("1970-01-01"), np.datetime64("2027-01-01"))
    working = np.is_busday(days) & (days >= np.datetime64("2019-01-01"))
    for line in OFF.split():
        first, _, last = line.partition("/")
        working[(days >= np.datetime64(first)) & (days <= np.datetime64(last or first))] = False
    working[np.isin(days, np.array(WORKED.split(), dtype="M8[D]"))] = True
    return np.cumsum(working, dtype=np.int64), np.flatnonzero(working)


COUNTED, NTH = (pl.Series(values) for values in _calendar())

# --- words of the query ----------------------------------------------------------------------------------------------


def code(value: int) -> pl.Expr:
    """Write a code as a byte."""
    return pl.lit(value, dtype=pl.UInt8)


def decided(yes: pl.Expr, no: pl.Expr, otherwise: int | pl.Expr) -> pl.Expr:
    """Say yes, no, or why one cannot tell."""
    doubt = code(otherwise) if isinstance(otherwise, int) else otherwise
    return pl.when(yes).then(code(YES)).when(no).then(code(NO)).otherwise(doubt)


def both(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """Join two truths with "and"."""
    return (
        pl.when(pl.min_horizontal(left, right) == NO)
        .then(code(NO))
        .when(left == YES)
        .then(right)
        .when(right == YES)
        .then(left)
        .otherwise(pl.max_horizontal(left, right))
    )


def opposite(truth: pl.Expr) -> pl.Expr:
    """Turn yes and no round."""
    return pl.when(truth == NO).then(code(YES)).when(truth == YES).then(code(NO)).otherwise(truth)


def happened(name: str) -> pl.Expr:
    """Ask whether a moment has happened."""
    return decided(pl.col(f"{name}.hi") < NEVER, pl.col(f"{name}.lo") >= NEVER, MOMENT)


def before(early: str, late: str) -> pl.Expr:
    """Ask whether one moment has happened, and not after another."""
    first, after = (pl.col(f"{early}.lo"), pl.col(f"{early}.hi")), (pl.col(f"{late}.lo"), pl.col(f"{late}.hi"))
    day = first[0] // DAY
    same_day = (day == first[1] // DAY) & (day == after[0] // DAY) & (day == after[1] // DAY)
    return decided(
        (first[1] < NEVER) & (first[1] <= after[0]),
        (first[0] >= NEVER) | (first[0] > after[1]),
        pl.when(same_day).then(code(SAME_DAY)).otherwise(code(MOMENT)),
    )


def seen(name: str, announced: str | None = None) -> list[pl.Expr]:
    """Cut a moment at the end of today; NEVER where it has not happened. Keeps what was written beside it."""
    lo, hi = pl.col(f"{name}.lo").fill_null(NEVER), pl.col(f"{name}.hi").fill_null(NEVER)
    if announced:
        stands_in = (lo > END) & (pl.col(f"{announced}.hi").fill_null(NEVER) <= END)
        lo = pl.when(stands_in).then(pl.col(f"{announced}.lo")).otherwise(lo)
        hi = pl.when(stands_in).then(pl.col(f"{announced}.hi")).otherwise(hi)
    began = lo <= END
    return [
        pl.when(began).then(lo).otherwise(NEVER).alias(f"{name}.lo"),
        pl.when(began & (hi <= END)).then(hi).otherwise(NEVER).alias(f"{name}.hi"),
        pl.col(f"{name}.lo").alias(f"{name}.written.lo"),
        pl.col(f"{name}.hi").alias(f"{name}.written.hi"),
    ]


def shown(column: str, moment: str) -> pl.Expr:
    """Return what a round says, null while the moment that shows it lies in the future."""
    return pl.when((pl.col(f"{moment}.lo") < NEVER) | pl.col(f"{moment}.written.lo").is_null()).then(pl.col(column))


def says(column: pl.Expr, values: list[int]) -> pl.Expr:
    """Ask whether a choice is one of some values."""
    return decided(column.is_in(values), column.is_not_null(), EVIDENCE)


def days(name: str, until: pl.Expr | None = None) -> list[pl.Expr]:
    """Turn a moment into days, the future included: from today until the day that is announced or planned."""
    lo, hi = pl.col(f"{name}.lo"), pl.col(f"{name}.hi")
    return [
        pl.when(lo < NEVER).then(lo // DAY).otherwise(TODAY).alias(f"{name}.first"),
        pl.when(hi < NEVER).then(hi // DAY).otherwise(pl.lit(FAR) if until is None else until).alias(f"{name}.last"),
        (hi < NEVER).alias(f"{name}.past"),
        (lo < NEVER).alias(f"{name}.begun"),
    ]


def to_come(name: str, *named: str) -> pl.Expr:
    """Return the last day on which a moment may lie: of one that has begun its own, else the announced or planned."""
    day = pl.coalesce(*named, pl.lit(NEVER))
    future = pl.when((day < NEVER) & (day > END)).then(day // DAY).otherwise(FAR)
    own = pl.min_horizontal(pl.col(f"{name}.written.hi").fill_null(NEVER) // DAY, FAR)
    return pl.when(pl.col(f"{name}.lo") < NEVER).then(own).otherwise(future)


def why_inexact(start: str, end: str, sure: pl.Expr) -> pl.Expr:
    """Say why a number of days is not exact; `sure`: the law is known."""
    absent = ~(pl.col(f"{start}.past") & pl.col(f"{end}.past"))
    not_begun = [~pl.col(f"{name}.past") & (pl.col(f"{name}.last") >= FAR) for name in (start, end)]
    inexact = [pl.col(f"{name}.first") != pl.col(f"{name}.last") for name in (start, end)]
    return (
        pl.when(absent & (not_begun[0] | not_begun[1]))
        .then(code(EVIDENCE))
        .when(absent | inexact[0] | inexact[1])
        .then(code(MOMENT))
        .otherwise(pl.when(sure).then(code(METHOD)).otherwise(code(MOMENT)))
    )


def length(start: str, end: str, least: pl.Expr, most: pl.Expr) -> list[pl.Expr]:
    """Show the length of a period, with limits where a day has none; an end still to come counts as if it had come."""
    late, early, last = pl.col(f"{start}.last"), pl.col(f"{start}.first"), pl.col(f"{end}.last")
    finish = finishing(end)
    low = (
        pl.when(late.abs() < FAR, finish.abs() < FAR)
        .then(least)
        .when(finish.clip(-FAR, FAR) > late.clip(-FAR, FAR))
        .then(0)
    )
    high = pl.when(early.abs() < FAR, last.abs() < FAR).then(most).when(last < early).then(0)
    shortest, longest = low.otherwise(-FAR), high.otherwise(FAR)
    return [
        pl.when(longest >= 0).then(shortest.clip(0)).otherwise(shortest).alias("least"),
        pl.min_horizontal(longest, FAR).alias("most"),
    ]


def finishing(end: str) -> pl.Expr:
    """Return the day on which a period ends at the earliest."""
    open_ended = pl.col(f"{end}.past") | (pl.col(f"{end}.last") >= FAR)
    return pl.when(open_ended).then(pl.col(f"{end}.first")).otherwise(pl.col(f"{end}.last"))


def of_records(rounds: pl.DataFrame, *answers: pl.Expr) -> pl.DataFrame:
    """Reduce the rounds of each record."""
    return rounds.group_by("record", maintain_order=True).agg(*answers)


BEGAN_AFTER: Final = pl.col("begun.lo")
BEGAN_BY: Final = pl.col("begun.hi")
MAY_BE_FIRST, MAY_BE_LAST = pl.col("may_be_first"), pl.col("may_be_last")


def with_order(rounds: pl.DataFrame) -> pl.DataFrame:
    """Tell which rounds may be the first and the last of their record: in order as far as beginnings do not overlap."""
    record = pl.col("record")
    several = (record == record.shift(1)) | (record == record.shift(-1))
    together = rounds.filter(several.fill_null(value=False)).group_by("record")
    bounds = together.agg(ends=BEGAN_BY.min(), begins=BEGAN_AFTER.max())
    return rounds.join(bounds, on="record", how="left", maintain_order="left").with_columns(
        may_be_first=(pl.col("ends") >= BEGAN_AFTER).fill_null(value=True),
        may_be_last=(pl.col("begins") <= BEGAN_BY).fill_null(value=True),
    )


def spanned(moment: str, among: pl.Expr) -> list[pl.Expr]:
    """Return a moment of the first or last round of each record: of all that may be it."""
    return [pl.col(f"{moment}.lo").filter(among).min(), pl.col(f"{moment}.hi").filter(among).max()]


def agreed(truth: str, among: pl.Expr) -> pl.Expr:
    """Return the answer of the first or last round of each record; unknown where those that may be it disagree."""
    given = pl.col(truth).filter(among)
    one_day = BEGAN_AFTER.filter(among).min() // DAY == BEGAN_BY.filter(among).max() // DAY
    own = pl.when(one_day).then(code(SAME_DAY)).otherwise(code(MOMENT))
    doubts = given.filter(given < YES).max().fill_null(NO)
    return pl.when(given.min() == given.max()).then(given.min()).otherwise(pl.max_horizontal(doubts, own))


# --- reading ---------------------------------------------------------------------------------------------------------


def read(folder: Path, step: str, *columns: str) -> pl.DataFrame:
    """Read the rounds of a step: only these columns, those that were never filled as nulls."""
    path = folder / "rounds" / f"{step}.parquet"
    there = pl.read_parquet_schema(path)
    names = ["record", "entered", "begun.lo", "begun.hi", *columns]
    rounds = pl.read_parquet(path, columns=[name for name in names if name in there])
    absent = [pl.lit(None, dtype=pl.Int64).alias(name) for name in names if name not in there]
    return rounds.with_columns(pl.col("record").cast(pl.Int64), *absent)


def known(rounds: pl.DataFrame) -> pl.DataFrame:
    """Keep the rounds that were entered by then."""
    return rounds.filter(pl.col("entered").fill_null(0) <= KNOWN)


def begun(rounds: pl.DataFrame) -> pl.DataFrame:
    """Keep the rounds that were begun by today, with whether that is sure."""
    took_place = pl.when(pl.col("begun.hi") <= END).then(code(YES)).otherwise(code(MOMENT)).alias("taken")
    there = rounds.filter(pl.col("begun.lo") <= END).with_columns(took_place)
    return there.with_columns(pl.when(pl.col("begun.hi") <= END).then("begun.hi").otherwise(NEVER))


def ends(*names: str) -> list[str]:
    """Name both ends of moments."""
    return [f"{name}.{end}" for name in names for end in ("lo", "hi")]


def truth_of(name: str) -> pl.Expr:
    """Read a determination."""
    value = pl.col(f"determined.{name}")
    there = (pl.col(f"determined.{name}.hi").fill_null(0) <= END) & (
        pl.col(f"determined.{name}.entered").fill_null(0) <= KNOWN
    )
    return decided(
        (there & (value == 1)).fill_null(value=False), (there & (value == 0)).fill_null(value=False), DETERMINATION
    )


def read_records(folder: Path) -> pl.DataFrame:
    """Read the records with what is true of them alone."""
    determined = ("not_public", "technical", "risk_possible")
    columns = [
        "organ_level",
        "excluded",
        "excluded.hi",
        "special_statutes",
        "outcome",
        "outcome.lo",
        "outcome.hi",
        "outcome.entered",
        "outcome.reasoned",
    ]
    columns += [f"determined.{name}{part}" for name in determined for part in ("", ".hi", ".entered")]
    ended = (pl.col("outcome.lo") <= END) & (pl.col("outcome.entered").fill_null(0) <= KNOWN)
    lo = pl.when(ended).then(pl.col("outcome.lo")).otherwise(NEVER)
    hi = pl.when(ended & (pl.col("outcome.hi") <= END)).then(pl.col("outcome.hi")).otherwise(NEVER)
    is_decided = pl.col("outcome") == DECIDED
    return (
        pl.read_parquet(folder / "records.parquet", columns=["id", *columns])
        .with_row_index("record")
        .select(
            pl.col("record").cast(pl.Int64),
            "id",
            lower=pl.col("organ_level").is_in([DEPARTMENT, TOWNSHIP]),
            inside=((pl.col("excluded") != 1) | (pl.col("excluded.hi") > END)).fill_null(value=True),
            not_displaced=((pl.col("special_statutes") & DISPLACING) == 0).fill_null(value=True),
            ended=pl.when(is_decided.fill_null(value=True))
            .then(code(NO))
            .when(pl.col("outcome.reasoned") == 1)
            .then(decided(hi < NEVER, lo >= NEVER, MOMENT))
            .otherwise(decided(pl.lit(value=False), lo >= NEVER, EVIDENCE)),
            **{name: truth_of(name) for name in determined},
            **{
                "outcome.lo": pl.when(is_decided.fill_null(value=False)).then(lo).otherwise(NEVER),
                "outcome.hi": pl.when(is_decided.fill_null(value=False)).then(hi).otherwise(NEVER),
            },
        )
    )


# --- step by step ----------------------------------------------------------------------------------------------------


def gates(folder: Path, records: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Find when each record passed its gates; return its meetings as well.

    The first meeting whose form counts, or whose form is not said, passes the gate of discussion; the issue, of which a
    record has one at most, that of issue; the decision passes both.
    """
    all_meetings = known(read(folder, "collective_deliberation", *ends("held"), "held.planned.hi", "form"))
    meetings = begun(all_meetings).with_columns(*seen("held"))
    planned = pl.col("held.planned.hi")
    not_begun = all_meetings.filter(pl.col("begun.lo").fill_null(NEVER) > END, planned > END)
    coming = not_begun.group_by("record").agg((planned.min() // DAY).alias("planned"))
    form = shown("form", "held")
    counting = meetings.filter(form.is_null() | form.is_in([EXECUTIVE, PLENARY, LEADERSHIP]))
    counting = counting.with_columns(to_come("held", "held.planned.hi").alias("held.last"))
    first = counting.group_by("record").agg(pl.col(*ends("held"), "held.last").min())
    issues = begun(known(read(folder, "issue", *ends("issued")))).select("record", *seen("issued")[:2])
    cases = laid_beside(records, first, coming, issues).with_columns(
        pl.col(*ends("held", "issued")).fill_null(NEVER), pl.col("held.last", "planned").fill_null(FAR)
    )
    cases = cases.with_columns(
        *[pl.min_horizontal(f"held.{end}", f"outcome.{end}").alias(f"gate.{end}") for end in ("lo", "hi")],
        *[pl.min_horizontal(f"issued.{end}", f"outcome.{end}").alias(f"issue.{end}") for end in ("lo", "hi")],
    )
    return cases.with_columns(
        *days("gate", pl.min_horizontal("held.last", "planned")),
        *days("outcome"),
        discussed=happened("gate"),
        decided=happened("issue"),
        ruled=happened("outcome"),
    ), meetings


def laid_beside(records: pl.DataFrame, *others: pl.DataFrame) -> pl.DataFrame:
    """Lay one row per record beside the records; null where there is none."""
    for other in others:
        records = records.join(other, on="record", how="left", maintain_order="left")
    return records


def beside(rounds: pl.DataFrame, cases: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Lay columns of the records beside their rounds."""
    return rounds.hstack(cases.select(columns)[rounds["record"]])


def in_force(*moments: str) -> pl.Expr:
    """Ask whether the act was done under the regulation: the first moment that took place, else today, is its day."""
    lo = hi = pl.lit(TODAY, dtype=pl.Int64)
    for name in reversed(moments):
        took_place = pl.col(f"{name}.lo") < NEVER
        lo = pl.when(took_place).then(pl.col(f"{name}.lo") // DAY).otherwise(lo)
        hi = pl.when(took_place).then(pl.col(f"{name}.hi") // DAY).otherwise(hi)
    return decided(lo >= IN_FORCE, hi < IN_FORCE, MOMENT)


def with_law(rounds: pl.DataFrame, cases: pl.DataFrame, moment: str, *, law: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Judge under which law the first round of each record began, for the records and for the rounds."""
    first = of_records(with_order(rounds), *spanned(moment, MAY_BE_FIRST))
    placed = laid_beside(cases.select("record", *ends("gate")), first).with_columns(
        pl.col(*ends(moment)).fill_null(NEVER)
    )
    cases = cases.with_columns(placed.select(in_force(moment, "gate").alias(law)))
    return beside(rounds, cases, *ends("gate"), "gate.first", "gate.last", "gate.past", "gate.begun", law), cases


def comments(folder: Path, cases: pl.DataFrame) -> pl.DataFrame:
    """Judge the rounds of public comment."""
    moments = ("opened", "closed", "closed.announced")
    rest = ("opened.announced.hi", "opened.planned.hi", "closed.planned.hi", "shortening_explained_in_notice")
    rounds = begun(known(read(folder, "public_comment", *ends(*moments), *rest)))
    rounds = rounds.with_columns(*seen("opened"), *seen("closed", "closed.announced"))
    rounds, cases = with_law(rounds, cases, "opened", law="law.comments")
    rounds = rounds.with_columns(
        *days("opened", to_come("opened", "opened.announced.hi", "opened.planned.hi")),
        *days("closed", to_come("closed", "closed.announced.hi", "closed.planned.hi")),
        sure=pl.col("law.comments") == YES,
    )
    sure, early, late = pl.col("sure"), pl.col("opened.first"), pl.col("opened.last")
    judged = rounds.select(
        "record",
        "taken",
        *margin(
            sure & pl.col("opened.past"),
            "closed",
            pl.col("closed.first") - late - COMMENT_DAYS,
            pl.col("closed.last") - early - (COMMENT_DAYS - 1),
        ),
        *length(
            "opened", "closed", finishing("closed") - late - (~sure).cast(pl.Int64), pl.col("closed.last") - early + 1
        ),
        doubt=why_inexact("opened", "closed", sure),
        heard=before("closed", "gate"),
        over=happened("closed"),
        explained=(shown("shortening_explained_in_notice", "opened") == 1).fill_null(value=False),
    ).with_columns(mattering())
    found = of_records(
        judged,
        pl.col("taken", "heard", "surely", "perhaps", "doubt", "least", "most", "explained").max(),
        pl.col("over").min(),
    )
    return laid_beside(cases, prefixed(found, "comment"))


def hearings(folder: Path, cases: pl.DataFrame) -> pl.DataFrame:
    """Judge the hearings."""
    moments = ("materials_delivered", "held", "held.announced")
    rest = ("materials_delivered.announced.hi", "materials_delivered.planned.hi", "held.planned.hi")
    rounds = begun(known(read(folder, "hearing", *ends(*moments), *rest)))
    rounds = rounds.with_columns(*seen("materials_delivered"), *seen("held", "held.announced"))
    rounds, cases = with_law(rounds, cases, "held", law="law.hearings")
    delivery = to_come("materials_delivered", "materials_delivered.announced.hi", "materials_delivered.planned.hi")
    rounds = rounds.with_columns(
        *days("materials_delivered", delivery),
        *days("held", to_come("held", "held.announced.hi", "held.planned.hi")),
        sure=pl.col("law.hearings") == YES,
    )
    sure, early, late = pl.col("sure"), pl.col("materials_delivered.first"), pl.col("materials_delivered.last")
    judged = rounds.select(
        "record",
        "taken",
        *margin(
            sure & pl.col("materials_delivered.past"),
            "held",
            pl.col("held.first") - late - (MATERIAL_DAYS + 1),
            pl.col("held.last") - early - MATERIAL_DAYS,
        ),
        *length(
            "materials_delivered",
            "held",
            finishing("held") - late - 1,
            pl.col("held.last") - early + (~sure).cast(pl.Int64),
        ),
        doubt=why_inexact("materials_delivered", "held", sure),
        heard=before("held", "gate"),
        over=happened("held"),
    ).with_columns(mattering())
    found = of_records(
        judged, pl.col("taken", "heard", "doubt").max(), pl.col("surely", "perhaps", "least", "most", "over").min()
    )
    return laid_beside(cases, prefixed(found, "hearing"))


def margin(known_start: pl.Expr, end: str, surely: pl.Expr, perhaps: pl.Expr) -> list[pl.Expr]:
    """Say by how many days a period is longer than demanded, surely and perhaps.

    Anything is possible where its start is not known; an end that is not on record proves nothing.
    """
    return [
        pl.when(known_start, pl.col(f"{end}.begun"))
        .then(surely.clip(-WIDEST, WIDEST))
        .otherwise(-WIDEST)
        .alias("surely"),
        pl.when(known_start).then(perhaps.clip(-WIDEST, WIDEST)).otherwise(WIDEST).alias("perhaps"),
    ]


def prefixed(found: pl.DataFrame, name: str) -> pl.DataFrame:
    """Name columns after their step."""
    return found.rename({column: f"{name}.{column}" for column in found.columns if column != "record"})


def other_participation(folder: Path, cases: pl.DataFrame) -> pl.DataFrame:
    """Judge other public participation."""
    rounds = begun(known(read(folder, "other_participation", *ends("completed")))).with_columns(*seen("completed"))
    judged = beside(rounds, cases, *ends("gate")).select("record", "taken", heard=before("completed", "gate"))
    return laid_beside(cases, prefixed(of_records(judged, pl.col("taken", "heard").max()), "other"))


def experts(folder: Path, cases: pl.DataFrame) -> pl.DataFrame:
    """Judge the expert reviews."""
    rounds = begun(known(read(folder, "expert_review", *ends("started", "completed"), "conflict_declaration")))
    rounds = with_order(rounds)
    rounds = rounds.with_columns(*seen("started"), *seen("completed"))
    judged = beside(rounds, cases, *ends("gate")).select(
        "record",
        "taken",
        "may_be_first",
        *ends("completed"),
        in_time=before("completed", "gate"),
        done=happened("completed"),
        independent=says(shown("conflict_declaration", "started"), [NO_INTEREST]),
    )
    found = of_records(
        judged,
        pl.col("taken", "in_time", "done").max(),
        pl.col("independent").min(),
        *spanned("completed", MAY_BE_FIRST),
    )
    return laid_beside(cases, prefixed(found, "expert"))


def risks(folder: Path, cases: pl.DataFrame) -> pl.DataFrame:
    """Judge the risk assessments."""
    flags = ("reuses_earlier_report", "earlier_report_covers_same_risk")
    rounds = with_order(
        begun(known(read(folder, "risk_assessment", *ends("completed"), *flags, "conclusion", "draft")))
    )
    rounds = beside(rounds.with_columns(*seen("completed")), cases, *ends("gate", "issue")).with_columns(
        reuses=(shown("reuses_earlier_report", "completed") == 1).fill_null(value=False),
        in_time=before("completed", "gate"),
        by_then=before("completed", "issue"),
        fine=says(shown("conclusion", "completed"), [CONTROLLABLE]),
    )
    covers = says(shown("earlier_report_covers_same_risk", "completed"), [1])
    originals = (
        rounds.filter(MAY_BE_FIRST)
        .group_by("record")
        .agg(original=pl.col("draft").first(), one=pl.col("draft").n_unique() == 1)
    )
    rounds = rounds.join(originals, on="record", how="left", maintain_order="left")
    draft, original, one = pl.col("draft"), pl.col("original"), pl.col("one")
    unnamed = draft.is_null() | (one & original.is_null())
    judged = rounds.select(
        "record",
        "taken",
        "may_be_last",
        *ends("begun", "completed", "issue"),
        anew=pl.when(~pl.col("reuses")).then("in_time").otherwise(code(NO)),
        reused=pl.when("reuses").then(both(covers, pl.col("in_time"))).otherwise(code(NO)),
        done=pl.when(~pl.col("reuses")).then(happened("completed")).otherwise(code(NO)),
        good=both(pl.col("fine"), pl.col("by_then")),
        harmless=pl.max_horizontal("fine", opposite(pl.col("by_then"))),
        adjusted=decided(
            one & (draft != original),
            one & (draft == original),
            pl.when(unnamed).then(code(EVIDENCE)).otherwise(code(MOMENT)),
        ),
    ).with_columns(cures=both(pl.col("good"), pl.col("adjusted")))
    found = of_records(
        judged,
        pl.col("taken", "anew", "reused", "done", "good").max(),
        pl.col("harmless").min(),
        pl.col("harmless").filter(pl.col("harmless") < YES).max().alias("doubtful"),
        agreed("cures", MAY_BE_LAST).alias("cured"),
        pl.col("cures").max().alias("cured_once"),
        *spanned("completed", MAY_BE_LAST),
        pl.col(*ends("issue")).last(),
    )
    harmless = pl.when(pl.col("harmless") == NO).then(code(NO)).otherwise(pl.col("doubtful").fill_null(YES))
    cured_by_then = both(before("issue", "completed"), pl.col("cured_once"))
    met = pl.max_horizontal(both(pl.col("good"), harmless), pl.col("cured"), cured_by_then)
    answers = found.select("record", "taken", "anew", "reused", "done", controllable=met)
    return laid_beside(cases, prefixed(answers, "risk"))


def reviews(folder: Path, cases: pl.DataFrame) -> pl.DataFrame:
    """Judge the legality reviews."""
    rest = ("file_complete.announced.hi", "file_complete.planned.hi", "form")
    rounds = read(folder, "legality_review", *ends("file_complete", "received", "issued"), *rest).with_row_index("row")
    events = read_events(folder, rounds["record"])
    rounds = begun(known(rounds)).with_columns(*seen("file_complete"), *seen("received"), *seen("issued"))
    rounds, cases = with_law(rounds, cases, "file_complete", law="law.reviews")
    complete = to_come("file_complete", "file_complete.announced.hi", "file_complete.planned.hi")
    rounds = with_clock(
        rounds.with_columns(*days("file_complete", complete), sure=pl.col("law.reviews") == YES), events
    )
    rounds = rounds.with_columns(
        formal=says(shown("form", "issued"), [REVIEW_OPINION]),
        in_time=before("issued", "gate"),
        stands=pl.max_horizontal(
            before("issued", "gate"), both(before("received", "gate"), opposite(happened("issued")))
        ),
        done=happened("issued"),
        filed=happened("file_complete"),
    ).with_columns(owed=pl.max_horizontal("filed", "formal"))
    sure, early, late = pl.col("sure"), pl.col("file_complete.first"), pl.col("file_complete.last")
    first_end = nth(counted(early) + REVIEW_DAYS + pl.col("pause.least"))
    last_end = nth(counted(late) + REVIEW_DAYS + pl.col("pause.most")) + 1
    judged = rounds.select(
        "record",
        "taken",
        "owed",
        "formal",
        *margin(
            sure & pl.col("file_complete.past"),
            "gate",
            pl.col("gate.first") - last_end,
            pl.col("gate.last") - first_end,
        ),
        *length(
            "file_complete",
            "gate",
            counted(finishing("gate") - 1) - counted(late) - pl.col("stood.most"),
            counted(pl.col("gate.last"))
            - counted(early - (~sure).cast(pl.Int64))
            - pl.when("sure").then("stood.least").otherwise(0),
        ),
        doubt=why_inexact("file_complete", "gate", sure),
        reviewed=both(pl.col("formal"), pl.col("in_time")),
        replaced=both(opposite(pl.col("formal")), pl.col("stands")),
        done=both(pl.col("formal"), pl.col("done")),
    ).with_columns(mattering())
    judged = judged.with_columns(
        *owed("surely", "least", high=False), *owed("perhaps", "most", high=True), about_owed()
    )
    found = of_records(
        judged,
        pl.col("taken", "owed", "reviewed", "replaced", "done", "surely", "perhaps", "doubt", "least", "most").max(),
    )
    return laid_beside(cases, prefixed(found, "review"))


def owed(*names: str, high: bool) -> list[pl.Expr]:
    """Count only the rounds to which time is owed; where that is unknown, on the doubtful side only."""
    at_least = YES if not high else NO + 1
    return [pl.when(pl.col("owed") >= at_least).then(name).otherwise(-WIDEST).alias(name) for name in names]


def mattering() -> pl.Expr:
    """Keep the doubts about the rounds whose period may be long enough or not."""
    open_question = (pl.col("surely") < 0) & (pl.col("perhaps") >= 0)
    return pl.when(open_question).then("doubt").otherwise(code(NO)).alias("doubt")


def about_owed() -> pl.Expr:
    """Keep the doubts about rounds to which time is owed, and the doubt whether it is."""
    to_tell = pl.when(pl.col("owed") == NO).then(code(NO)).when(pl.col("owed") == YES).then("doubt")
    return to_tell.otherwise(pl.max_horizontal("owed", "doubt")).alias("doubt")


def counted(day: pl.Expr) -> pl.Expr:
    """Count the working days up to a day."""
    return pl.lit(COUNTED).gather(day.clip(0, len(COUNTED) - 1))


def nth(place: pl.Expr) -> pl.Expr:
    """Return the working day with a number, from 1."""
    return pl.lit(NTH).gather((place - 1).clip(0, len(NTH) - 1))


# --- the clock of the review -----------------------------------------------------------------------------------------


def read_events(folder: Path, record: pl.Series) -> pl.DataFrame:
    """Read what happened to the clocks of reviews by today; `row`: the place of the round in its file."""
    events = pl.read_parquet(folder / "events.parquet").filter(
        pl.col("step") == LEGALITY_REVIEW, pl.col("at.lo") <= END
    )
    row = record.search_sorted(events["record"], side="left").cast(pl.Int64) + events["round"]
    events = events.select(
        row.alias("row").cast(pl.UInt32), "kind", lo=pl.col("at.lo") // DAY, hi=pl.col("at.hi") // DAY
    )
    # A round has two events at most.
    own, lo, hi = pl.col("row"), pl.col("lo"), pl.col("hi")
    overlaps = (own == own.shift()) & (hi.shift() > lo) & ((lo != lo.shift()) | (hi != hi.shift()))
    overlaps = overlaps.fill_null(value=False)
    return events.with_columns(order_open=overlaps | overlaps.shift(-1, fill_value=False))


def following(events: pl.DataFrame, kind: int) -> pl.DataFrame:
    """Lay beside each event the next one of a kind in the same round."""
    wanted = pl.col("kind") == kind
    return events.with_columns(
        pl.when(wanted).then(end).backward_fill().over("row").alias(f"next.{end}") for end in ("lo", "hi")
    )


def with_clock(rounds: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Start the clock anew after a return before the period was over, and count the working days it stood still.

    A round has one return or one request for supplements. `pause`: what moves the last day of the demanded length;
    `stood`: what lies within the period.
    """
    back = following(events, SUBMITTED).filter(pl.col("kind") == RETURNED).join(rounds.select("row", *PERIOD), on="row")
    back = back.filter(pl.col("lo") <= pl.col("gate.last")).unique("row", keep="last")
    submitted = events.filter(pl.col("kind") == SUBMITTED).group_by("row")
    back = back.join(submitted.agg(lowest=pl.col("lo").min(), highest=pl.col("hi").max()), on="row", how="left")
    order_open = pl.col("order_open")
    again = back.select(
        "row",
        pl.when(order_open)
        .then(pl.min_horizontal("lowest", TODAY))
        .otherwise(pl.col("next.lo").fill_null(TODAY))
        .alias("next.lo"),
        pl.when(order_open)
        .then(pl.max_horizontal("highest", TODAY))
        .otherwise(pl.col("next.hi").fill_null(FAR))
        .alias("next.hi"),
        came_back=~order_open & (pl.col("next.hi").fill_null(FAR) <= TODAY),
        was_returned=~order_open & (pl.col("hi") <= pl.min_horizontal("gate.first", TODAY)),
    )
    restarted, came_back = pl.col("next.hi").is_not_null(), pl.col("came_back")
    surely = pl.col("sure") & pl.col("was_returned")
    past = pl.when(~restarted).then("file_complete.past").when(surely).then(came_back)
    first, last = pl.col("file_complete.first"), pl.col("file_complete.last")
    rounds = rounds.join(again, on="row", how="left", maintain_order="left").with_columns(
        pl.when(~restarted).then(first).when(surely).then("next.lo").otherwise(pl.min_horizontal(first, "next.lo")),
        pl.when(~restarted).then(last).when(surely).then("next.hi").otherwise(pl.max_horizontal(last, "next.hi")),
        past.otherwise(pl.col("file_complete.past") & came_back).alias("file_complete.past"),
    )
    stops = following(events, SUPPLEMENTED).filter(pl.col("kind") == REQUESTED)
    paused = stops.join(rounds.select("row", *PERIOD), on="row").with_columns(
        pl.when(order_open).then("lo").otherwise(pl.col("next.lo").fill_null(TODAY)).alias("next.lo"),
        pl.when(order_open)
        .then(pl.max_horizontal(pl.col("next.hi").fill_null(TODAY), TODAY))
        .otherwise(pl.col("next.hi").fill_null(TODAY))
        .alias("next.hi"),
    )
    early, late, gate = "file_complete.first", "file_complete.last", ("gate.first", "gate.last")
    pauses = paused.select(
        "row",
        excusing(standing("hi", early, pl.col("next.lo")), "hi", early).alias("pause.least"),
        excusing(standing("lo", late, pl.col("next.hi")), "lo", late).alias("pause.most"),
        standing("hi", late, pl.min_horizontal("next.lo", gate[0])).alias("stood.least"),
        standing("lo", early, pl.min_horizontal("next.hi", gate[1])).alias("stood.most"),
    )
    stood = rounds.join(pauses, on="row", how="left", maintain_order="left")
    return stood.with_columns(pl.col("pause.least", "pause.most", "stood.least", "stood.most").fill_null(0))


PERIOD: Final = ("file_complete.first", "file_complete.last", "gate.first", "gate.last")


def standing(begin: str, start: str, stop: pl.Expr) -> pl.Expr:
    """Count the working days of a pause after the start of the clock; none where that has no limit."""
    since = pl.max_horizontal(begin, start)
    return pl.when(since < FAR).then((counted(stop) - counted(since)).clip(0)).otherwise(0)


def excusing(length: pl.Expr, begin: str, start: str) -> pl.Expr:
    """Count a pause only if it began before the demanded length was over."""
    end = nth(counted(pl.col(start)) + REVIEW_DAYS)
    return pl.when(pl.max_horizontal(begin, start) < end).then(length).otherwise(0)


# --- meetings --------------------------------------------------------------------------------------------------------


def deliberations(meetings: pl.DataFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """Judge the meetings: their form, the decision not before them, the issue not before them."""
    rounds = beside(
        meetings,
        cases,
        *ends("issued"),
        "outcome.first",
        "outcome.last",
        "outcome.past",
        "outcome.begun",
        "lower",
        "ruled",
    )
    rounds = rounds.with_columns(*days("held", to_come("held", "held.planned.hi")))
    surely, perhaps = pl.col("outcome.first") - pl.col("held.last"), pl.col("outcome.last") - pl.col("held.first")
    past = pl.col("held.past")
    reaches = decided(
        past & pl.col("outcome.begun") & (surely >= 0),
        past & (perhaps < 0),
        why_inexact("held", "outcome", pl.lit(value=True)),
    )
    follows = pl.max_horizontal(opposite(pl.col("ruled")), reaches)
    form = shown("form", "held")
    held = rounds.with_columns(orderly=both(follows, before("held", "issued")))
    judged = held.select(
        "record",
        met=pl.max_horizontal(
            both(says(form, [EXECUTIVE, PLENARY]), pl.col("orderly")),
            pl.when("lower").then(both(says(form, [LEADERSHIP]), pl.col("orderly"))).otherwise(code(NO)),
        ),
    )
    return laid_beside(cases, prefixed(of_records(judged, pl.col("met").max()), "meeting"))


# --- verdicts --------------------------------------------------------------------------------------------------------


def until(gate: str) -> pl.Expr:
    """Leave open what a gate not yet passed may still bring."""
    return pl.when(pl.col(gate) == YES).then(code(NO)).when(pl.col(gate) == NO).then(code(OPEN)).otherwise(code(MOMENT))


def of(name: str) -> pl.Expr:
    """Return an answer about a step: no where it was not taken."""
    return pl.col(name).fill_null(NO)


def every(*truths: pl.Expr) -> pl.Expr:
    """Join several truths with "and"."""
    found = truths[0]
    for truth in truths[1:]:
        found = both(found, truth)
    return found


def long_enough(name: str) -> pl.Expr:
    """Hold a period against what is demanded."""
    return decided(
        of_number(name, "surely") >= 0, of_number(name, "perhaps") < 0, pl.col(f"{name}.doubt").fill_null(EVIDENCE)
    )


def of_number(name: str, what: str) -> pl.Expr:
    """Return a margin; far too short where there is no round."""
    return pl.col(f"{name}.{what}").fill_null(-WIDEST)


def verdict(
    card: str,
    *,
    applies: pl.Expr,
    met: pl.Expr,
    settled: pl.Expr,
    unless: pl.Expr | None = None,
    barred: pl.Expr | None = None,
) -> list[pl.Expr]:
    """Give the outcome of a card, and why it cannot be told; `barred`: the matter is not the card's."""
    inside = pl.col("inside") if barred is None else pl.col("inside") & barred
    applies = pl.when(inside).then(applies).otherwise(code(NO))
    unless = code(NO) if unless is None else unless
    ended = pl.col("ended")
    outcome = (
        pl.when(applies == NO)
        .then(code(NOT_APPLICABLE))
        .when(applies != YES)
        .then(code(UNDETERMINED))
        .when(met == YES)
        .then(code(SATISFIED))
        .when(unless == YES)
        .then(code(EXCEPTED))
        .when((met == NO) & (unless == NO))
        .then(code(VIOLATED))
        .when((met != NO) & (settled == NO) & (ended == NO))
        .then(code(PENDING))
        .when((met != NO) & (settled == NO) & (ended == YES))
        .then(code(NOT_APPLICABLE))
        .otherwise(code(UNDETERMINED))
    )
    doubt = (
        pl.when(applies != YES)
        .then(applies)
        .when(met == NO)
        .then(unless)
        .when(settled == NO)
        .then(ended)
        .otherwise(met)
    )
    return [outcome.alias(card), doubt.alias(f"{card}.doubt")]


def verdicts() -> list[pl.Expr]:
    """Write the eleven cards."""
    gate, issue = pl.col("law.gate"), pl.col("law.issue")
    discussed, decided_by = pl.col("discussed"), pl.col("decided")
    heard = pl.max_horizontal(of("comment.heard"), of("hearing.heard"), of("other.heard"))
    displaced = pl.col("not_displaced")
    cards = {
        "NR-14a": verdict(
            "NR-14a",
            applies=gate,
            met=pl.max_horizontal(heard, until("discussed")),
            settled=discussed,
            unless=pl.col("not_public"),
            barred=displaced,
        ),
        "NR-15b": verdict(
            "NR-15b",
            applies=both(pl.col("law.comments"), of("comment.taken")),
            met=long_enough("comment"),
            settled=pl.max_horizontal(discussed, of("comment.over")),
            unless=pl.when(pl.col("comment.explained").fill_null(value=False)).then(code(YES)).otherwise(code(NO)),
            barred=displaced,
        ),
        "NR-16e": verdict(
            "NR-16e",
            applies=both(pl.col("law.hearings"), of("hearing.taken")),
            met=long_enough("hearing"),
            settled=pl.max_horizontal(discussed, of("hearing.over")),
        ),
        "NR-19a": verdict(
            "NR-19a",
            applies=both(gate, pl.col("technical")),
            met=pl.max_horizontal(of("expert.in_time"), until("discussed")),
            settled=discussed,
        ),
        "NR-20c": verdict(
            "NR-20c",
            applies=both(pl.col("law.experts"), of("expert.taken")),
            met=pl.max_horizontal(of("expert.independent"), until("expert.over")),
            settled=pl.col("expert.over"),
        ),
        "NR-22a": verdict(
            "NR-22a",
            applies=both(gate, pl.col("risk_possible")),
            met=pl.max_horizontal(of("risk.anew"), until("discussed")),
            settled=discussed,
            unless=of("risk.reused"),
        ),
        "NR-24": verdict(
            "NR-24",
            applies=both(issue, of("risk.taken")),
            met=pl.max_horizontal(of("risk.controllable"), until("decided")),
            settled=decided_by,
        ),
        "NR-25a": verdict(
            "NR-25a",
            applies=gate,
            met=pl.max_horizontal(of("review.reviewed"), until("discussed")),
            settled=discussed,
        ),
        "NR-25b": verdict(
            "NR-25b",
            applies=both(gate, of("review.taken")),
            met=pl.max_horizontal(
                of("review.reviewed"), both(discussed, opposite(of("review.replaced"))), until("discussed")
            ),
            settled=discussed,
        ),
        "NR-26b": verdict(
            "NR-26b",
            applies=every(pl.col("law.reviews"), of("review.owed"), of("review.taken")),
            met=long_enough("review"),
            settled=discussed,
        ),
        "NR-30a": verdict(
            "NR-30a",
            applies=issue,
            met=pl.max_horizontal(of("meeting.met"), until("decided")),
            settled=decided_by,
        ),
    }
    return [expression for card in CARDS for expression in cards[card]]


VERDICT_EXPRESSIONS: Final = verdicts()
"""Written once; repeated parts are worked out once by the lazy engine."""


def missing_unless(done: str) -> pl.Expr:
    """Call a violation a missing step, or one out of order if it was taken."""
    return pl.when(of(done) == NO).then(code(MISSING)).otherwise(code(OUT_OF_ORDER))


VIOLATIONS: Final = {
    "NR-14a": code(MISSING),
    "NR-15b": code(TOO_SHORT),
    "NR-16e": code(TOO_SHORT),
    "NR-19a": missing_unless("expert.done"),
    "NR-20c": code(DEFECTIVE),
    "NR-22a": missing_unless("risk.done"),
    "NR-24": code(DEFECTIVE),
    "NR-25a": missing_unless("review.done"),
    "NR-25b": code(DEFECTIVE),
    "NR-26b": code(TOO_SHORT),
    "NR-30a": code(MISSING),
}
SHOWN: Final = {
    "NR-15b": ("comment", "law.comments", COMMENT_DAYS),
    "NR-16e": ("hearing", "law.hearings", MATERIAL_DAYS),
    "NR-26b": ("review", "law.reviews", REVIEW_DAYS),
}
"""For each card that shows numbers: the step, the column that says whether the law held, and what it demands."""

FOLLOWS: Final = {"NR-24": "NR-22a", "NR-25b": "NR-25a", "NR-26b": "NR-25a"}
"""What is told with the finding of another card, and not by itself; but a violation only with a violation."""


def questioned(card: str) -> pl.Expr:
    """Ask whether a card cannot be told for a reason of the record's."""
    return (pl.col(card) == UNDETERMINED) & (pl.col(f"{card}.doubt") >= SAME_DAY)


def alone(card: str, violated: pl.Expr) -> pl.Expr:
    """Ask whether a finding of a card follows from no other."""
    if card not in FOLLOWS:
        return pl.lit(value=True)
    root = FOLLOWS[card]
    return (pl.col(root) != VIOLATED) & (violated | ~questioned(root))


def closed(end: str) -> pl.Expr:
    """Show an end of a length, unless it is open."""
    return pl.when(pl.col(end).abs() < FAR // 2).then(pl.col(end)).cast(pl.Int32)


def findings(judged: pl.LazyFrame, card: str) -> pl.LazyFrame:
    """Write one row per finding of a card: what is violated, and what cannot be told for a reason of the record's."""
    violated, doubt = pl.col(card) == VIOLATED, pl.col(f"{card}.doubt")
    nothing = pl.lit(None, dtype=pl.Int32)
    numbers = {"actual_lo": nothing, "actual_hi": nothing, "required": nothing}
    if card in SHOWN:
        step, law, demanded = SHOWN[card]
        numbers = {
            "actual_lo": closed(f"{step}.least"),
            "actual_hi": closed(f"{step}.most"),
            "required": pl.when(pl.col(law) == YES).then(pl.lit(demanded, dtype=pl.Int32)),
        }
    return judged.filter(violated | questioned(card), alone(card, violated)).select(
        "id",
        card=pl.lit(card, dtype=CARD),
        verdict=pl.when(violated).then(code(0)).otherwise(code(1)).cat.to(VERDICTS),
        reason=pl.when(violated).then(VIOLATIONS[card]).otherwise(doubt + (DOUBTS_BEGIN - 1)).cat.to(REASONS),
        **numbers,
    )


def judge(folder: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Judge a partition: outcome codes, one column per card, and findings, one row each."""
    cases, meetings = gates(folder, read_records(folder))
    for step in (comments, hearings, other_participation, experts, risks, reviews):
        cases = step(folder, cases)
    cases = deliberations(meetings, cases).with_columns(
        pl.col(*ends("expert.completed")).fill_null(NEVER),
        **{"law.gate": in_force("gate"), "law.issue": in_force("issue")},
    )
    cases = cases.with_columns(
        **{"law.experts": in_force("expert.completed"), "expert.over": happened("expert.completed")}
    )
    judged = cases.lazy().with_columns(VERDICT_EXPRESSIONS).collect()
    lazy = judged.lazy()
    return judged.select(CARDS), pl.concat(pl.collect_all([findings(lazy, card) for card in CARDS]))
