"""What may be sent: how much, of which kind, and how JSON has to be written. What fails is told with its place.

JSON is taken strictly: UTF-8, each key once, numbers that a database can hold, no NUL and no half of a surrogate pair,
nested no deeper than the engine reads.
"""

import json
import re
from collections.abc import AsyncIterator, Collection, Iterable
from typing import Any, Final

from starlette.requests import Request
from starlette.types import Message, Receive

from api.refusals import TooLargeError, UnreadableError, WrongMediaError
from engine.reading.problems import shown
from engine.reading.texts import DEPTH_LIMIT
from engine.vocabulary import Bilingual

JSON: Final = "application/json"
YAML: Final = "application/yaml"
FORM: Final = "multipart/form-data"
MEDIA: Final = {"application/x-yaml": YAML, "text/yaml": YAML, "text/x-yaml": YAML}
"""Other names of what is taken."""
BITS: Final = 63
"""How large a whole number may be: more is held by no database column."""


class BodyTooLargeError(TooLargeError):
    """A body is larger than it may be."""

    def __init__(self, *, given: str, limit: int) -> None:
        """Say how large it may be."""
        super().__init__(
            "body_too_large",
            given=given,
            expected=Bilingual(zh=f"不超过{limit}字节", en=f"{limit} bytes or fewer"),
            do=Bilingual(zh="拆分后分次提交", en="send it in parts"),
            field="(body)",
        )


class MediaError(WrongMediaError):
    """A body is of a type that is not taken."""

    def __init__(self, *, given: str, taken: Collection[str]) -> None:
        """Say what is taken."""
        listed = ", ".join(sorted(taken))
        super().__init__(
            "wrong_content_type",
            given=given or "nothing",
            expected=Bilingual(zh=listed, en=f"one of {listed}"),
            do=Bilingual(zh="更正Content-Type", en="correct the header Content-Type"),
            field="Content-Type",
        )


class BodyError(UnreadableError):
    """A body cannot be read as JSON."""

    def __init__(self, code: str, *, given: str, expected: Bilingual, line: int = 1) -> None:
        """Say what is wrong, and in which line."""
        super().__init__(code, given=given, expected=expected, do=_CORRECT, field="(body)")
        (problem,) = self.problems
        self.problems = (problem.model_copy(update={"file": "(body)", "line": line}),)


def media_of(request: Request, *, taken: Collection[str]) -> str:
    """Return the media type of a body under its usual name; raises `MediaError` for one that is not taken."""
    given = request.headers.get("content-type", "")
    media = given.partition(";")[0].strip().lower()
    media = MEDIA.get(media, media)
    if media not in taken:
        raise MediaError(given=given, taken=taken)
    return media


def refuse_announced(request: Request, *, limit: int) -> None:
    """Refuse a body that is said to be too large before it is read; raises `BodyTooLargeError`."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > limit:
        raise BodyTooLargeError(given=f"{length} bytes", limit=limit)


def counted(receive: Receive, *, limit: int) -> Receive:
    """Let a body through as long as it is not too large; raises `BodyTooLargeError` when it is."""
    total = 0

    async def receive_counted() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > limit:
            raise BodyTooLargeError(given=f"more than {limit} bytes", limit=limit)
        return message

    return receive_counted


async def body_of(request: Request, *, limit: int) -> bytes:
    """Return a body; raises `BodyTooLargeError`."""
    refuse_announced(request, limit=limit)
    return b"".join([chunk async for chunk in _chunks(request, limit)])


async def _chunks(request: Request, limit: int) -> AsyncIterator[bytes]:
    total = 0
    async for chunk in request.stream():
        total += len(chunk)
        if total > limit:
            raise BodyTooLargeError(given=f"more than {limit} bytes", limit=limit)
        yield chunk


def json_of(content: bytes) -> Any:  # noqa: ANN401 - plain data
    """Read JSON strictly; raises `BodyError`."""
    text = text_of(content)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_each_key_once,
            parse_int=_whole,
            parse_float=_finite,
            parse_constant=_no_number,
        )
    except json.JSONDecodeError as error:
        raise BodyError("not_readable", given=error.msg, expected=_JSON, line=error.lineno) from None
    except RecursionError:
        raise BodyError("too_deep", given="a deeper nesting", expected=_SHALLOW) from None
    if content.count(b"[") + content.count(b"{") > DEPTH_LIMIT:
        _refuse_depth(value)
    if "\\u" in text:
        _refuse_half_characters(value)
    return value


def text_of(content: bytes) -> str:
    """Return the text of a body; raises `BodyError` for what is no UTF-8 and for NUL."""
    place = content.find(b"\x00")
    if place >= 0:
        line = content.count(b"\n", 0, place) + 1
        raise BodyError("binary_file", given="the byte 0x00", expected=_TEXT, line=line)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        given = f"the byte 0x{content[error.start]:02x}"
        raise BodyError("binary_file", given=given, expected=_TEXT, line=line) from None


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BodyError("duplicate_key", given=shown(twice), expected=_ONCE)
    return made


def _whole(text: str) -> int:
    if len(text) > BITS or not -(2**BITS) <= (number := int(text)) < 2**BITS:
        raise BodyError("number_too_large", given=shown(text), expected=_NUMBER)
    return number


def _finite(text: str) -> float:
    number = float(text)
    if number in {float("inf"), float("-inf")}:
        raise BodyError("number_too_large", given=shown(text), expected=_NUMBER)
    return number


def _no_number(text: str) -> float:
    raise BodyError("not_readable", given=text, expected=_JSON)


def _refuse_depth(value: object) -> None:
    level: list[object] = [value]
    for _ in range(DEPTH_LIMIT):
        level = [part for outer in level for part in _parts(outer)]
        if not level:
            return
    raise BodyError("too_deep", given="a deeper nesting", expected=_SHALLOW)


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _refuse_half_characters(value: object) -> None:
    """Refuse what only an escape can bring in: NUL, and half of a surrogate pair."""
    rest = [value]
    while rest:
        part = rest.pop()
        if isinstance(part, str):
            if _WRONG_CHARACTER.search(part):
                raise BodyError("binary_file", given=ascii(part)[:80], expected=_TEXT)
        else:
            rest.extend(_parts(part))
            if isinstance(part, dict):
                rest.extend(part)


_WRONG_CHARACTER: Final = re.compile("[\x00\ud800-\udfff]")
_CORRECT: Final = Bilingual(zh="更正后重新提交", en="correct it and send it again")
_JSON: Final = Bilingual(zh="合法的JSON", en="well-formed JSON")
_TEXT: Final = Bilingual(zh="UTF-8文本,不含NUL和不成对的代理字符", en="text in UTF-8 without NUL and half characters")
_ONCE: Final = Bilingual(zh="每个键只出现一次", en="each key once")
_NUMBER: Final = Bilingual(zh="64位以内的数", en="a number within 64 bits")
_SHALLOW: Final = Bilingual(zh=f"不超过{DEPTH_LIMIT}层", en=f"{DEPTH_LIMIT} levels or fewer")
