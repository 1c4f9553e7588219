"""What an enemy, or somebody careless, sends: each with the answers that are fit for it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.api.trials.district import SETTINGS, Who
from tests.api.trials.things import CATALOGUES, OF_A_COMMENT, RECORDS, matter

JSON: Final = {"Content-Type": "application/json"}
YAML: Final = {"Content-Type": "application/yaml"}
PDF: Final = b"%PDF-1.7\n"
MARKED: Final = "机密★10年"
DEEP: Final = 30_000


@dataclass(frozen=True)
class Hostile:
    """A request that is to be refused: with one of these statuses, and this code."""

    name: str
    method: str
    path: str
    status: int
    code: str
    options: Mapping[str, Any] = field(default_factory=dict)
    who: Who = Who.LEAD


def _record(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - plain data
    return matter("hostile", **fields)


def _text(content: str | bytes) -> dict[str, Any]:
    return {"content": content, "headers": JSON}


def _yaml(content: str | bytes) -> dict[str, Any]:
    return {"content": content, "headers": YAML}


def _file(name: str, content: bytes, media: str = "application/pdf") -> dict[str, Any]:
    return {"data": OF_A_COMMENT, "files": {"file": (name, content, media)}}


def _form(name: bytes) -> dict[str, Any]:
    """Write a form as no client would."""
    fields = [(f'form-data; name="{field}"'.encode(), value.encode()) for field, value in OF_A_COMMENT.items()]
    fields.append((b'form-data; name="file"; filename="' + name + b'"', PDF))
    parts = [b"--x\r\nContent-Disposition: " + field + b"\r\n\r\n" + value + b"\r\n" for field, value in fields]
    return {"content": b"".join(parts) + b"--x--\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=x"}}


_EVIDENCE: Final = f"{RECORDS}/{{record}}/evidence"
_ROUNDS: Final = f"{RECORDS}/{{record}}/rounds/public_comment"
_TOO_LONG: Final = "长" * (SETTINGS["max_bytes"] // 2)
_BOMB: Final = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{letter}: &{letter} [{','.join(['*' + before] * 9)}]\n"
    for before, letter in zip("abcdefg", "bcdefgh", strict=True)
)

BODIES: Final = tuple(
    Hostile(f"{name} {path}", "POST", path, status, code, options, who)
    for path, who in (
        (RECORDS, Who.LEAD),
        (_ROUNDS, Who.LEAD),
        ("/api/v1/check", Who.LEAD),
        (CATALOGUES, Who.GENERAL),
        ("/api/v1/units", Who.ADMIN),
        ("/api/v1/waivers", Who.LEAD),
    )
    for name, status, code, options in (
        ("too large", 413, "body_too_large", _text(json.dumps({"note": _TOO_LONG}))),
        ("no JSON", 400, "not_readable", _text("{")),
        ("nothing", 400, "not_readable", _text("")),
        ("deep JSON", 400, "too_deep", _text("[" * DEEP + "]" * DEEP)),
        ("deep objects", 400, "too_deep", _text('{"a":' * DEEP + "1" + "}" * DEEP)),
        ("no UTF-8", 400, "binary_file", _text(b'{"title": "\xff\xfe"}')),
        ("UTF-16", 400, "binary_file", _text('{"title": "x"}'.encode("utf-16"))),
        ("a NUL", 400, "binary_file", _text('{"title": "a\\u0000b"}')),
        ("half a character", 400, "binary_file", _text('{"title": "\\ud800"}')),
        ("a key twice", 400, "duplicate_key", _text('{"id": "a", "id": "b"}')),
        ("a huge number", 400, "number_too_large", _text('{"id": 1' + "0" * 5000 + "}")),
        ("not a number", 400, "not_readable", _text('{"id": NaN}')),
        ("a wrong type", 415, "wrong_content_type", {"content": "<a/>", "headers": {"Content-Type": "text/xml"}}),
        ("no type", 415, "wrong_content_type", {"content": "{}"}),
        ("a form", 415, "wrong_content_type", {"data": {"id": "a"}}),
    )
)
"""Bodies that no route takes."""

CONTENTS: Final = (
    Hostile("an alias bomb", "POST", RECORDS, 422, "aliases_explode", _yaml(_BOMB)),
    Hostile(
        "YAML that makes objects", "POST", RECORDS, 422, "wrong_type", _yaml("!!python/object/apply:os.system [ls]")
    ),
    Hostile("a marked title", "POST", RECORDS, 422, "classified", {"json": _record(title=f"{MARKED}\n方案")}),
    Hostile("a marked note", "POST", _ROUNDS, 422, "classified", {"json": {"opened": "2024-04-08", "note": MARKED}}),
    Hostile(
        "a marked check of a record",
        "PUT",
        f"{RECORDS}/{{record}}",
        422,
        "classified",
        {
            "json": _record(title=MARKED),
            "headers": {"If-Match": '"1"'},
        },
    ),
    Hostile("unknown fields", "POST", RECORDS, 422, "unknown_field", {"json": _record(is_admin=True)}),
    Hostile(
        "times of entry", "POST", RECORDS, 422, "entered_by_server", {"json": _record(entered="2020-01-01T00:00:00Z")}
    ),
    Hostile("two records", "POST", RECORDS, 422, "not_one", {"json": [_record(), matter("another")]}),
    Hostile("another's record", "POST", RECORDS, 403, "not_yours_to_submit", {"json": _record(lead=Who.OUTSIDER)}),
    Hostile(
        "an old version",
        "PUT",
        f"{RECORDS}/{{record}}",
        412,
        "stale_version",
        {
            "json": _record(),
            "headers": {"If-Match": '"0.stale"'},
        },
    ),
    Hostile("no version", "PUT", f"{RECORDS}/{{record}}", 428, "version_missing", {"json": _record()}),
)
"""Contents that are refused for what they say."""

# A path before a name with backslashes is left out by whoever reads the form, as browsers of old sent it.
_NAMES: Final = ("../../etc/passwd.pdf", "/etc/a.pdf", "a:b.pdf", "a*.pdf", "..", "...", " ", "a" * 300 + ".pdf")
FILES: Final = (
    Hostile(
        "too large a file",
        "POST",
        _EVIDENCE,
        413,
        "body_too_large",
        _file("a.pdf", PDF + b"x" * SETTINGS["max_file_bytes"]),
    ),
    *(
        Hostile(f"a file named {name[:20]!r}", "POST", _EVIDENCE, 422, "wrong_file_name", _file(name, PDF))
        for name in _NAMES
    ),
    Hostile("a program", "POST", _EVIDENCE, 415, "wrong_file_kind", _file("a.exe", b"MZ\x90\x00")),
    Hostile("a program as PDF", "POST", _EVIDENCE, 415, "wrong_file_kind", _file("a.pdf", b"MZ\x90\x00")),
    Hostile("a page", "POST", _EVIDENCE, 415, "wrong_file_kind", _file("a.html", b"<script>", "text/html")),
    Hostile("a marked text", "POST", _EVIDENCE, 422, "classified", _file("a.txt", MARKED.encode(), "text/plain")),
    Hostile("a marked name", "POST", _EVIDENCE, 422, "classified", _file("密级 机密.pdf", PDF)),
    Hostile("a file named with a control", "POST", _EVIDENCE, 422, "wrong_file_name", _form(b"a\x01b.pdf")),
    Hostile("no file", "POST", _EVIDENCE, 422, "missing_field", {"data": OF_A_COMMENT, "files": {"other": ("a", b"")}}),
)
"""Files that are refused."""
