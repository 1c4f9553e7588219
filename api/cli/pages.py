"""Assessments as pages of a terminal: lights and gates first, then flags, questions and notices."""

from collections.abc import Iterable
from typing import Final

from rich.console import Console
from rich.markup import escape

from api.check.models import CheckReport
from engine.calendar.moment import LOCAL
from engine.evaluation.results import Assessment, Finding, GateStatus
from engine.evaluation.words import article, reason, sentence
from engine.procedure import Procedure
from engine.reading.problems import Problem
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual, Doubt, FindingKind, Gate, GateState, Language, Light, Owner, Verdict

_SIGNS: Final = {
    Light.DONE: "[green]✔[/]",
    Light.IN_PROGRESS: "[cyan]…[/]",
    Light.DUE_SOON: "[yellow]◷[/]",
    Light.OVERDUE: "[red]⏰[/]",
    Light.VIOLATED: "[red]✘[/]",
    Light.NOT_APPLICABLE: "[dim]–[/]",
    Light.CANNOT_TELL: "[yellow]?[/]",
}
_ORDER: Final = (
    Light.VIOLATED,
    Light.OVERDUE,
    Light.DUE_SOON,
    Light.CANNOT_TELL,
    Light.IN_PROGRESS,
    Light.DONE,
)
_GATES: Final = {GateState.OPEN: "[green]", GateState.SHUT: "[red]", GateState.CANNOT_TELL: "[yellow]"}

_AS_OF: Final = Bilingual(zh="基准日", en="as of")
_MADE_UP: Final = Bilingual(zh="虚构", en="made up")
_GATE: Final = Bilingual(zh="关口", en="gate")
_BARRED: Final = Bilingual(zh="受阻于", en="barred by")
_UNSURE: Final = Bilingual(zh="待定于", en="in doubt by")
_CORRECTABLE: Final = Bilingual(zh="不阻断、应当改正", en="hold, correctable")
_REMEDY: Final = Bilingual(zh="处理", en="remedy")
_REFERENCE: Final = Bilingual(zh="参照适用", en="by reference")
_FOLLOWS: Final = Bilingual(zh="由此连带", en="follows from it")
_EXCEPTED: Final = Bilingual(zh="依法定例外符合", en="satisfied by statutory exception")
_RECORDS: Final = Bilingual(zh="决策事项", en="records")
_DIGEST: Final = Bilingual(zh="规则库摘要", en="rulebook")
_KNOWN_AT: Final = Bilingual(zh="知悉时点", en="known at")
_NOTHING: Final = Bilingual(zh="没有标记,没有待查。", en="No flag and no question.")
_UNSETTLED: Final = Bilingual(zh="规则库待定(由法制部门处理)", en="open in the rulebook (for the legal office)")


def print_assessment(assessment: Assessment, procedure: Procedure, *, console: Console, language: Language) -> None:
    """Print the page of one record."""
    title = assessment.title.say(language)
    made_up = _MADE_UP.say(language)
    mark = f" ({made_up})" if assessment.made_up and made_up not in title else ""
    console.print(f"[bold]{escape(f'{assessment.record}  {title}{mark}')}[/]")
    console.print(f"{_AS_OF.say(language)} {assessment.receipt.as_of}")
    for said in (assessment.outcome, assessment.exclusion):
        if said:
            console.print(escape(said.say(language)))
    for line in _lights(assessment, procedure, language):
        console.print(line)
    for gate, state in assessment.status.gates.items():
        console.print(_gate(gate, state, assessment, language))
    for label, cards in (
        (_CORRECTABLE, _correctable(assessment)),
        (_EXCEPTED, tuple(verdict.card for verdict in assessment.verdicts if verdict.by_exception)),
    ):
        if cards:
            console.print(f"{label.say(language)}: {', '.join(cards)}")
    for kind in FindingKind:
        for finding in assessment.of_kind(kind):
            _print_finding(finding, console=console, language=language)
    if not assessment.findings:
        console.print(_NOTHING.say(language))
    console.print()


def _correctable(assessment: Assessment) -> tuple[str, ...]:
    """Return what is violated without barring anything; what follows from it is told with it."""
    named = {card for status in assessment.status.gates.values() for card in status.correctable}
    return tuple(finding.card for finding in assessment.findings if finding.card in named)


