"""Write a report as DOCX: headings, tables with a row of headings on each page, and an appendix of queries.

Each number leads to its query by a link. The footer of every page has the digest of the rulebook and the page number.
"""

import io
from collections.abc import Iterable
from string import Formatter
from typing import Final

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as DocxParagraph

from api.reports.models import AnnualReport, Cell, Number, Paragraph, Query, Section, Table
from api.reports.saying import APPENDIX, BASIS, basis_lines, cell_text, number_text, query_lines, title_of
from engine.vocabulary import Language

BODY_FONT: Final = "仿宋"
HEADING_FONT: Final = "黑体"
WESTERN_FONT: Final = "Times New Roman"
WIDE: Final = 8
"""A table of so many columns or more stands on a page across."""

_SMALL: Final = Pt(8)
_DIGEST_SHOWN: Final = 16


def as_docx(report: AnnualReport, language: Language) -> bytes:
    """Return the report as a document of Word."""
    document = Document()
    _set_up(document, report, language)
    document.add_heading(title_of(report, language), level=0)
    document.add_heading(BASIS.say(language), level=1)
    _plain_table(document, [(name, value) for name, value in basis_lines(report.basis, language)])
    for number, section in enumerate(report.sections, start=1):
        _section(document, number, section, language)
    document.add_heading(APPENDIX.say(language), level=1)
    for query in report.queries:
        _query(document, query, language)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _set_up(document: DocumentObject, report: AnnualReport, language: Language) -> None:
    """Set fonts, margins, footer and properties."""
    for name, font, size in (
        ("Normal", BODY_FONT, 11),
        ("Title", HEADING_FONT, 18),
        ("Heading 1", HEADING_FONT, 14),
        ("Heading 2", HEADING_FONT, 12),
    ):
        style = document.styles[name]
        if isinstance(style, ParagraphStyle):
            _set_font(style, font, size)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    _footer(section.footer.paragraphs[0], report)
    properties = document.core_properties
    properties.title, properties.author = title_of(report, language), "duecourse"
    properties.comments = f"rulebook {report.basis.rulebook}"
    properties.created = properties.modified = report.basis.known_at.replace(tzinfo=None)


def _set_font(style: ParagraphStyle, font: str, size: int) -> None:
    style.font.name, style.font.size = WESTERN_FONT, Pt(size)
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)
    fonts.set(qn("w:eastAsia"), font)


def _footer(paragraph: DocxParagraph, report: AnnualReport) -> None:
    basis = report.basis
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    trail = f" · trail {basis.trail_number} {(basis.trail_digest or '')[:_DIGEST_SHOWN]}" if basis.trail_digest else ""
    run = paragraph.add_run(f"{basis.as_of} · rulebook {basis.rulebook[:_DIGEST_SHOWN]}{trail} · ")
    run.font.size = _SMALL
    for part in (_field_part("begin"), _instruction("PAGE"), _field_part("end")):
        page = paragraph.add_run()
        page.font.size = _SMALL
        page._r.append(part)  # noqa: SLF001 - python-docx has no fields


def _field_part(kind: str) -> BaseOxmlElement:
    element = OxmlElement("w:fldChar")
    element.set(qn("w:fldCharType"), kind)
    return element


def _instruction(text: str) -> BaseOxmlElement:
    element = OxmlElement("w:instrText")
    element.set(qn("xml:space"), "preserve")
    element.text = text
    return element


def _section(document: DocumentObject, number: int, section: Section, language: Language) -> None:
    wide = any(isinstance(part, Table) and len(part.columns) >= WIDE for part in section.parts)
    if wide:
        _turn(document)
    document.add_heading(f"{number}. {section.heading.say(language)}", level=1)
    for part in section.parts:
        if isinstance(part, Paragraph):
            _paragraph(document, part, language)
        else:
            document.add_heading(part.title.say(language), level=2)
            _table(document, part, language)
    if wide:
        _turn(document)


def _turn(document: DocumentObject) -> None:
    """Go on on a page that lies the other way."""
    section = document.add_section()
    across = section.orientation == WD_ORIENT.PORTRAIT
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = section.page_height, section.page_width


def _paragraph(document: DocumentObject, part: Paragraph, language: Language) -> None:
    paragraph = document.add_paragraph()
    for text, place, _, _ in Formatter().parse(part.text.say(language)):
        paragraph.add_run(_legal(text))
        if place is not None:
            _write_number(paragraph, part.numbers[int(place)], language)


def _write_number(paragraph: DocxParagraph, number: Number, language: Language) -> None:
    """Write a number, and behind it the mark that leads to its query."""
    paragraph.add_run(number_text(number, language))
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), _anchor(number.query))
    mark = paragraph.add_run(f"[{number.query}]")
    mark.font.superscript = True
    link.append(mark._r)  # noqa: SLF001 - python-docx has no links within a document
    paragraph._p.append(link)  # noqa: SLF001


def _table(document: DocumentObject, part: Table, language: Language) -> None:
    table = document.add_table(rows=1, cols=len(part.columns), style="Table Grid")
    heading = table.rows[0]
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    heading._tr.get_or_add_trPr().append(repeated)  # noqa: SLF001 - python-docx has no rows that come again
    for cell, column in zip(heading.cells, part.columns, strict=True):
        _fill(cell.paragraphs[0], column, language, bold=True)
    for row in part.rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            _fill(cell.paragraphs[0], value, language)
    document.add_paragraph()


def _fill(paragraph: DocxParagraph, value: Cell, language: Language, *, bold: bool = False) -> None:
    if isinstance(value, Number):
        _write_number(paragraph, value, language)
    else:
        paragraph.add_run(_legal(cell_text(value, language)))
    for run in paragraph.runs:
        run.font.size, run.bold = _SMALL, bold


def _plain_table(document: DocumentObject, rows: Iterable[tuple[str, str]]) -> None:
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for name, value in rows:
        first, second = table.add_row().cells
        first.width, second.width = Cm(4), Cm(12.6)
        first.paragraphs[0].add_run(name)
        second.paragraphs[0].add_run(_legal(value))


def _query(document: DocumentObject, query: Query, language: Language) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(3)
    _bookmark(paragraph, query.number)
    head = paragraph.add_run(f"[{query.number}] {query.title.say(language)}  ")
    head.bold = True
    said = "; ".join(f"{name} {value}" for name, value in query_lines(query, language))
    paragraph.add_run(_legal(said))
    for run in paragraph.runs:
        run.font.size = _SMALL


def _bookmark(paragraph: DocxParagraph, number: int) -> None:
    begin, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (begin, end):
        element.set(qn("w:id"), str(number))
    begin.set(qn("w:name"), _anchor(number))
    paragraph._p.append(begin)  # noqa: SLF001 - python-docx has no bookmarks
    paragraph._p.append(end)  # noqa: SLF001


def _anchor(number: int) -> str:
    return f"query_{number}"


def _legal(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return "".join(sign for sign in text if sign in "\t\n" or (sign >= " " and sign not in "\x7f\ufffe\uffff"))
