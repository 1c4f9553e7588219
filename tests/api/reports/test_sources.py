"""A report made from a service's database says what the service's own summaries and lists of findings say."""

from pathlib import Path

from typer.testing import CliRunner

from api.cli.app import app
from api.reports.models import AnnualReport, Number, Paragraph, Query
from tests.api.summaries.year import Year, answer

AS_OF = "2025-12-31"
WITHIN = {"from": "2025-01-01", "to": "2025-12-31"}


def _written(year: Year, out: Path, *, as_of: str = AS_OF) -> AnnualReport:
    url = year.served.service.settings.database
    asked = ["--year", "2025", "--place", "CN", "--as-of", as_of, "--out", str(out)]
    made = CliRunner().invoke(app, ["report", url, *asked])
    assert made.exit_code == 0, made.output
    return AnnualReport.model_validate_json(out.read_text())


def _query(report: AnnualReport, title: str) -> Query:
    return next(query for query in report.queries if query.title.en == title)


def _numbers(report: AnnualReport) -> dict[int, Number]:
    found: dict[int, Number] = {}
    for section in report.sections:
        for part in section.parts:
            cells = part.numbers if isinstance(part, Paragraph) else [cell for row in part.rows for cell in row]
            found |= {cell.query: cell for cell in cells if isinstance(cell, Number)}
    return found


def test_the_report_of_a_store_equals_its_summaries_and_findings(year: Year, tmp_path: Path) -> None:
    report = _written(year, tmp_path / "report.json")
    numbers = _numbers(report)
    summary = year.summary(as_of=AS_OF, **WITHIN)
    total = summary["total"]

    def value(title: str) -> float | None:
        return numbers[_query(report, title).number].value

    assert (value("decision matters"), value("matters with a flag")) == (total["records"], total["flagged"])
    assert tuple(value(name) for name in ("flags", "questions", "notices")) == (
        total["flags"],
        total["questions"],
        total["notices"],
    )
    assert (value("violations waived"), value("flags dismissed")) == (total["waived"], total["dismissed"])
    for row in year.summary(as_of=AS_OF, by="step", **WITHIN)["items"]:
        if row["group"][0]["key"] in {"public_comment", "legality_review", "collective_deliberation"}:
            rate = _query(report, f"{row['group'][0]['title']['en']}: compliance rate")
            assert (len(rate.counted), rate.among) == (row["rate"]["numerator"], row["rate"]["denominator"])
    cards = {row["group"][0]["key"]: row["flags"] for row in year.summary(as_of=AS_OF, by="card", **WITHIN)["items"]}
    told = {
        query.title.en.split(":")[0]: query.number for query in report.queries if query.title.en.endswith(": flags")
    }
    assert {card: numbers[number].value for card, number in told.items()} == {
        card: flags for card, flags in cards.items() if flags
    }
    behind = answer(year.auditor, "/api/v1/summaries/records", figure="flagged", as_of=AS_OF, **WITHIN)["items"]
    assert {row["id"] for row in behind} == set(_query(report, "matters with a flag").counted)
    # Nothing had been submitted to the service by then.
    assert _query(report, "flags: open").among == 0
    assert report.basis.trail_digest == summary["basis"]["trail_digest"]
    assert report.basis.rulebook == summary["basis"]["rulebook"]


def test_flags_that_were_ever_opened_are_told_as_they_stood_then(year: Year, tmp_path: Path) -> None:
    report = _written(year, tmp_path / "report.json", as_of="2099-12-31")
    listed = answer(year.auditor, "/api/v1/findings", kind="flag", state="open", limit=500)["items"]
    assert len(_query(report, "flags: open").counted) == len(listed) > 0


def test_a_database_that_is_not_there_is_told(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/missing.sqlite"
    asked = ["--year", "2025", "--place", "CN", "--as-of", AS_OF, "--out", str(tmp_path / "r.md")]
    told = CliRunner().invoke(app, ["report", url, *asked])
    assert told.exit_code == 2
    assert not (tmp_path / "r.md").exists()
