"""A file is taken if it is what name and type say, and of a kind that does no harm."""

import io
import zipfile

import pytest

from api.records.errors import ClassifiedError, FileKindError, FileNameError
from api.records.files import KINDS, kind_of, refuse_marked, safe_name

PDF = b"%PDF-1.7\n1 0 obj\n<< /Title (made up) >>\nendobj\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def packed(**parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return buffer.getvalue()


def kind(content: bytes, name: str, declared: str | None = None) -> str:
    return kind_of(io.BytesIO(content), name=name, declared=declared).media_type


@pytest.mark.parametrize(
    ("content", "name", "declared"),
    [
        (PDF, "公告.PDF", "application/pdf"),
        (PDF, "a.pdf", None),
        (PDF, "a.pdf", "application/octet-stream"),
        (PNG, "a.png", "image/png"),
        (b"\xff\xd8\xff\xe0" + bytes(20), "a.jpeg", "image/jpeg"),
        (packed(word__document_xml="<w:p/>"), "a.docx", DOCX),
        (packed(OFD_xml="<ofd/>"), "a.ofd", "application/ofd"),
        ("名称,数量\n甲,1\n".encode(), "a.csv", "text/csv; charset=utf-8"),
        ("意见汇总\n".encode() * 200_000, "a.txt", "text/plain"),
    ],
)
def test_a_file_that_is_what_it_says_is_taken(content: bytes, name: str, declared: str | None) -> None:
    assert kind(content, name, declared) in {known.media_type for known in KINDS}


@pytest.mark.parametrize(
    ("content", "name", "declared"),
    [
        (PDF, "a.png", "image/png"),
        (PDF, "a.pdf", "text/html"),
        (PDF, "a.html", "text/html"),
        (b"<html></html>", "a.pdf", "application/pdf"),
        (b"MZ\x90\x00", "a.exe", "application/octet-stream"),
        (b"", "a.pdf", "application/pdf"),
        (packed(word__document_xml="<w:p/>"), "a.zip", "application/zip"),
        (packed(word__document_xml="<w:p/>", word__vbaProject_bin="x"), "a.docx", DOCX),
        (packed(other="x"), "a.docx", DOCX),
        (b"PK\x03\x04rubbish", "a.docx", DOCX),
        ("意见".encode("gbk"), "a.txt", "text/plain"),
        (b"a\x00b", "a.txt", "text/plain"),
        (PDF, "pdf", "application/pdf"),
    ],
)
def test_a_file_of_another_kind_or_disguised_as_one_is_refused(content: bytes, name: str, declared: str) -> None:
    with pytest.raises(FileKindError):
        kind(content, name, declared)


@pytest.mark.parametrize(
    "name",
    [
        "../a.pdf",
        "a/b.pdf",
        "a\\b.pdf",
        "..",
        ".",
        "",
        None,
        "a\x00.pdf",
        "a\n.pdf",
        "c:a.pdf",
        "x" * 201,
        "a\u202e.pdf",
        'a".pdf',
    ],
)
def test_a_name_that_may_lead_anywhere_is_refused(name: str | None) -> None:
    with pytest.raises(FileNameError):
        safe_name(name)


def test_a_name_is_kept_in_its_usual_form() -> None:
    assert safe_name(" 公告 (二).pdf ") == "公告 (二).pdf"
    assert safe_name("re\u0301sume\u0301.pdf") == "r\u00e9sum\u00e9.pdf"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("机密★5年\n意见".encode(), "a.txt"),
        (PDF + "机密★".encode(), "a.pdf"),
        (PDF + b"(\xfe\xff" + "秘密★1年".encode("utf-16-be") + b")", "a.pdf"),
        (PDF + b"<FEFF" + "绝密★".encode("utf-16-be").hex().encode() + b">", "a.pdf"),
        (packed(word__document_xml="<w:p><w:t>机</w:t><w:t>密★</w:t></w:p>"), "a.docx"),
        (packed(word__header1_xml="<w:p><w:t>秘密</w:t></w:p>", word__document_xml="<w:p/>"), "a.docx"),
        (PDF, "机密★5年.pdf"),
    ],
)
def test_a_file_that_bears_a_marking_is_refused(content: bytes, name: str) -> None:
    file = io.BytesIO(content)
    with pytest.raises(ClassifiedError):
        refuse_marked(file, kind_of(file, name=name, declared=None), name=name)


def test_a_file_that_speaks_of_secrets_is_taken() -> None:
    for content, name in (("不涉及国家秘密".encode(), "a.txt"), (PDF, "保密承诺.pdf"), (PNG, "a.png")):
        file = io.BytesIO(content)
        refuse_marked(file, kind_of(file, name=name, declared=None), name=name)
