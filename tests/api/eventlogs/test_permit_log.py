"""A real log, described by YAML alone, from the file to verdicts; each number is counted again from the file itself.

The log is read where it lies, beside the project or where `DUECOURSE_PERMIT_LOG` says, and is not part of the project.
"""

import os
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from tests.api.cli.test_check import duecourse as run
from tests.api.cli.test_import_log import duecourse
from tests.conftest import ROOT

LOG: Final = Path(os.environ.get("DUECOURSE_PERMIT_LOG", ROOT.parent / "shared" / "data" / "receipt.csv"))
EXAMPLE: Final = ROOT / "examples" / "permit-log"
AS_OF: Final = date(2012, 1, 31)
KNOWN_AT: Final = datetime(2026, 6, 30, tzinfo=UTC)

STEPS: Final = {
    "registration": "Confirmation of receipt",
    "check": "T02 Check confirmation of receipt",
    "adjustment": "T03 Adjust confirmation of receipt",
    "determination": "T04 Determine confirmation of receipt",
    "dispatch": "T05 Print and send confirmation of receipt",
    "stop_advice": "T06 Determine necessity of stop advice",
    "stop_indication": "T10 Determine necessity to stop indication",
}

needs_the_log = pytest.mark.skipif(
    not LOG.is_file(), reason=f"the permit log is not at {LOG}; set DUECOURSE_PERMIT_LOG to where it lies"
)


def _counted_from_the_file() -> set[tuple[str, str, str]]:
    """Find what is wrong in the log with Polars alone: case, card and how it was violated."""
    log = pl.read_csv(LOG, infer_schema=False).rename({"case:concept:name": "case", "concept:name": "activity"})
    times = {
        name: pl.col(name)
        .str.replace(r"(:\d\d)([+-])", "$1.0$2")
        .str.to_datetime("%Y-%m-%d %H:%M:%S%.f%:z", time_zone="Europe/Amsterdam")
        for name in ("time:timestamp", "case:startdate", "case:deadline", "case:enddate")
    }
    log = log.with_columns(**times).with_columns(
        pl.col(name).dt.replace_time_zone(None, ambiguous="earliest") for name in times
    )
    cases = log.group_by("case").agg(
        pl.col("case:startdate").first().dt.date().alias("received"),
        pl.col("case:deadline").first().dt.date().alias("ends"),
        pl.col("case:enddate").first().dt.truncate("1m").alias("closed"),
        *(
            getattr(pl.col("time:timestamp").filter(pl.col("activity") == activity), pick)()
            .dt.truncate("1m")
            .alias(f"{step}.{name}")
            for step, activity in STEPS.items()
            for name, pick in (("first", "min"), ("last", "max"))
        ),
    )
    never, day = pl.lit(None, pl.String), pl.lit(AS_OF)
    closed, sent = pl.col("closed"), pl.col("dispatch.first").dt.date()
    last_day = pl.col("received") + pl.duration(days=28)

    def late(done: pl.Expr, last: pl.Expr) -> pl.Expr:
        overdue = pl.when(done.is_null() & (last < day)).then(pl.lit("overdue"))
        return pl.when((done > last) & (last <= day)).then(pl.lit("late")).otherwise(overdue)

    def before(done: pl.Expr, gate: pl.Expr) -> pl.Expr:
        missing = pl.when(gate.is_not_null() & done.is_null()).then(pl.lit("missing"))
        return pl.when(done > gate).then(pl.lit("out_of_order")).otherwise(missing)

    mandatory = [step for step in STEPS if step != "adjustment"]
    adjusted, checked = pl.col("adjustment.last"), pl.col("check.last")
    not_again = closed.is_not_null() & adjusted.is_not_null() & (checked.is_null() | (checked < adjusted))
    verdicts = {
        "PR-1": late(closed.dt.date(), pl.col("ends")),
        "PR-2": late(sent, last_day),
        **{
            f"PR-3{letter}": before(pl.col(f"{step}.first"), closed)
            for letter, step in zip("abcdef", mandatory, strict=True)
        },
        "PR-4a": before(pl.col("check.first"), pl.col("stop_advice.first")),
        "PR-4b": before(pl.col("determination.first"), pl.col("dispatch.first")),
        "PR-5": pl.when(not_again).then(pl.lit("out_of_order")).otherwise(never),
    }
    found = (
        cases.select("case", **verdicts).unpivot(index="case", variable_name="card", value_name="reason").drop_nulls()
    )
    return {*found.select("case", "card", "reason").iter_rows(), *_one_person(log)}


def _one_person(log: pl.DataFrame) -> set[tuple[str, str, str]]:
    """Find the cases in which somebody determined what they had checked last themselves."""
    checks = log.filter(pl.col("activity") == STEPS["check"]).sort("time:timestamp")
    last = checks.group_by("case").agg(pl.col("org:resource").last().alias("checker"))
    same = log.filter(pl.col("activity") == STEPS["determination"]).join(last, on="case")
    found = same.filter(pl.col("org:resource") == pl.col("checker")).get_column("case")
    return {(name, "PR-6", "defective") for name in found}


@pytest.fixture(scope="module")
def expected() -> set[tuple[str, str, str]]:
    return _counted_from_the_file()


@needs_the_log
def test_the_sweep_of_the_imported_log_finds_what_the_file_says_case_by_case(
    expected: set[tuple[str, str, str]], tmp_path: Path
) -> None:
    table, out = tmp_path / "table", tmp_path / "out"
    rules = ("--rules", EXAMPLE / "rules")
    done = duecourse(
        "import", "log", LOG, "--mapping", EXAMPLE / "mapping.yaml", "--out", table, *rules, "--lang", "en"
    )
    assert (done.exit_code, done.stderr) == (0, "")
    assert "cases 1434 · records 1434 · events 8577 · unreadable 0 · zone Europe/Amsterdam" in done.stdout
    swept = run("sweep", table, "--as-of", AS_OF.isoformat(), "--out", out, "--workers", "1", *rules)
    assert swept.returncode == 1, swept.stderr
    found = pl.concat([pl.read_parquet(path) for path in (out / "findings").glob("*.parquet")])
    assert set(found.get_column("verdict")) == {"violated"}
    rows = [
        (str(name), str(card), str(reason)) for name, card, reason in found.select("id", "card", "reason").iter_rows()
    ]
    assert Counter((card, reason) for _, card, reason in rows) == Counter(
        (card, reason) for _, card, reason in expected
    )
    assert set(rows) == expected


@needs_the_log
def test_each_kind_of_finding_is_there(expected: set[tuple[str, str, str]]) -> None:
    counts = Counter((card, reason) for _, card, reason in expected)
    assert counts["PR-1", "late"] == 309
    assert counts["PR-3b", "missing"] == 112
    assert counts["PR-4a", "out_of_order"] == 200
