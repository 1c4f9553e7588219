"""What is wrong with an input, as a value: where, what was given, what is expected, what to do.

A problem is never raised: it is returned beside what could be read.
"""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from engine.vocabulary import Bilingual, Frozen, Language

Location = tuple[str | int, ...]

GIVEN_LENGTH: Final = 80


class Problem(Frozen):
    """One thing wrong with an input. `line` counts from 1; `field` is the path in the record or card."""

    code: str
    file: str
    line: int
    field: str
    given: str
    expected: Bilingual
    do: Bilingual

    def say(self, language: Language) -> str:
        """Return the message in one line."""
        if language == "zh":
            text = f"输入为 {self.given};应为 {self.expected.zh};处理: {self.do.zh}"
        else:
            text = f"given {self.given}; expected {self.expected.en}; do {self.do.en}"
        return f"{self.file}:{self.line} {self.field}: {text} [{self.code}]"

    def __str__(self) -> str:
        """Return the English message."""
        return self.say("en")


def fault(
    code: str,
    expected: Bilingual,
    do: Bilingual,
    *,
    within: Location = (),
    given: str | None = None,
) -> PydanticCustomError:
    """Make the error that a validator raises, carrying a stable code and both languages.

    `within`: the place inside of what the validator looks at, where that is known more exactly.
    """
    context: dict[str, Any] = {
        "code": code,
        "expected_zh": expected.zh,
        "expected_en": expected.en,
        "do_zh": do.zh,
        "do_en": do.en,
        "within": within,
        "given": given,
    }
    return PydanticCustomError("duecourse", "{code}: {expected_en}", context)


_KNOWN: Final[Mapping[str, tuple[str, Bilingual, Bilingual]]] = {
    "extra_forbidden": (
        "unknown_field",
        Bilingual(zh="已定义的字段", en="a field that is defined here"),
        Bilingual(zh="更正字段名或者删除该字段", en="correct the name or remove the field"),
    ),
    "missing": (
        "missing_field",
        Bilingual(zh="该字段必须填写", en="this field to be present"),
        Bilingual(zh="补充该字段", en="add the field"),
    ),
    "enum": (
        "not_a_choice",
        Bilingual(zh="{expected}", en="one of {expected}"),
        Bilingual(zh="从所列的值中选择", en="choose one of the values listed"),
    ),
    "literal_error": (
        "not_a_choice",
        Bilingual(zh="{expected}", en="one of {expected}"),
        Bilingual(zh="从所列的值中选择", en="choose one of the values listed"),
    ),
    "union_tag_invalid": (
        "not_a_choice",
        Bilingual(zh="{expected_tags}", en="one of {expected_tags}"),
        Bilingual(zh="从所列的种类中选择", en="choose one of the kinds listed"),
    ),
}


def problems_of(error: ValidationError, *, file: str, lines: Mapping[Location, int]) -> list[Problem]:
    """Translate what pydantic found into problems, one per error, in the order of the text."""
    return problems_of_details(error.errors(include_url=False), file=file, lines=lines)


def problems_of_details(details: Iterable[ErrorDetails], *, file: str, lines: Mapping[Location, int]) -> list[Problem]:
    """Translate the details of pydantic's errors into problems, one for each, in the order of the text."""
    found = [_problem(detail, file=file, lines=lines) for detail in details]
    return sorted(found, key=lambda problem: (problem.line, problem.field))


def _problem(detail: ErrorDetails, *, file: str, lines: Mapping[Location, int]) -> Problem:
    context: dict[str, Any] = dict(detail.get("ctx", {}))
    place = (*_written(detail, lines), *context.get("within", ()))
    code, expected, do = _wording(detail, context)
    if code == "unknown_field" and len(place) >= _STEP_DEPTH and place[-2] == "steps":
        code = "unknown_step"
    return Problem(
        code=code,
        file=file,
        line=line_of(place, lines),
        field=field_path(place),
        given=context.get("given") or _given(place, detail, code=code),
        expected=expected,
        do=do,
    )


_STEP_DEPTH: Final = 2


def _written(detail: ErrorDetails, lines: Mapping[Location, int]) -> Location:
    """Return the place as it is written: without what pydantic adds for unions, shorthands and validators."""
    place: Location = ()
    for part in detail["loc"]:
        if (*place, part) in lines:
            place = (*place, part)
    absent = detail["type"] == "missing" or not lines
    return (*place, detail["loc"][-1]) if absent and detail["loc"] else place


def _given(place: Location, detail: ErrorDetails, *, code: str) -> str:
    if code in {"unknown_field", "unknown_step"}:
        # What is written in an unusual way, such as a key of no letters, may be missing among the lines.
        return repr((place or detail["loc"])[-1])
    return "nothing" if code == "missing_field" else shown(detail["input"])


_TYPES: Final = {
    "string": Bilingual(zh="文字", en="a text"),
    "int": Bilingual(zh="整数", en="a whole number"),
    "bool": Bilingual(zh="true或者false", en="true or false"),
    "tuple": Bilingual(zh="列表", en="a list"),
    "list": Bilingual(zh="列表", en="a list"),
    "dict": Bilingual(zh="键和值", en="keys with values"),
    "model": Bilingual(zh="键和值", en="keys with values"),
    "date": Bilingual(zh="日期(2024-03-01)", en="a day (2024-03-01)"),
}


def _wording(detail: ErrorDetails, context: Mapping[str, Any]) -> tuple[str, Bilingual, Bilingual]:
    if detail["type"] == "duecourse":
        return (
            str(context["code"]),
            Bilingual(zh=str(context["expected_zh"]), en=str(context["expected_en"])),
            Bilingual(zh=str(context["do_zh"]), en=str(context["do_en"])),
        )
    if detail["type"] in _KNOWN:
        code, expected, do = _KNOWN[detail["type"]]
        return code, Bilingual(zh=expected.zh.format(**context), en=expected.en.format(**context)), do
    do = Bilingual(zh="按该字段的格式更正", en="correct the value to what this field holds")
    kind = detail["type"].split("_")[0]
    if kind in _TYPES and detail["type"].endswith(("_type", "_parsing", "_attributes_type")):
        return "wrong_type", _TYPES[kind], do
    message = detail["msg"][0].lower() + detail["msg"][1:]
    return "invalid_value", Bilingual(zh=f"符合要求的值({message})", en=f"a value that fits: {message}"), do


def line_of(place: Location, lines: Mapping[Location, int]) -> int:
    """Return the line of a place, or of the nearest place around it that has one."""
    for length in range(len(place), -1, -1):
        if place[:length] in lines:
            return lines[place[:length]]
    return 1


def field_path(place: Location) -> str:
    """Write a place the way a person would: `steps.public_comment[0].opened`."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "(whole file)"


def shown(value: object) -> str:
    """Write a given value in one short line."""
    text = repr(value)
    return text if len(text) <= GIVEN_LENGTH else text[: GIVEN_LENGTH - 1] + "…"


def near(name: str, known: list[str]) -> str:
    """Return `, perhaps you mean …` when a known name is close, else nothing."""
    close = difflib.get_close_matches(name, known, n=1)
    return f"; perhaps {close[0]!r}" if close else ""
