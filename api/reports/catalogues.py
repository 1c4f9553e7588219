"""Section: the catalogues of the year, their publication and adjustment, and their entries."""

from typing import Final

from api.reports.ledger import Population
from api.reports.models import Cell, Paragraph, Section, Table
from api.reports.scope import Scope
from api.reports.words import both, said, table

_HEADING: Final = both("目录的编制、公布和调整", "Catalogue: compiling, publishing, adjusting")
_REMOVED: Final = 'plan.last(kind == "removal")'
_ADJUSTED: Final = 'version.any_round(kind == "adjustment")'


def catalogue_section(scope: Scope) -> Section:
    """Tell how many entries there are, when the catalogue was published, and how it was adjusted."""
    if scope.catalogues is None or scope.entries is None or not len(scope.catalogues):
        return Section(
            heading=_HEADING, parts=(said("来源中没有该年度的目录。", "The source holds no catalogue of the year."),)
        )
    parts: list[Paragraph | Table] = [
        _totals(scope, scope.catalogues, scope.entries),
        _versions(scope, scope.catalogues),
    ]
    parts.append(_plans(scope, scope.entries))
    parts.append(_merged(scope))
    return Section(heading=_HEADING, parts=tuple(parts))


def _totals(scope: Scope, catalogues: Population, entries: Population) -> Paragraph:
    ledger = scope.ledger
    listed = ledger.whole(
        both("列入目录的事项", "entries listed"),
        entries,
        both("目录的全部事项,包括后来调出的", "all entries of the catalogues, those removed later included"),
        "procedure == catalogue_entry",
    )
    standing = ledger.share(
        both("现行有效的事项", "entries in force"),
        entries,
        both("最近一次计划不是调出", "the last plan of the entry is no removal"),
        f"not {_REMOVED}",
    )
    adjusted = ledger.share(
        both("调整过的目录", "catalogues adjusted"),
        catalogues,
        both("有一次以上调整", "there is an adjustment"),
        _ADJUSTED,
    )
    return said(
        "列入目录的事项{0}项,现行有效{1}项。调整过的目录{2}个。",
        "{0} entries were listed, of which {1} are in force. Catalogues adjusted: {2}.",
        listed,
        standing,
        adjusted,
    )


def _versions(scope: Scope, catalogues: Population) -> Table:
    kinds = catalogues.cases.rules.procedure.steps["version"].attributes["kind"].values
    rows = [
        (
            record.id,
            number,
            kinds.get(getattr(entry, "kind", None) or ""),
            *(scope.day(entry.timing(name)) for name in ("government_consent", "party_consent", "published", "filed")),
        )
        for record in catalogues.cases.records
        for number, entry in enumerate(record.rounds("version"), start=1)
        if scope.is_seen(entry)
    ]
    steps = catalogues.cases.rules.procedure.steps["version"].attributes
    columns = (
        both("目录", "catalogue"),
        both("序号", "number"),
        steps["kind"].title,
        *(steps[name].title for name in ("government_consent", "party_consent", "published", "filed")),
    )
    return table(both("目录的版本", "versions of the catalogue"), columns, rows)


def _plans(scope: Scope, entries: Population) -> Table:
    kinds = entries.cases.rules.procedure.steps["plan"].attributes["kind"].values
    rows: list[tuple[Cell, ...]] = [
        (
            title,
            scope.ledger.share(
                title,
                entries,
                both(f"有一次计划的种类为“{title.zh}”", f"one of the plans of the entry is of the kind: {title.en}"),
                f'plan.any_round(kind == "{kind}")',
            ),
        )
        for kind, title in kinds.items()
    ]
    return table(
        both("事项的列入和调整", "listing and adjustment of entries"),
        (both("种类", "kind"), both("事项", "entries")),
        rows,
    )


def _merged(scope: Scope) -> Paragraph:
    merged = scope.ledger.share(
        both("并入其他事项的决策事项", "matters merged into others"),
        scope.matters,
        both("结果为并入其他事项", "the outcome is a merger"),
        'record.outcome == "merged"',
    )
    withdrawn = scope.ledger.share(
        both("撤回或者终止的决策事项", "matters withdrawn or terminated"),
        scope.matters,
        both("结果为撤回或者终止", "the outcome is a withdrawal or a termination"),
        'record.outcome in ("withdrawn", "terminated")',
    )
    return said(
        "决策事项中,并入其他事项{0}件,撤回或者终止{1}件。",
        "Of the decision matters, {0} were merged into others; {1} were withdrawn or terminated.",
        merged,
        withdrawn,
    )
