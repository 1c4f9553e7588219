"""A report as DOCX and as Markdown: the same numbers, each with the way to its query."""

import io
import re
from datetime import UTC, date, datetime

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from api.reports.documents import as_docx
from api.reports.markdown import as_markdown
from api.reports.models import AnnualReport, Number, Paragraph, Query, ReportBasis, Section, Table
from engine.vocabulary import Bilingual, Language

HOSTILE = "<script>|*_[x](y)\x01"


def _both(zh: str, en: str) -> Bilingual:
    return Bilingual(zh=zh, en=en)


@pytest.fixture
def report() -> AnnualReport:
    share = Number(value=2, of=3, unsure=1, query=1)
    wide = tuple(_both(f"列{place}", f"column {place}") for place in range(8))
    return AnnualReport(
        title=_both("某县年度报告", "annual report"),
        basis=ReportBasis(
            source="made-up.yaml",
            place="CN",
            place_title=_both("全国", "the country"),
            procedure="major_decision",
            procedure_title=_both("程序", "procedure"),
            year=2025,
            as_of=date(2025, 12, 31),
            known_at=datetime(2026, 6, 30, tzinfo=UTC),
            rulebook="ab" * 32,
            engine="0",
            trail_number=7,
            trail_digest="cd" * 32,
            made_up=True,
        ),
        sections=(
            Section(
                heading=_both("环节", "steps"),
                parts=(
                    Paragraph(text=_both("共{0}件。", "{0} in all."), numbers=(share,)),
                    Table(title=_both("表", "table"), columns=(_both("事项", "matter"),), rows=((HOSTILE,), (share,))),
                ),
            ),
            Section(heading=_both("一览", "list"), parts=(Table(title=_both("宽表", "wide"), columns=wide, rows=()),)),
        ),
        queries=(
            Query(
                number=1,
                title=_both("查询", "a query"),
                population=_both("全部", "all"),
                definition=_both("定义", "definition"),
                asks="public_comment.taken",
                counted=("a", "b"),
                rest=(),
                unsure=("c",),
                among=3,
            ),
        ),
    )


@pytest.mark.parametrize(
    ("language", "share"), [("zh", "2/3 (66.7%),另1无法判断"), ("en", "2/3 (66.7%); 1 more cannot be told")]
)
def test_a_document_read_back_has_headings_numbers_and_queries(
    report: AnnualReport, language: Language, share: str
) -> None:
    document = Document(io.BytesIO(as_docx(report, language)))
    headings = [
        one.text for one in document.paragraphs if one.style and one.style.name.startswith(("Heading", "Title"))
    ]
    assert headings[0] == {"zh": "某县年度报告 (虚构)", "en": "annual report (made up)"}[language]
    assert f"1. {report.sections[0].heading.say(language)}" in headings
    assert any(f"{share}[1]" in one.text for one in document.paragraphs)
    assert any(one.text.startswith("[1] ") and "public_comment.taken" in one.text for one in document.paragraphs)


def test_tables_repeat_their_headings_and_wide_ones_lie_across(report: AnnualReport) -> None:
    document = Document(io.BytesIO(as_docx(report, "zh")))
    table = document.tables[1]
    assert "w:tblHeader" in table.rows[0]._tr.xml  # noqa: SLF001
    assert [row.cells[0].text for row in table.rows] == ["事项", "<script>|*_[x](y)", "2/3 (66.7%),另1无法判断[1]"]
    portrait, landscape = WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE
    assert [section.orientation for section in document.sections] == [portrait, landscape, portrait]


def test_fonts_are_named_and_the_footer_has_digest_head_and_page_number(report: AnnualReport) -> None:
    document = Document(io.BytesIO(as_docx(report, "zh")))
    fonts = document.styles["Normal"].element.rPr.rFonts
    footer = document.sections[0].footer.paragraphs[0]
    assert fonts.get(qn("w:eastAsia")) == "仿宋"
    assert "2025-12-31 · rulebook abababababababab · trail 7 cdcdcdcdcdcdcdcd" in footer.text
    assert "PAGE" in footer._p.xml  # noqa: SLF001


def test_each_mark_leads_to_its_query(report: AnnualReport) -> None:
    xml = Document(io.BytesIO(as_docx(report, "zh"))).element.xml
    assert set(re.findall(r'w:anchor="(\w+)"', xml)) == set(re.findall(r'bookmarkStart[^>]* w:name="(\w+)"', xml))


def test_markdown_has_a_footnote_for_each_number_and_shows_hostile_text_as_text(report: AnnualReport) -> None:
    text = as_markdown(report, "en")
    assert "2/3 (66.7%); 1 more cannot be told[^1] in all." in text
    assert "\n[^1]: **a query** – of all; counts definition; query public\\_comment.taken" in text
    assert r"\<script\>\|\*\_\[x\](y)" in text


def test_the_same_report_gives_the_same_markdown(report: AnnualReport) -> None:
    assert as_markdown(report, "zh") == as_markdown(report.model_copy(), "zh")
