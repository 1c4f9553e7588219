"""When and where laws bind made-up matters, and what is so of these, as plants of several chapters ask."""

from api.synth.draws import Bools, Ints
from api.synth.plants.facts import Facts, since

BUSINESS_REGULATION = "2025-04-19"
"""From this day on the text of the regulations on the business environment, and of some others, is at hand."""
ORGANIC_LAW = "2023-01-01"
TWO_TIERS = "2020-09-01"
"""From this day on Shanghai has its rules on legality reviews."""
COMPETITION = "2024-08-01"
"""From this day on the regulation on fair competition reviews is in force."""
REVIEW, INITIAL, MEETING = "legality_review", "initial_legality_review", "collective_deliberation"


def normative(f: Facts) -> Bools:
    """Tell which records are normative documents discussed since the organic law asks for comments on them."""
    return f.yes("normative_document") & since(f.meeting, ORGANIC_LAW)


def business(f: Facts) -> Bools:
    """Tell which records touch the market and are closely tied to business."""
    return f.yes("market_activity") & f.set("public_comment", "business_related")


def opened_since(f: Facts, day: str) -> Bools:
    """Tell in which records the public comment opened on a day or later."""
    return since(f.first_day("public_comment", "opened"), day)


def document_of_business(f: Facts) -> Bools:
    """Tell which records are documents tied to business since the regulation's text is at hand."""
    related = f.set("public_comment", "business_related")
    return f.yes("normative_document") & related & opened_since(f, BUSINESS_REGULATION)


def published_in_shanghai(f: Facts) -> Bools:
    """Tell which records were published in Shanghai since its regulation's text is at hand."""
    return f.within("CN-31") & since(f.day("publication", "published"), BUSINESS_REGULATION)


def drew_opinions(f: Facts) -> Bools:
    """Tell in which records the public comment drew opinions."""
    found: Bools = f.number("public_comment", "opinions") > 0
    return found


def watched(f: Facts) -> Bools:
    """Tell which records are technical or widely watched."""
    return f.yes("technical") | f.yes("widely_watched")


def commented(f: Facts) -> Bools:
    """Tell which records had a public comment that drew opinions, under no special statute."""
    return f.taken("public_comment") & drew_opinions(f) & f.general


def shanghai_reviews(f: Facts) -> Bools:
    """Tell which records come under Shanghai's rules on legality reviews."""
    return f.within("CN-31") & since(f.meeting, TWO_TIERS)


def after_the_decision(f: Facts) -> Ints:
    """Return a day soon after the decision."""
    return f.decided + 3


def changes_asked(f: Facts) -> Bools:
    """Tell in which records the legality review asked for changes."""
    return f.about.changes_asked


def found_lawful(f: Facts) -> Bools:
    """Tell in which records it found the draft lawful as it was."""
    found: Bools = ~changes_asked(f)
    return found


def once_discussed(f: Facts) -> Bools:
    """Tell which records were put to decision in one meeting only."""
    return f.once(MEETING)
