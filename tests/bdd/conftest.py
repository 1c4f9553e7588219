"""What all features share: the facts of a scenario, and the steps, which stand by topic in `steps/`."""

import pytest

from tests.bdd.facts import Facts

TOPICS = (
    "matter",
    "participation",
    "examination",
    "deliberation",
    "aftermath",
    "catalogue",
    "beyond",
    "answers",
    "office",
    "logs",
)


def pytest_configure(config: pytest.Config) -> None:
    """Make the steps known to every feature: a step is a fixture, which an import alone does not bring along."""
    for topic in TOPICS:
        config.pluginmanager.import_plugin(f"tests.bdd.steps.{topic}")


@pytest.fixture
def facts() -> Facts:
    return Facts()
