"""Read YAML and JSON into plain data that remembers its lines.

Scalars stay as written: a day is a string here, so that 30 February reaches the one place that knows what to say
about it. Aliases are written out, up to a limit beyond which they explode; keys that occur twice are refused.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import yaml

from engine.reading.problems import Location, Problem, field_path, line_of
from engine.vocabulary import Bilingual

DEFAULT_LIMIT: Final = 16 * 1024 * 1024
DEPTH_LIMIT: Final = 60
BRACKET_LIMIT: Final = 1_000
"""How many brackets may be open at once, in texts too, before a file is not even read."""
REPEAT_LIMIT: Final = 100_000
"""How many places of a document may be repeats of others, through aliases."""


@dataclass(frozen=True, slots=True)
class Text:
    """One document of a file: its data, and the line of every place in it."""

    file: str
    data: Any
    lines: Mapping[Location, int]

    def problem(self, place: Location, code: str, given: str, expected: str, do: str) -> Problem:
        """Make the problem of a place in this text."""
        return Problem(
            code=code,
            file=self.file,
            line=line_of(place, self.lines),
            field=field_path(place),
            given=given,
            expected=Bilingual(zh=expected, en=expected),
            do=Bilingual(zh=do, en=do),
        )


class _Refused(Exception):  # noqa: N818 - control flow inside this module, never leaves it
    def __init__(self, code: str, line: int, given: str, expected: Bilingual, do: Bilingual) -> None:
        super().__init__(code)
        self.code, self.line, self.given, self.expected, self.do = code, line, given, expected, do


def read_texts(path: Path, *, limit: int = DEFAULT_LIMIT) -> tuple[list[Text], list[Problem]]:
    """Read one file: each YAML document, or the JSON value, as one `Text`; never raises for what the file holds.

    `limit` is the greatest size of a file in bytes.
    """
    try:
        content = _content(path, limit=limit)
        return parse_texts(content, file=str(path)), []
    except _Refused as refused:
        return [], [_as_problem(refused, file=str(path))]


def read_yaml(raw: bytes, *, file: str) -> tuple[list[Text], list[Problem]]:
    """Read YAML that lies in no file: each document as one `Text`; `file` is what problems call it."""
    try:
        return parse_texts(_decoded(raw), file=file), []
    except _Refused as refused:
        return [], [_as_problem(refused, file=file)]


def json_text(data: Any, content: str, *, file: str) -> Text:  # noqa: ANN401 - plain data
    """Make the text of JSON that has been read already; the lines of its parts are found when first asked for."""
    return Text(file=file, data=data, lines=_LinesOfJson(content, file))


class _LinesOfJson(Mapping[Location, int]):
    """The lines of JSON, found by reading it as YAML; a text that YAML reads otherwise is all on line 1."""

    def __init__(self, content: str, file: str) -> None:
        self._content = content
        self._file = file

    def __getitem__(self, place: Location) -> int:
        return self._found[place] if place else 1

    def __iter__(self) -> Iterator[Location]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    @cached_property
    def _found(self) -> Mapping[Location, int]:
        try:
            (text,) = parse_texts(self._content, file=self._file)
        except (_Refused, ValueError):
            return {(): 1}
        return text.lines


def parse_texts(content: str, *, file: str) -> list[Text]:
    """Parse the content of a file; JSON is read by the same way as YAML, of which it is a part."""
    _refuse_depth(content)
    try:
        loader = _Loader(content)
    except UnicodeEncodeError as error:
        raise _Refused(
            "binary_file", 1, f"the character {error.object[error.start]!r}", _TEXT_FILE, _SAVE_TEXT
        ) from None
    try:
        texts = []
        while loader.check_node():
            lines: dict[Location, int] = {}
            texts.append(Text(file=file, data=loader.plain_document(lines), lines=lines))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise _Refused("not_readable", line, str(error.problem), _READABLE, _CORRECT) from None
    except yaml.reader.ReaderError as error:
        raise _Refused("binary_file", 1, f"the character #x{error.character:04x}", _TEXT_FILE, _SAVE_TEXT) from None
    finally:
        loader.dispose()
    if not texts or all(text.data is None for text in texts):
        raise _Refused("empty_file", 1, "an empty file", _SOMETHING, _FILL)
    return texts


def _refuse_depth(content: str) -> None:
    """Refuse what is nested so deeply in brackets that reading it could exhaust the stack, before it is read.

    Brackets within texts count too: nobody writes so many without closing them.
    """
    depth = 0
    for match in _BRACKETS.finditer(content):
        depth += 1 if match[0] in "[{" else -1
        if depth > BRACKET_LIMIT:
            line = content.count("\n", 0, match.start()) + 1
            raise _Refused("too_deep", line, "a deeper nesting", _SHALLOW, _CORRECT)


_BRACKETS: Final = re.compile(r"[\[\]{}]")
_READABLE: Final = Bilingual(zh="合法的YAML或者JSON", en="well-formed YAML or JSON")
_SHALLOW: Final = Bilingual(zh=f"不超过{DEPTH_LIMIT}层", en=f"{DEPTH_LIMIT} levels or fewer")
_CORRECT: Final = Bilingual(zh="更正该行的写法", en="correct the notation at that line")
_TEXT_FILE: Final = Bilingual(zh="UTF-8文本文件", en="a text file in UTF-8")
_SAVE_TEXT: Final = Bilingual(zh="另存为UTF-8编码的YAML或者JSON", en="save it as YAML or JSON in UTF-8")
_SOMETHING: Final = Bilingual(zh="至少一条记录", en="one record or more")
_FILL: Final = Bilingual(zh="填写记录或者不提交该文件", en="fill it in, or leave the file out")


def _content(path: Path, *, limit: int) -> str:
    try:
        size = path.stat().st_size
        if size > limit:
            raise _Refused(
                "file_too_large",
                1,
                f"{size} bytes",
                Bilingual(zh=f"不超过{limit}字节", en=f"{limit} bytes or fewer"),
                Bilingual(zh="拆分文件或者调高上限", en="split the file, or raise the limit"),
            )
        raw = path.read_bytes()
    except OSError as error:
        exists = Bilingual(zh="可读的文件", en="a file that can be read")
        check = Bilingual(zh="检查路径和权限", en="check the path and its permissions")
        raise _Refused("unreadable_file", 1, error.strerror or "an error", exists, check) from None
    text = _decoded(raw)
    return _unescaped_surrogates(text) if path.suffix == ".json" else text


def _decoded(raw: bytes) -> str:
    if b"\x00" in raw:
        raise _Refused("binary_file", 1, "a binary file", _TEXT_FILE, _SAVE_TEXT)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _Refused("binary_file", line, f"the byte 0x{raw[error.start]:02x}", _TEXT_FILE, _SAVE_TEXT) from None


def _unescaped_surrogates(text: str) -> str:
    r"""Rewrite JSON that YAML reads otherwise: escapes such as `\ud83d\ude00` become the character itself, tabs go."""
    if "\\ud" not in text and "\\uD" not in text and "\t" not in text:
        return text
    try:
        return json.dumps(json.loads(text, object_pairs_hook=_each_key_once), ensure_ascii=False, indent=1)
    except (ValueError, RecursionError):
        return text


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise _Refused("duplicate_key", 1, repr(name), _ONCE, _REMOVE)
    return dict(pairs)


_ONCE: Final = Bilingual(zh="每个键只出现一次", en="each key once")
_REMOVE: Final = Bilingual(zh="删除重复的键", en="remove one of the two")


def _as_problem(refused: _Refused, *, file: str) -> Problem:
    return Problem(
        code=refused.code,
        file=file,
        line=refused.line,
        field="(whole file)",
        given=refused.given,
        expected=refused.expected,
        do=refused.do,
    )


class _Loader(yaml.CSafeLoader):
    """The safe loader without timestamps; it turns nodes to plain data."""

    def plain_document(self, lines: dict[Location, int]) -> Any:  # noqa: ANN401 - plain data
        """Read the next document and note the line of every place in it."""
        self._visited: set[int] = set()
        self._repeated = 0
        node = self.get_node()
        return self._plain(node, (), lines) if node else None

    def _plain(self, node: yaml.Node, place: Location, lines: dict[Location, int]) -> Any:  # noqa: ANN401 - plain data
        line = node.start_mark.line + 1
        self._repeated += id(node) in self._visited
        if self._repeated > REPEAT_LIMIT:
            fewer = Bilingual(
                zh=f"别名重复的内容不超过{REPEAT_LIMIT}处", en=f"{REPEAT_LIMIT} places repeated by aliases or fewer"
            )
            write_out = Bilingual(zh="把内容写出来,不用别名(*)", en="write the content out in place of aliases (*name)")
            raise _Refused("aliases_explode", line, "aliases that repeat more", fewer, write_out)
        self._visited.add(id(node))
        if len(place) > DEPTH_LIMIT:
            raise _Refused("too_deep", line, "a deeper nesting", _SHALLOW, _CORRECT)
        lines.setdefault(place, line)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place, lines)
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(item, (*place, index), lines) for index, item in enumerate(node.value)]
        return self._scalar(node, line)

    def _mapping(self, node: yaml.MappingNode, place: Location, lines: dict[Location, int]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                name = Bilingual(zh="文字作为键", en="a text as key")
                raise _Refused("wrong_type", line, "a compound key", name, _CORRECT)
            key = key_node.value
            if key in result:
                raise _Refused("duplicate_key", line, repr(key), _ONCE, _REMOVE)
            lines[(*place, key)] = line
            result[key] = self._plain(value_node, (*place, key), lines)
        return result

    def _scalar(self, node: yaml.Node, line: int) -> Any:  # noqa: ANN401 - plain data
        if node.tag not in _SCALARS:
            raise _Refused("not_readable", line, f"the tag {node.tag}", _READABLE, _CORRECT)
        try:
            return self.construct_object(node)
        except (ValueError, yaml.YAMLError) as error:
            raise _Refused("not_readable", line, str(error), _READABLE, _CORRECT) from None


_SCALARS: Final = {f"tag:yaml.org,2002:{kind}" for kind in ("null", "bool", "int", "float", "str", "merge", "value")}
_TIMESTAMP: Final = "tag:yaml.org,2002:timestamp"
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
