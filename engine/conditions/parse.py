"""Read a condition. The syntax is Python's, parsed with `ast`, of which only what is named here is allowed.

Two levels: an expression about the case, and inside `STEP.QUANTIFIER(…)` an expression about one round of that
step, in which the step's own attributes stand without a path.
"""

import ast
from dataclasses import dataclass
from typing import Final

from engine.conditions.names import DOCUMENTS, DRAFT, SINGLE, ConditionError, Names
from engine.observables.terms import (
    NO,
    YES,
    Always,
    Before,
    ClassIn,
    Compares,
    Comparison,
    Condition,
    Contains,
    CorrectedAfterFlag,
    Determined,
    Displaced,
    Every,
    Excluded,
    Fixed,
    GatePassed,
    Happened,
    IsIn,
    IsTrue,
    KeepsWithin,
    LeadUnit,
    LevelIn,
    LiesWithin,
    Not,
    NumberTest,
    OfRounds,
    OutcomeDay,
    OutcomeIn,
    Own,
    Period,
    Picked,
    Reaches,
    Reference,
    RoundAll,
    RoundAny,
    RoundNot,
    Rounds,
    RoundTest,
    Same,
    Some,
    Taken,
)
from engine.procedure import AttributeType
from engine.reading.problems import shown
from engine.vocabulary import Gate, MatterClass, OrganLevel, OutcomeKind, Quantifier

LONGEST: Final = 2_000
"""Characters of a condition; more is no duty that a person could read."""

_COMPARISONS: Final[dict[type[ast.cmpop], Comparison]] = {
    ast.GtE: ">=",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.Lt: "<",
    ast.Eq: "==",
}


def parse_condition(text: str, names: Names) -> Condition:
    """Read an expression about the case; raises `ConditionError`."""
    return _Case(names).condition(_tree(text))


def parse_round_test(text: str, step: str, names: Names) -> RoundTest:
    """Read an expression about one round of a step; raises `ConditionError`."""
    return _RoundOf(names, names.step(step)).test(_tree(text))


def parse_moment(text: str, names: Names) -> Fixed:
    """Read a moment of the case, such as `public_comment.first.opened` or `gate.discussion`."""
    reference = fixed_moment(_tree(text), names)
    if reference is None:
        raise _refused(_tree(text), "a moment of the case, as in public_comment.first.opened or gate.discussion")
    return reference


def parse_reference(text: str, step: str, names: Names) -> Reference:
    """Read a moment of a round of a step, or of the case."""
    return _RoundOf(names, names.step(step)).moment(_tree(text))


def parse_party(text: str, step: str, names: Names) -> Own | Picked | LeadUnit:
    """Read `draft` or a party of a round of a step, or of another step by first, last or effective."""
    return _RoundOf(names, names.step(step)).identity(_tree(text))


def _tree(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise _too_long(text)
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, RecursionError, MemoryError, ValueError) as error:
        raise ConditionError(
            code="condition_unreadable",
            given=shown(text),
            expected=f"an expression ({error})",
            do="see the grammar of observables",
        ) from None


def _too_long(text: str) -> ConditionError:
    return ConditionError(
        code="condition_unreadable",
        given=shown(text),
        expected=f"an expression of {LONGEST} characters or fewer",
        do="split the card",
    )


def _refused(node: ast.expr, expected: str, *, code: str = "unknown_observable") -> ConditionError:
    return ConditionError(
        code=code,
        given=repr(ast.unparse(node)),
        expected=expected,
        do="see the grammar of observables",
    )


def _path(node: ast.expr) -> tuple[str, ...]:
    """Return the dotted names of an expression, () if it is anything else."""
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        above = _path(node.value)
        return (*above, node.attr) if above else ()
    return ()


def _texts(node: ast.expr) -> tuple[str, ...]:
    parts = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]
    found = tuple(part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))
    if len(found) != len(parts) or not found:
        raise _refused(node, "a text, or several in brackets")
    return found


def _call(node: ast.expr) -> tuple[str, list[ast.expr]] | None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        return node.func.id, node.args
    return None


def fixed_moment(node: ast.expr, names: Names) -> Fixed | None:
    """Read a path as a moment of the case; None if it is not one."""
    match _path(node):
        case ("gate", gate) if Gate.knows(gate) and Gate.of(gate) in names.procedure.gates:
            return GatePassed(Gate.of(gate))
        case ("always",):
            return Always()
        case ("outcome", ("day" | "decided") as kind):
            return OutcomeDay(decided=kind == "decided")
        case (step, quantifier, attribute) if step in names.procedure.steps and quantifier in SINGLE:
            return Picked(step, Quantifier.of(quantifier), names.moment(step, attribute))
    return None


