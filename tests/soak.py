"""Evaluate random records live, on several threads that share one evaluator, and hold each answer to the sweep's.

    python -m tests.soak N [--threads T] [--seed S]

Ends with 1 on any disagreement, fault or lost verdict. Records are drawn block by block, so that memory is bounded.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.live import EngineFault
from tests.oracle.cards import KINDS, draw_card
from tests.oracle.compare import OUTCOMES, compiled_of
from tests.oracle.records import AS_OF, KNOWN_AT, draw_asked, seeded

BLOCK: Final = 500
"""Records drawn at a time; each is asked about several days."""
DAYS: Final = 8
CARDS_OF_A_KIND: Final = 4
EXAMPLES: Final = 5
PAUSE: Final = 10.0
"""Seconds between two reports of progress."""

Case = tuple[dict[str, int], dict[str, str]]
"""The columns of a case, and what the sweep answers."""


@dataclass
class Tally:
    """What has been counted so far. `lost`: verdicts that were not given at all."""

    evaluations: int = 0
    disagreements: int = 0
    faults: int = 0
    lost: int = 0
    seconds: float = 0.0
    examples: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Tell whether nothing went wrong."""
        return not (self.disagreements or self.faults or self.lost)

    def add(self, other: "Tally") -> None:
        """Count what another thread has counted."""
        self.evaluations += other.evaluations
        self.disagreements += other.disagreements
        self.faults += other.faults
        self.lost += other.lost
        self.examples += other.examples[: max(EXAMPLES - len(self.examples), 0)]

    def __str__(self) -> str:
        return (
            f"evaluations {self.evaluations}, seconds {self.seconds:.1f}, "
            f"disagreements {self.disagreements}, faults {self.faults}, lost verdicts {self.lost}"
        )


def soak(
    evaluations: int,
    *,
    threads: int = 4,
    seed: object = 0,
    report: Callable[[Tally], None] | None = None,
) -> Tally:
    """Make a number of live evaluations and compare each with the sweep; `report` is called every few seconds."""
    rng, tally, began = seeded(f"soak {seed}"), Tally(), time.monotonic()
    cards = [draw_card(rng, kind, f"TT-{number}") for number, kind in enumerate(KINDS * CARDS_OF_A_KIND)]
    compiled, told = compiled_of(cards), began
    with ThreadPoolExecutor(threads) as pool:
        while tally.evaluations < evaluations:
            cases = _cases(compiled, rng)[: evaluations - tally.evaluations]
            shares = [cases[number::threads] for number in range(threads)]
            for counted in pool.map(lambda share: _evaluated(compiled, share), shares):
                tally.add(counted)
            tally.seconds = time.monotonic() - began
            if report and time.monotonic() - told > PAUSE:
                told = time.monotonic()
                report(tally)
    return tally


def _cases(compiled: CompiledRulebook, rng: random.Random) -> list[Case]:
    """Draw a block of records, each asked about several days, with the sweep's answers."""
    found: list[Case] = []
    cases = compiled.cases([draw_asked(rng).record for _ in range(BLOCK)])
    for as_of in rng.sample(AS_OF, DAYS):
        derived = compiled.derivation(cases, as_of=as_of, known_at=rng.choice(KNOWN_AT))
        columns = compiled.columns(derived)
        codes = compiled.sweep.evaluate(columns).codes
        for place in range(cases.size):
            case = {name: int(values[place]) for name, values in columns.items()}
            found.append((case, {card: str(OUTCOMES[code[place]]) for card, code in codes.items()}))
    return found


def _evaluated(compiled: CompiledRulebook, cases: Sequence[Case]) -> Tally:
    tally = Tally()
    for case, expected in cases:
        tally.evaluations += 1
        try:
            found = compiled.live.evaluate(case)
        except EngineFault as fault:
            tally.faults += 1
            tally.examples = [*tally.examples, f"{fault}: {case}"][:EXAMPLES]
            continue
        tally.lost += len(expected.keys() - found.keys())
        wrong = [card for card in found if found[card] != expected.get(card)]
        tally.disagreements += len(wrong)
        told = [f"{card}: live {found[card]}, sweep {expected.get(card)}: {case}" for card in wrong]
        tally.examples = [*tally.examples, *told][:EXAMPLES]
    return tally


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("evaluations", type=int)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--seed", default="0")
    given = parser.parse_args(arguments)
    tally = soak(
        given.evaluations,
        threads=given.threads,
        seed=given.seed,
        report=lambda tally: print(f"{tally} …", flush=True),
    )
    print(tally)
    for example in tally.examples:
        print(example)
    return 0 if tally.clean else 1


if __name__ == "__main__":
    sys.exit(main())
