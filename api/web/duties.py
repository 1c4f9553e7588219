"""Says in words what a card asks: its duty, its conditions, its days. Decides nothing."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from engine.cards.card import Card
from engine.duties.kinds import (
    Changed,
    CompletedBefore,
    ConditionDuty,
    ContainsAll,
    Deadline,
    Distinct,
    Evidence,
    MinimumCount,
    MinimumPeriod,
    OneOf,
    RequiredFact,
    Unchanged,
)
from engine.procedure import Procedure
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual, Gate, Quantifier

_TOKEN: Final = re.compile(r"'[^']*'|[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*")
_JOINTS: Final[Mapping[str, Bilingual]] = {
    "and": Bilingual(zh="且", en="and"),
    "or": Bilingual(zh="或者", en="or"),
    "not": Bilingual(zh="并非", en="not"),
    "in": Bilingual(zh="属于", en="in"),
    "happened": Bilingual(zh="已发生", en="happened"),
    "before": Bilingual(zh="先于", en="before"),
    "always": Bilingual(zh="随时", en="always"),
    "rounds": Bilingual(zh="轮次数", en="number of rounds"),
    "draft": Bilingual(zh="文稿", en="draft"),
    "record": Bilingual(zh="事项", en="record"),
    "outcome": Bilingual(zh="结果", en="outcome"),
    "decided": Bilingual(zh="已决定", en="decided"),
}


@dataclass(frozen=True, slots=True)
class Speaker:
    """Knows what the names in the cards of one procedure are called; bare names are those of `step`."""

    procedure: Procedure
    step: str

    def say(self, text: str) -> Bilingual:
        """Say a moment, a name or a condition in words; a name that is not known stays as it is."""
        return Bilingual(
            zh=_TOKEN.sub(lambda found: self._name(found[0]).zh, text),
            en=_TOKEN.sub(lambda found: self._name(found[0]).en, text),
        )

    def attribute(self, step: str, name: str) -> Bilingual:
        """Name an attribute of a step."""
        known = self.procedure.steps[step].attributes.get(name) if step in self.procedure.steps else None
        return known.title if known else _JOINTS.get(name, _plain(name))

    def value(self, code: str) -> Bilingual:
        """Name a value of a choice or a set, of this step if it has it."""
        here = self.procedure.steps.get(self.step)
        for step in (*((here,) if here else ()), *self.procedure.steps.values()):
            for attribute in step.attributes.values():
                if code in attribute.values:
                    return _quoted(attribute.values[code])
        return _quoted(_plain(code))

    def evidence(self, kind: str) -> Bilingual:
        """Name a kind of document."""
        return self.procedure.steps[self.step].evidence.get(kind, _plain(kind))

    def _name(self, token: str) -> Bilingual:
        if token.startswith("'"):
            return self.value(token.strip("'"))
        match token.split("."):
            case ["gate", gate] if Gate.knows(gate):
                return Bilingual(zh=Gate.of(gate).zh, en=Gate.of(gate).en)
            case ["determined", name] if name in self.procedure.determinations:
                title = self.procedure.determinations[name]
                return Bilingual(zh=f"认定「{title.zh}」", en=f"determined “{title.en}”")
            case [step, *rest] if step in self.procedure.steps:
                return self._of_step(step, rest)
            case [name] if name in _JOINTS:
                return _JOINTS[name]
            case [name]:
                return self.attribute(self.step, name)
        return _plain(token)

    def _of_step(self, step: str, rest: list[str]) -> Bilingual:
        title = self.procedure.steps[step].title
        zh, en = title.zh, title.en
        for part in rest:
            if Quantifier.knows(part):
                zh, en = f"{zh}{Quantifier.of(part).zh}", f"{en}, {Quantifier.of(part).en}"
            else:
                named = self.attribute(step, part)
                zh, en = f"{zh}的「{named.zh}」", f"{en}: “{named.en}”"
        return Bilingual(zh=zh, en=en)


def duty_in_words(card: Card, rulebook: Rulebook) -> Bilingual:  # noqa: C901 - one for each kind
    """Say what the duty of a card demands, with the names of attributes, gates and parameters."""
    speaker = speaker_of(card, rulebook)
    number = partial(_parameter, rulebook)
    match card.duty:
        case CompletedBefore() as duty:
            return _filled(_BEFORE, speaker.say(duty.moment), speaker.say(duty.before))
        case MinimumPeriod() as duty:
            return _filled(_PERIOD, speaker.say(duty.start), speaker.say(duty.end), number(duty.at_least.parameter))
        case Deadline() as duty:
            return _filled(_WITHIN, speaker.say(duty.moment), speaker.say(duty.after), number(duty.within.parameter))
        case RequiredFact() as duty:
            return _filled(_FACT, speaker.say(duty.fact))
        case OneOf() as duty:
            return _filled(_ONE_OF, speaker.say(duty.attribute), _listed(speaker.value(one) for one in duty.values))
        case ContainsAll() as duty:
            return _filled(_ALL, speaker.say(duty.attribute), _listed(speaker.value(one) for one in duty.values))
        case MinimumCount() as duty:
            return _filled(_COUNT, speaker.say(duty.of), number(duty.at_least.parameter))
        case Evidence() as duty:
            return _filled(_EVIDENCE, _listed(speaker.evidence(one) for one in duty.documents))
        case Unchanged() as duty:
            return _filled(_SAME, speaker.say(duty.of))
        case Changed() as duty:
            return _filled(_OTHER, speaker.say(duty.of))
        case Distinct() as duty:
            return _filled(_DISTINCT, speaker.say(duty.party), speaker.say(duty.of))
        case ConditionDuty() as duty:
            return _filled(_MET, speaker.say(duty.met))


def speaker_of(card: Card, rulebook: Rulebook) -> Speaker:
    """Return who names what stands in a card."""
    return Speaker(rulebook.procedures[card.procedure], card.step)


def _parameter(rulebook: Rulebook, name: str) -> Bilingual:
    return rulebook.parameters[name].parameter.title


def _listed(names: Iterator[Bilingual]) -> Bilingual:
    found = tuple(names)
    return Bilingual(zh="、".join(name.zh for name in found), en=", ".join(name.en for name in found))


def _filled(form: Bilingual, *names: Bilingual) -> Bilingual:
    return Bilingual(zh=form.zh.format(*(name.zh for name in names)), en=form.en.format(*(name.en for name in names)))


def _plain(text: str) -> Bilingual:
    return Bilingual(zh=text, en=text)


def _quoted(name: Bilingual) -> Bilingual:
    return Bilingual(zh=f"「{name.zh}」", en=f"“{name.en}”")


_BEFORE: Final = Bilingual(zh="{0}应当在{1}之前完成", en="{0} comes before {1}")
_PERIOD: Final = Bilingual(zh="从{0}到{1},不少于参数「{2}」", en="from {0} to {1} lies at least “{2}”")
_WITHIN: Final = Bilingual(zh="{0}应当在{1}之后「{2}」以内", en="{0} comes within “{2}” after {1}")
_FACT: Final = Bilingual(zh="应当具备:{0}", en="has to be the case: {0}")
_ONE_OF: Final = Bilingual(zh="{0}应当是{1}之一", en="{0} is one of {1}")
_ALL: Final = Bilingual(zh="{0}应当包括{1}", en="{0} contains all of {1}")
_COUNT: Final = Bilingual(zh="{0}不少于参数「{1}」", en="{0} is at least “{1}”")
_EVIDENCE: Final = Bilingual(zh="应当附有:{0}", en="documents are there: {0}")
_SAME: Final = Bilingual(zh="文稿应当与{0}相同", en="the draft is the same as {0}")
_OTHER: Final = Bilingual(zh="文稿应当不同于{0}", en="the draft is another one than {0}")
_DISTINCT: Final = Bilingual(zh="{0}不得与{1}相同", en="{0} is not the same as {1}")
_MET: Final = Bilingual(zh="应当成立:{0}", en="has to hold: {0}")