@dataclass(frozen=True)
class _RoundOf:
    """Reads expressions about one round of a step."""

    names: Names
    step: str

    def test(self, node: ast.expr) -> RoundTest:
        match node:
            case ast.BoolOp(ast.And(), values):
                return RoundAll(tuple(self.test(value) for value in values))
            case ast.BoolOp(ast.Or(), values):
                return RoundAny(tuple(self.test(value) for value in values))
            case ast.UnaryOp(ast.Not(), operand):
                return RoundNot(self.test(operand))
            case ast.Name(name):
                self.names.attribute(self.step, name, AttributeType.FLAG)
                return IsTrue(name)
            case ast.Compare(ast.Name(name), [comparison], [value]):
                return self.comparison(name, comparison, value)
        if call := _call(node):
            return self.function(node, *call)
        raise _refused(node, f"a question about a round of {self.step}")

    def comparison(self, name: str, comparison: ast.cmpop, value: ast.expr) -> RoundTest:
        match comparison, value:
            case ((ast.GtE() | ast.LtE() | ast.Gt() | ast.Lt() | ast.Eq()), ast.Constant(int() as number)):
                self.names.attribute(self.step, name, AttributeType.NUMBER)
                return Compares(name, _COMPARISONS[type(comparison)], number)
            case ((ast.Eq() | ast.In()), _):
                return self.choice(name, _texts(value))
            case ((ast.NotEq() | ast.NotIn()), _):
                return RoundNot(self.choice(name, _texts(value)))
        raise _refused(value, f"a comparison that {name} allows")

    def choice(self, name: str, values: tuple[str, ...]) -> RoundTest:
        self.names.attribute(self.step, name, AttributeType.CHOICE)
        return IsIn(name, self.names.values(self.step, name, values))

    def function(self, node: ast.expr, name: str, arguments: list[ast.expr]) -> RoundTest:
        match name, arguments:
            case "contains_all", [ast.Name(attribute), *values]:
                texts = tuple(text for value in values for text in _texts(value))
                if attribute != DOCUMENTS:
                    self.names.attribute(self.step, attribute, AttributeType.SET)
                return Contains(attribute, self.names.values(self.step, attribute, texts))
            case "happened", [moment]:
                return Happened(self.moment(moment))
            case "before", [early, late]:
                return Before(self.moment(early), self.moment(late))
            case "reaches", [start, end, parameter, *rest]:
                return Reaches(self.period(start, end, parameter, rest))
            case "keeps_within", [start, end, parameter, *rest]:
                return KeepsWithin(self.period(start, end, parameter, rest))
            case "same", [left, right]:
                return self.same(left, right)
        raise _refused(node, "contains_all, happened, before, reaches, keeps_within or same with their arguments")

    def moment(self, node: ast.expr) -> Reference:
        if isinstance(node, ast.Name):
            return Own(self.names.moment(self.step, node.id))
        if fixed := fixed_moment(node, self.names):
            return fixed
        raise _refused(node, f"a moment of {self.step}, or of the case by first, last or effective")

    def period(self, start: ast.expr, end: ast.expr, parameter: ast.expr, rest: list[ast.expr]) -> Period:
        if not isinstance(parameter, ast.Name):
            raise _refused(parameter, "the name of a parameter")
        clock = [_path(node) for node in rest] == [("clock",)]
        if rest and not clock:
            raise _refused(rest[0], "nothing more, or `clock`")
        name = self.names.parameter(parameter.id, clock=clock)
        return Period(self.moment(start), self.moment(end), name, self.names.act, clock)

    def same(self, left: ast.expr, right: ast.expr) -> Same:
        first, second = self.identity(left), self.identity(right)
        if isinstance(first, LeadUnit):
            raise _refused(left, "an attribute of a round first")
        return Same(first, second)

    def identity(self, node: ast.expr) -> Own | Picked | LeadUnit:
        match _path(node):
            case (attribute,):
                return Own(self.party(self.step, attribute))
            case ("record", "lead_unit"):
                return LeadUnit()
            case (step, quantifier, attribute) if step in self.names.procedure.steps and quantifier in SINGLE:
                return Picked(step, Quantifier.of(quantifier), self.party(step, attribute))
        raise _refused(node, "draft, or a party, of this round or of another step by first, last or effective")

    def party(self, step: str, attribute: str) -> str:
        if attribute != DRAFT:
            self.names.attribute(step, attribute, AttributeType.PARTY)
        return attribute


