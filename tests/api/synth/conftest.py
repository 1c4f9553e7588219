"""What the tests of made-up records share: what is asked of the generator by the rulebook of the program."""

import pytest

from api.synth.making import Asked
from engine.evaluation.compiled import CompiledRulebook


@pytest.fixture(scope="session")
def asked(national: CompiledRulebook) -> Asked:
    return Asked(20260, national.procedure, national.rulebook.tree.ids)
