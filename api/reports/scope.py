"""Which cases a report is about: the matters of the year, its catalogues, and all matters of the place."""

from dataclasses import dataclass

from api.reports.ledger import Ledger, Population
from api.reports.material import Asked, Material
from engine.evaluation.compiled import CompiledRulebook
from engine.record import Round, Timing
from engine.record.catalogue import CATALOGUE, ENTRY
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual


@dataclass(frozen=True)
class Scope:
    """What the sections of a report work on.

    `matters`: those of the year, as summaries have it; `everything`: all matters of the place; `catalogues`,
    `entries`: those of the year, None where the rulebook has no procedure for them.
    """

    material: Material
    rulebook: Rulebook
    ledger: Ledger
    matters: Population
    everything: Population
    catalogues: Population | None
    entries: Population | None

    @property
    def year(self) -> int:
        """Return the year of the report."""
        return self.material.basis.year

    def stands(self, entry: Round) -> bool:
        """Tell whether a round was on record at the known-at time, and not void."""
        known_at = self.material.basis.known_at
        known = entry.entered is None or entry.entered <= known_at
        return known and not entry.void and (entry.voided is None or entry.voided > known_at)

    def is_seen(self, entry: Round) -> bool:
        """Tell whether a round stands, and may have begun by the as-of day."""
        days = [moment.first_day for moment in entry.took_place]
        return self.stands(entry) and (not days or min(days) <= self.material.basis.as_of)

    def day(self, timing: Timing | None) -> str | None:
        """Return when something took place, as it was written; nothing of what comes after the as-of day."""
        actual = timing.actual if timing else None
        if actual is None or (actual.has_a_day and actual.first_day > self.material.basis.as_of):
            return None
        return actual.text

    def is_past(self, timing: Timing | None) -> bool:
        """Tell whether something certainly took place by the as-of day."""
        actual = timing.actual if timing else None
        return actual is not None and actual.has_a_day and actual.last_day <= self.material.basis.as_of

    def is_of_the_year(self, timing: Timing | None) -> bool:
        """Tell whether something certainly took place in the year, and by the as-of day."""
        if timing is None or timing.actual is None or not self.is_past(timing):
            return False
        return timing.actual.first_day.year == self.year == timing.actual.last_day.year


def scope_of(material: Material, rulebook: Rulebook) -> Scope:
    """Sort the cases of a place."""
    basis = material.basis
    everything = _asked(material, rulebook, basis.procedure)
    in_year = [day.year == basis.year for day in everything.days]
    place = basis.place_title
    catalogues = entries = None
    if {CATALOGUE, ENTRY} <= set(rulebook.procedures):
        compiled = _asked(material, rulebook, CATALOGUE)
        own = compiled.where([_year_of(record.rounds("year")) == basis.year for record in compiled.records])
        prefixes = tuple(f"{record.id}." for record in own.records)
        listed = _asked(material, rulebook, ENTRY)
        within = listed.where([record.id.startswith(prefixes) for record in listed.records])
        within = within.where(_listed_by_then(within))
        catalogues = Population(
            Bilingual(zh=f"{place.zh}{basis.year}年度目录", en=f"catalogues of {basis.year}, {place.en}"), own
        )
        entries = Population(
            Bilingual(
                zh=f"{place.zh}{basis.year}年度目录的事项", en=f"entries of the catalogues of {basis.year}, {place.en}"
            ),
            within,
        )
    return Scope(
        material=material,
        rulebook=rulebook,
        ledger=Ledger(),
        matters=Population(
            Bilingual(zh=f"{place.zh}{basis.year}年的决策事项", en=f"decision matters of {basis.year}, {place.en}"),
            everything.where(in_year),
        ),
        everything=Population(
            Bilingual(zh=f"{place.zh}的全部决策事项", en=f"all decision matters of {place.en}"), everything
        ),
        catalogues=catalogues,
        entries=entries,
    )


def _asked(material: Material, rulebook: Rulebook, procedure: str) -> Asked:
    basis = material.basis
    chosen = {key: record for key, record in material.cases.items() if record.procedure == procedure}
    rules = CompiledRulebook(rulebook, procedure)
    return Asked(rules, tuple(chosen), tuple(chosen.values()), basis.as_of, basis.known_at)


def _listed_by_then(entries: Asked) -> list[bool]:
    """Tell which entries may have stood in the catalogue on the as-of day; one without any plan stands in it."""
    begun = entries.truth("plan.taken")
    return [one is not False or not entry.rounds("plan") for one, entry in zip(begun, entries.records, strict=True)]


def _year_of(rounds: tuple[Round, ...]) -> int | None:
    begins = rounds[0].timing("begins") if rounds else None
    return begins.actual.first_day.year if begins and begins.actual else None