@dataclass(frozen=True)
class _Case:
    """Reads expressions about the case."""

    names: Names

    def condition(self, node: ast.expr) -> Condition:
        match node:
            case ast.BoolOp(ast.And(), values):
                return Every(tuple(self.condition(value) for value in values))
            case ast.BoolOp(ast.Or(), values):
                return Some(tuple(self.condition(value) for value in values))
            case ast.UnaryOp(ast.Not(), operand):
                return Not(self.condition(operand))
            case ast.Constant(True):
                return YES
            case ast.Constant(False):
                return NO
            case ast.Compare(left, [comparison], [value]) if _path(left)[:1] == ("record",):
                return self.of_record(node, _path(left), comparison, value)
            case ast.Compare(left, [comparison], [ast.Constant(number)]) if _path(left)[1:] == ("rounds",):
                return self.count(node, _path(left)[0], comparison, number)
            case ast.Compare(_, comparisons, _) if len(comparisons) > 1:
                raise _refused(node, "one comparison at a time, joined with `and`", code="condition_unreadable")
            case ast.Call(func, [test]) if _path(func)[:1] and len(_path(func)) == 2:  # noqa: PLR2004 - STEP.QUANTIFIER
                step, quantifier = self.quantified(ast.Attribute(func, "…"), _path(func))
                return OfRounds(step, quantifier, _RoundOf(self.names, step).test(test))
        return self.plain(node)

    def plain(self, node: ast.expr) -> Condition:
        match _path(node):
            case ("record", "excluded"):
                return Excluded()
            case ("record", "corrected_after_flag"):
                return CorrectedAfterFlag()
            case ("determined", name):
                return Determined(self.names.determination(name))
            case (step, "taken"):
                return Taken(self.names.step(step))
        if call := _call(node):
            match call:
                case "lies_within", [place]:
                    return LiesWithin(self.names.place(_texts(place)[0]), self.names.act)
                case "displaced", [statute]:
                    return Displaced(self.names.statute(_texts(statute)[0]))
                case ("happened", [moment]) if fixed := fixed_moment(moment, self.names):
                    return Happened(fixed)
                case ("before", [early, late]) if (first := fixed_moment(early, self.names)) and (
                    second := fixed_moment(late, self.names)
                ):
                    return Before(first, second)
        return self.lifted(node)

    def of_record(self, node: ast.expr, path: tuple[str, ...], comparison: ast.cmpop, value: ast.expr) -> Condition:
        kinds: dict[str, type[OrganLevel | MatterClass | OutcomeKind]] = {
            "organ_level": OrganLevel,
            "matter_class": MatterClass,
            "outcome": OutcomeKind,
        }
        kind = kinds.get(".".join(path[1:]))
        texts = _texts(value)
        if kind is None or not all(kind.knows(text) for text in texts):
            raise _refused(node, "record.organ_level, record.matter_class or record.outcome and values of it")
        found: Condition
        if kind is OrganLevel:
            found = LevelIn(tuple(OrganLevel.of(text) for text in texts))
        elif kind is MatterClass:
            found = ClassIn(tuple(MatterClass.of(text) for text in texts))
        else:
            found = OutcomeIn(tuple(OutcomeKind.of(text) for text in texts))
        if isinstance(comparison, ast.Eq | ast.In):
            return found
        if isinstance(comparison, ast.NotEq | ast.NotIn):
            return Not(found)
        raise _refused(node, "==, !=, in or not in")

    def count(self, node: ast.expr, step: str, comparison: ast.cmpop, number: object) -> Condition:
        if type(comparison) not in _COMPARISONS or isinstance(number, bool) or not isinstance(number, int):
            raise _refused(node, ">=, <=, >, < or == and a whole number", code="condition_unreadable")
        return NumberTest(Rounds(self.names.step(step)), _COMPARISONS[type(comparison)], number)

    def quantified(self, node: ast.expr, path: tuple[str, ...]) -> tuple[str, Quantifier]:
        step = self.names.step(path[0])
        return step, self.names.quantifier(path[1], given=ast.unparse(node))

    def lifted(self, node: ast.expr) -> Condition:
        """Read `STEP.QUANTIFIER.attribute …` as a test of the rounds of that step."""
        found = sorted({path[:2] for path in _paths(node) if path[0] in self.names.procedure.steps})
        for path in _paths(node):
            if path[0] not in {*self.names.procedure.steps, "gate", "outcome", "record", "determined"}:
                self.names.step(path[0])
            if path[0] in self.names.procedure.steps and len(path) > 1:
                self.names.quantifier(path[1], given=".".join(path))
        wide = [path for path in found if len(path) > 1 and path[1] not in SINGLE]
        if not found or len(wide) > 1:
            raise _refused(node, "a question about the case, with any_round or every_round of one step at most")
        chosen = wide[0] if wide else next(path[:2] for path in _paths(node) if path[:2] in found)
        step, quantifier = self.quantified(node, chosen)
        local = _Localised(chosen).visit(ast.parse(ast.unparse(node), mode="eval").body)
        return OfRounds(step, quantifier, _RoundOf(self.names, step).test(local))


def _paths(node: ast.expr) -> list[tuple[str, ...]]:
    if path := _path(node):
        return [path] if len(path) > 1 else []
    return [found for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr) for found in _paths(child)]


class _Localised(ast.NodeTransformer):
    """Takes `STEP.QUANTIFIER.` off the paths of one step."""

    def __init__(self, prefix: tuple[str, ...]) -> None:
        self.prefix = prefix

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        path = _path(node)
        if path[:2] == self.prefix and len(path) == 3:  # noqa: PLR2004 - STEP.QUANTIFIER.attribute
            return ast.Name(path[2])
        return node
