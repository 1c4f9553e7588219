"""Charts as SVG, drawn on this machine from the numbers of the table beside them. Decides no number."""

import threading
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any, Final, NamedTuple
from unicodedata import east_asian_width

from engine.vocabulary import Bilingual, Language

FONT: Final = "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
INK: Final = "#1d2733"
BLUE: Final = "#0b4f8a"
RED: Final = "#9c1c1c"
WIDTH: Final = 640
BESIDE_TITLES: Final = 360
BAR: Final = 26
LONGEST: Final = 52
"""So many letters of a title stand beside a bar; one as wide as it is high counts twice."""
MEASURED: Final = "sans-serif"
"""By this font the drawing program measures words: looking into a font with all Chinese letters takes it far longer."""


class Point(NamedTuple):
    """A number with its name. `of`: what it is a part of, where it is a rate."""

    name: str
    number: int
    of: int = 0


@lru_cache(maxsize=64)
def trend_svg(points: tuple[Point, ...], language: Language) -> str:
    """Draw the compliance rate by month; a month without a rate has no point."""
    import altair as alt  # noqa: PLC0415 - takes a second, which only who looks at charts should wait for

    rows = [
        {"month": one.name, "rate": one.number / one.of, "said": f"{one.number}/{one.of}"} for one in points if one.of
    ]
    base = alt.Chart(_inline(rows)).encode(
        x=alt.X("month:O", title=_MONTH.say(language)),
        y=alt.Y("rate:Q", title=_RATE.say(language), axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])),
    )
    line = base.mark_line(color=BLUE, point=alt.OverlayMarkDef(filled=True, size=50, color=BLUE))
    words = base.mark_text(dy=-10, color=INK, fontSize=10).encode(text="said:N")
    return _drawn(line + words if len(rows) <= _MANY else line, width=WIDTH, height=240)


@lru_cache(maxsize=64)
def flags_svg(points: tuple[Point, ...], language: Language) -> str:
    """Draw how many flags there are of each of some cards, in their order."""
    import altair as alt  # noqa: PLC0415 - the same

    rows = [{"card": _short(one.name), "flags": one.number} for one in points]
    base = alt.Chart(_inline(rows)).encode(
        x=alt.X("flags:Q", title=_FLAGS.say(language), axis=alt.Axis(tickMinStep=1)),
        y=alt.Y("card:N", title=None, sort=[_short(one.name) for one in points], axis=alt.Axis(labelLimit=0)),
    )
    bars = base.mark_bar(color=RED, height=BAR // 2)
    words = base.mark_text(align="left", dx=4, color=INK).encode(text="flags:Q")
    return _drawn(bars + words, width=BESIDE_TITLES, height=max(len(rows), 1) * BAR)


def _inline(rows: Sequence[dict[str, Any]]) -> Any:  # noqa: ANN401 - untyped in the library
    import altair as alt  # noqa: PLC0415 - the same

    return alt.InlineData(values=list(rows))


def _drawn(chart: Any, *, width: int, height: int) -> str:  # noqa: ANN401 - untyped in the library
    """Draw a chart without asking any other machine."""
    import vl_convert  # noqa: PLC0415 - the same

    spec = chart.properties(width=width, height=height, padding=_AROUND).configure(
        font=MEASURED, background="#ffffff", axis={"labelColor": INK, "titleColor": INK, "labelFontSize": 12}
    )
    svg: str = vl_convert.vegalite_to_svg(spec.to_dict(validate=False))
    return svg.replace(f'font-family="{MEASURED}"', f'font-family="{FONT}"')


def warm_up() -> None:
    """Load what draws charts, in the background: whoever looks at the first one would wait for it."""
    threading.Thread(target=flags_svg, args=((), "zh"), name="charts", daemon=True).start()


def _short(text: str) -> str:
    """Cut what is too long to stand beside a bar."""
    widths = accumulate(1 + (east_asian_width(letter) in _WIDE) for letter in text)
    fits = sum(width <= LONGEST for width in widths)
    return text if fits == len(text) else f"{text[: fits - 1]}…"


_WIDE: Final = frozenset({"W", "F"})
_AROUND: Final = {"left": 36, "right": 12, "top": 5, "bottom": 5}
"""So many pixels stay free, where words are wider in the reader's font than in the one that measures."""
_MANY: Final = 16
_MONTH: Final = Bilingual(zh="月份", en="month")
_RATE: Final = Bilingual(zh="合规率", en="compliance rate")
_FLAGS: Final = Bilingual(zh="标记数", en="flags")
