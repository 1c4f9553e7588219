"""The tests. A package, so that `tests` is this folder and not the one that a dependency of the tests brings along."""
