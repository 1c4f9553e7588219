"""Other rules engines on a sample of the records, with all cards, on observables that are ready."""

from functools import partial
from typing import Any, Final

import numpy as np

from api.sweeps.partitions import PartOnDisk
from bench.peers import as_table, cases_of, peers, short_names
from bench.rules import all_cards
from bench.samples import first_records
from bench.sweep_bench.question import QUESTION
from bench.sweeps import VerdictsDifferError
from bench.timing import timing
from engine.evaluation.sweeping import asked
from engine.observables.frames import cases_from, read_frames

CASES: Final = 300
RUNS: Final = 3


def others(part: PartOnDisk) -> dict[str, Any]:
    """Time the peers on the first records of a part; raises `VerdictsDifferError` if one judges otherwise."""
    rules = all_cards()
    first = first_records(read_frames(part.folder, asked(rules, **QUESTION)), CASES)
    columns = rules.columns(rules.derivation(cases_from(first, rules.layout), **QUESTION))
    names, codes = short_names(rules.cards), rules.sweep.evaluate(columns).codes
    cases, expected = cases_of(columns, names), np.stack([codes[card.id] for card in rules.cards], axis=1)
    rates = {}
    for peer in peers(rules, names):
        if not np.array_equal(as_table(peer.judge(cases)), expected):
            raise VerdictsDifferError(what="outcomes", where=peer.name)
        rates[peer.name] = timing(partial(peer.judge, cases), runs=RUNS).rate(CASES)
    return {"cases": CASES, "records_per_s": rates}
