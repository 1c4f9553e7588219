"""Read a folder of rules and lint it: every problem with file, line, field and what to do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeVar

from pydantic import ValidationError

from engine.calendar.notices import HolidayYear
from engine.cards.card import Card, CardMeaning
from engine.parameters.jurisdictions import Jurisdiction, JurisdictionTree, UnknownParentError
from engine.parameters.parameter import Parameter, ParameterConflictError, ParameterTable
from engine.procedure import Procedure
from engine.reading.problems import Problem, problems_of
from engine.reading.texts import Text, read_texts
from engine.rulebook.coverage import CoverageMap, lint_coverage
from engine.rulebook.instrument import Instrument
from engine.rulebook.lint import contradictions, lint_card, lint_parameter
from engine.rulebook.rulebook import Masthead, Rulebook, RulebookError
from engine.vocabulary import Frozen

Model = TypeVar("Model", bound=Frozen)

MASTHEAD: Final = "rulebook.yaml"


@dataclass
class _Shelf:
    """What has been read so far."""

    root: Path
    problems: list[Problem] = field(default_factory=list)
    texts: dict[str, Text] = field(default_factory=dict)

    def read(self, kind: str, model: type[Model], *, key: str = "id") -> dict[str, Model]:
        """Read all files of a sub-folder; each document is one model, or a list of them."""
        found: dict[str, Model] = {}
        for path in sorted((self.root / kind).rglob("*.yaml")):
            for text in self._texts(path):
                for part in _parts(text):
                    made = self._model(part, model)
                    if made is None:
                        continue
                    name = str(getattr(made, key))
                    if name in found:
                        self.problems.append(part.problem((key,), "duplicate_id", name, "each id once", "rename one"))
                        continue
                    found[name] = made
                    self.texts[f"{kind}/{name}"] = part
        return found

    def masthead(self) -> Masthead | None:
        """Read the rulebook's own file."""
        for text in self._texts(self.root / MASTHEAD):
            return self._model(text, Masthead)
        return None

    def _texts(self, path: Path) -> list[Text]:
        texts, problems = read_texts(path)
        self.problems.extend(problems)
        return texts

    def _model(self, text: Text, model: type[Model]) -> Model | None:
        try:
            return model.model_validate(text.data)
        except ValidationError as error:
            self.problems.extend(problems_of(error, file=text.file, lines=text.lines))
            return None


def _parts(text: Text) -> Iterable[Text]:
    if not isinstance(text.data, list):
        return [text]
    return [
        Text(text.file, item, {place[1:]: line for place, line in text.lines.items() if place[:1] == (index,)})
        for index, item in enumerate(text.data)
    ]


def read_rulebook(folder: Path) -> tuple[Rulebook | None, list[Problem]]:
    """Read and lint a folder of rules; without problems there is a rulebook, with problems there is none."""
    shelf = _Shelf(folder)
    masthead = shelf.masthead()
    procedures = shelf.read("procedures", Procedure)
    instruments = shelf.read("instruments", Instrument)
    places = shelf.read("jurisdictions", Jurisdiction)
    parameters = shelf.read("parameters", Parameter)
    holidays = shelf.read("holidays", HolidayYear, key="year")
    cards = shelf.read("cards", Card)
    coverage = shelf.read("coverage", CoverageMap, key="instrument")
    tree = _tree(shelf, places)
    if tree is None or masthead is None:
        return None, shelf.problems
    for name, parameter in parameters.items():
        text = shelf.texts[f"parameters/{name}"]
        shelf.problems.extend(lint_parameter(parameter, text, instruments=instruments, places=places))
    tables = _tables(shelf, parameters, tree) if not shelf.problems else {}
    meanings: list[CardMeaning] = []
    # A card is not blamed for a faulty procedure.
    faulty = any(str(folder / "procedures") in problem.file for problem in shelf.problems)
    for name, card in () if faulty else sorted(cards.items()):
        text = shelf.texts[f"cards/{name}"]
        meaning, found = lint_card(
            card,
            text,
            procedures=procedures,
            instruments=instruments,
            places=places,
            parameters=parameters,
            cards=cards,
        )
        shelf.problems.extend(found)
        meanings += [meaning] if meaning else []
    shelf.problems.extend(_contradictions(shelf, cards))
    # A map is not blamed for a faulty card.
    for name, covered in () if shelf.problems else coverage.items():
        text = shelf.texts[f"coverage/{name}"]
        shelf.problems.extend(lint_coverage(covered, text, cards=cards, instruments=instruments))
    if shelf.problems:
        return None, shelf.problems
    rulebook = Rulebook(
        masthead=masthead,
        digest=digest(folder),
        procedures=procedures,
        instruments=instruments,
        tree=tree,
        parameters=tables,
        holidays=tuple(year for _, year in sorted(holidays.items())),
        meanings=tuple(meanings),
        coverage=tuple(covered for _, covered in sorted(coverage.items())),
        texts={name.removeprefix("cards/"): text for name, text in shelf.texts.items() if name.startswith("cards/")},
    )
    return rulebook, []


def load_rulebook(folder: Path) -> Rulebook:
    """Read a folder of rules that must be without problems; raises `RulebookError`."""
    rulebook, problems = read_rulebook(folder)
    if rulebook is None:
        raise RulebookError(tuple(problems))
    return rulebook


def digest(folder: Path) -> str:
    """Return the SHA-256 over the names and contents of a folder's YAML files, in the order of their names."""
    total = sha256()
    for path in sorted(folder.rglob("*.yaml"), key=lambda path: path.relative_to(folder).as_posix()):
        name = path.relative_to(folder).as_posix().encode()
        content = path.read_bytes()
        total.update(b"%d %s %d " % (len(name), name, len(content)) + content)
    return total.hexdigest()


def _contradictions(shelf: _Shelf, cards: Mapping[str, Card]) -> Iterable[Problem]:
    for one, other in contradictions(cards):
        text, beside = shelf.texts[f"cards/{one}"], shelf.texts[f"cards/{other}"]
        given = f"{one} and {other} ({beside.file}), which ask for the same in the same cases"
        do = "limit one of them in time, level or case, or remove it"
        yield text.problem(("duty",), "contradicting_cards", given, "one demand of equal rank at a time", do)


def _tree(shelf: _Shelf, places: Mapping[str, Jurisdiction]) -> JurisdictionTree | None:
    try:
        return JurisdictionTree(places.values())
    except UnknownParentError as error:
        text = shelf.texts[f"jurisdictions/{error.jurisdiction}"]
        expected = "a jurisdiction that exists and does not lie within this one"
        shelf.problems.append(
            text.problem(("within",), "unknown_jurisdiction", error.parent, expected, "correct `within`"),
        )
        return None


def _tables(
    shelf: _Shelf,
    parameters: Mapping[str, Parameter],
    tree: JurisdictionTree,
) -> dict[str, ParameterTable]:
    tables = {}
    for name, parameter in parameters.items():
        try:
            tables[name] = ParameterTable(parameter, tree)
        except ParameterConflictError as error:
            text = shelf.texts[f"parameters/{name}"]
            do = "limit one of them in time or level, or remove it"
            given = f"{error.sources[0]} and {error.sources[1]} on {error.day}"
            shelf.problems.append(
                text.problem(("values",), "parameter_conflict", given, "one value of equal rank at a time", do),
            )
    return tables