def _lights(assessment: Assessment, procedure: Procedure, language: Language) -> Iterable[str]:
    """Group the steps by their light, the worst first; a step that does not apply is not shown."""
    for light in _ORDER:
        steps = [step for step, state in assessment.status.lights.items() if state == light]
        if steps:
            names = "、" if language == "zh" else ", "
            listed = names.join(escape(procedure.steps[step].title.say(language)) for step in steps)
            yield f"{_SIGNS[light]} {light.say(language)}: {listed}"


def _gate(gate: Gate, status: GateStatus, assessment: Assessment, language: Language) -> str:
    text = f"{_GATE.say(language)} {gate.say(language)}: {_GATES[status.state]}{status.state.say(language)}[/]"
    for label, cards in (
        (_BARRED, status.barred_by),
        (_UNSURE, status.cannot_tell),
    ):
        if cards:
            said = [f"{card} ({assessment.verdict(card).verdict.say(language)})" for card in cards]
            text += f"  {label.say(language)} {', '.join(said)}"
    return text


def _print_finding(finding: Finding, *, console: Console, language: Language) -> None:
    color = {FindingKind.FLAG: "red", FindingKind.QUESTION: "yellow", FindingKind.NOTICE: "blue"}[finding.kind]
    reference = f" ({_REFERENCE.say(language)})" if finding.verdict.by_reference else ""
    head = f"[{color}]{finding.kind.say(language)}[/] [bold]{finding.card}[/]{reference} "
    console.print(head + escape(finding.title.say(language)))
    lines = [
        f"{finding.message.say(language)}  [{finding.article.say(language)}]",
        f"{_REMEDY.say(language)}: {finding.remedy.say(language)}",
    ]
    if finding.change:
        lines.append(finding.change.say(language))
    lines += _consequences(finding, language)
    for line in lines:
        console.print(f"    {escape(line)}")


def _consequences(finding: Finding, language: Language) -> Iterable[str]:
    """Tell what follows from a finding; what merely has nothing to be asked of is told in one line."""
    idle = [part.card for part in finding.consequences if part.verdict == Verdict.NOT_APPLICABLE]
    for part in finding.consequences:
        if part.verdict != Verdict.NOT_APPLICABLE:
            yield f"{_FOLLOWS.say(language)}: {part.card} {part.title.say(language)} ({part.verdict.say(language)})"
    if idle:
        yield f"{_FOLLOWS.say(language)} ({Verdict.NOT_APPLICABLE.say(language)}): {', '.join(idle)}"


def print_sentences(assessment: Assessment, rulebook: Rulebook, *, console: Console, language: Language) -> None:
    """Print a sentence for each card that was asked."""
    for verdict in assessment.verdicts:
        card = rulebook.card(verdict.card)
        if card:
            console.print(escape(f"{card.id} {sentence(card, verdict).say(language)}"))
    console.print()


def print_footer(report: CheckReport, rulebook: Rulebook, *, console: Console, language: Language) -> None:
    """Print what is open in the rulebook, once per card with the records whose numbers it leaves open; the totals."""
    cards = {card.id: card for card in rulebook.cards}
    unsettled: dict[tuple[str, Doubt], list[tuple[str, str]]] = {}
    for assessment in report.assessments:
        for verdict in assessment.verdicts:
            if verdict.doubt and verdict.owner == Owner.RULEBOOK:
                said = reason(cards[verdict.card], verdict).say(language)
                unsettled.setdefault((verdict.card, verdict.doubt), []).append((assessment.record, said))
    if unsettled:
        console.print(f"[bold]{_UNSETTLED.say(language)}[/]")
    for (name, doubt), found in sorted(unsettled.items()):
        card = cards[name]
        source = article(card, rulebook.instruments[card.source.instrument]).say(language)
        console.print(f"    {escape(f'{name} {card.title.say(language)}: {doubt.say(language)}  [{source}]')}")
        for record, said in found:
            if said != doubt.say(language):
                console.print(f"        {escape(f'{record}: {said}')}")
    totals = ", ".join(f"{kind.say(language)} {report.count(kind)}" for kind in FindingKind)
    known_at = f"{report.known_at.astimezone(LOCAL):%Y-%m-%d %H:%M}"
    console.print(
        f"{_RECORDS.say(language)} {len(report.assessments)} · {totals} · "
        f"{_DIGEST.say(language)} {report.rulebook[:12]} · {_KNOWN_AT.say(language)} {known_at}",
    )


def print_problems(problems: Iterable[Problem], *, console: Console, language: Language) -> None:
    """Print what is wrong with the input, one line each."""
    for problem in problems:
        console.print(escape(problem.say(language)), style="red", highlight=False)
