"""What rounds say, as answers: seen from the day of a moment on; `absent`: what it means that nothing is said."""

from collections.abc import Sequence

import polars as pl

from bench.sweep_bench.by_polars.words import EVIDENCE, NO, YES, code


def _shown(column: str, moment: str, answer: pl.Expr, absent: int) -> pl.Expr:
    """Answer as if nothing were said while nothing is, or while the moment that shows it lies in the future."""
    unsaid = pl.col(column) == -1
    return pl.when(unsaid | pl.col(f"{moment}.hidden")).then(code(absent)).otherwise(answer)


def is_true(flag: str, moment: str, *, absent: int = EVIDENCE) -> pl.Expr:
    """Ask whether a flag is set."""
    return _shown(flag, moment, pl.when(pl.col(flag) == 1).then(code(YES)).otherwise(code(NO)), absent)


def says(choice: str, values: Sequence[int], moment: str) -> pl.Expr:
    """Ask whether a choice is one of some values, from the first or the last of the list on."""
    value = pl.col(choice)
    wanted = value == values[0] if len(values) == 1 else value.is_between(min(values), max(values))
    return _shown(choice, moment, pl.when(wanted).then(code(YES)).otherwise(code(NO)), EVIDENCE)


def holds(contents: str, wanted: int, moment: str) -> pl.Expr:
    """Ask whether a set holds all that is wanted, as bits."""
    held = (pl.col(contents) & wanted) == wanted
    return _shown(contents, moment, pl.when(held).then(code(YES)).otherwise(code(NO)), EVIDENCE)


def more_than(number: str, least: int, moment: str) -> pl.Expr:
    """Ask whether a number is greater than another one."""
    return _shown(number, moment, pl.when(pl.col(number) > least).then(code(YES)).otherwise(code(NO)), EVIDENCE)
