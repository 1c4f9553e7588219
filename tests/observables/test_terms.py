"""Terms are equal when they ask the same, in this process and in another."""

import pickle
import subprocess
import sys

from engine.observables import terms as t
from engine.vocabulary import Quantifier
from tests.conftest import ROOT

ASKED = t.Every((t.Taken("a"), t.OfRounds("b", Quantifier.ANY_ROUND, t.IsTrue("c"))))

ELSEWHERE = """
import pickle, sys
from engine.observables import terms as t
from engine.vocabulary import Quantifier
sent = pickle.loads(sys.stdin.buffer.read())
own = t.Every((t.Taken("a"), t.OfRounds("b", Quantifier.ANY_ROUND, t.IsTrue("c"))))
print(sent == own and hash(sent) == hash(own) and sent in {own})
"""


def test_the_same_question_is_the_same_term() -> None:
    same = t.Every((t.Taken("a"), t.OfRounds("b", Quantifier.ANY_ROUND, t.IsTrue("c"))))
    assert same == ASKED
    assert hash(ASKED) == hash(same)
    assert t.Every((t.Taken("a"),)) != ASKED
    assert str(ASKED) == "(a.taken and b.any_round(c))"


def test_a_term_is_the_same_in_another_process() -> None:
    hash(ASKED)
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        input=pickle.dumps(ASKED),
        capture_output=True,
        check=True,
        cwd=ROOT,
        env={"PYTHONHASHSEED": "7"},
    )
    assert done.stdout.strip() == b"True"
