"""The spectrum on screen: one ordered ramp from closed to open, always with the band's word beside the colour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import streamlit as st
from markupsafe import Markup

from pages.shell.text import count, esc, icon, show
from pages.shell.urlstate import chosen_values, follow_url, write_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """How one band is shown."""

    label: str
    icon: str
    meaning: str
    """Who may see such data, in a few words."""


BANDS: Mapping[str, Band] = MappingProxyType(
    {
        "closed": Band(label="Closed", icon="lock", meaning="Only the owner"),
        "named": Band(label="Named", icon="key", meaning="Named people or bodies"),
        "group": Band(label="Group", icon="groups", meaning="A stated group"),
        "public-limited": Band(label="Public, limited", icon="public", meaning="Anyone, with conditions"),
        "public-unclear": Band(label="Licence unclear", icon="contract", meaning="Published, no licence stated"),
        "open": Band(label="Open", icon="lock_open_right", meaning="Anyone, any use"),
        "unknown": Band(label="Not stated", icon="question_mark", meaning="The source does not say"),
    }
)
"""From closed to open; what the source does not state stands apart, at the end."""


def swatch(band: str, size: int = 24) -> Markup:
    """The band's outlined square with its icon, unseen by screen readers; `size` in px, 24, 20 or 16."""
    return Markup('<span class="ct-swatch ct-{} ct-s{}" aria-hidden="true">{}</span>').format(
        band, size, icon(BANDS[band].icon)
    )


def band_badge(band: str) -> Markup:
    """Swatch and word, for rows, tables and asides."""
    return Markup('<span class="ct-band">{}<b>{}</b></span>').format(swatch(band), BANDS[band].label)


def _sentence(counts: Mapping[str, int], total: int) -> str:
    parts = ", ".join(f"{BANDS[band].label} {counts.get(band, 0):,}" for band in BANDS)
    return f"{count(total, 'dataset')} from closed to open: {parts}"


def spectrum_bar(counts: Mapping[str, int], *, small: bool = False, ends: bool = False) -> Markup:
    """The whole as one bar, segments by count; `small` is 12 px high, `ends` writes "closed" and "open" under it."""
    total = sum(counts.values())
    pieces = [
        Markup('<span class="ct-{}" style="flex-grow:{}"></span>').format(band, counts[band])
        for band in BANDS
        if counts.get(band)
    ]
    bar = Markup('<div class="ct-bar{}" role="img" aria-label="{}">{}</div>').format(
        " ct-small" if small else "", _sentence(counts, total), Markup("").join(pieces)
    )
    if not ends:
        return bar
    return bar + Markup('<div class="ct-ends" aria-hidden="true"><span>closed</span><span>open</span></div>')


def spectrum_pills(counts: Mapping[str, int], key: str = "band") -> list[str]:
    """The bar's control: one pill a band with its count; answers the chosen bands, kept in the address as `?band=`."""
    follow_url(key, list(BANDS))
    st.pills(
        "Bands of the spectrum",
        list(BANDS),
        selection_mode="multi",
        format_func=lambda band: f":material/{BANDS[band].icon}: {BANDS[band].label} **{counts.get(band, 0):,}**",
        key=f"spectrum-{key}",
        on_change=write_url,
        args=(key,),
        label_visibility="collapsed",
        width="stretch",
    )
    return chosen_values(key, list(BANDS))


def spectrum_scale(band: str, *, words: bool = True) -> Markup:
    """Where one dataset stands: six steps, its own raised with icon and bold word.

    A dataset whose band is not stated stands on none of the six; the scale says so beside them. Without `words` only
    its own step is named (for a narrow aside).
    """
    steps = []
    for each in list(BANDS)[:-1]:
        here = each == band
        name = Markup('<span class="ct-word">{}</span>').format(BANDS[each].label) if words or here else Markup("")
        steps.append(
            Markup('<li class="{}"{}><span class="ct-step ct-{}" aria-hidden="true">{}</span>{}</li>').format(
                "ct-here" if here else "",
                Markup(' aria-current="true"') if here else Markup(""),
                each,
                icon(BANDS[each].icon) if here else "",
                name,
            )
        )
    scale = Markup('<ol class="ct-scale{}" role="list" aria-label="From closed to open">{}</ol>').format(
        "" if words else " ct-bare", Markup("").join(steps)
    )
    return scale + (Markup('<p class="ct-apart">{}</p>').format(band_badge(band)) if band == "unknown" else Markup(""))


def spectrum_table(rows: Iterable[tuple[str | Markup, Mapping[str, int]]], *, first: str = "Organisation") -> Markup:
    """Holder by band: squares whose area follows the count, a total row and column; "–" is none.

    One row per holder: its name (a `link` is welcome) and its counts by band.
    """
    listed = list(rows)
    most = max((number for _, counts in listed for number in counts.values()), default=1) or 1
    heads = Markup("").join(
        Markup('<th scope="col">{}<b>{}</b><span>{}</span></th>').format(swatch(name), band.label, band.meaning)
        for name, band in BANDS.items()
    )
    lines = [_spectrum_line(name, counts, most) for name, counts in listed]
    sums = [sum(counts.get(band, 0) for _, counts in listed) for band in BANDS]
    foot = Markup("").join(Markup("<td>{}</td>").format(f"{number:,}") for number in sums)
    return Markup(
        '<div class="ct-scroll" tabindex="0" role="region" aria-label="Datasets by {} and band">'
        '<table class="ct-spectrum"><thead><tr><td><span class="ct-hide">{}</span></td>{}<th scope="col">All</th></tr>'
        '</thead><tbody>{}</tbody><tfoot><tr><th scope="row">All</th>{}<td>{}</td></tr></tfoot></table></div>'
    ).format(first.lower(), first, heads, Markup("").join(lines), foot, f"{sum(sums):,}")


def _spectrum_line(name: str | Markup, counts: Mapping[str, int], most: int) -> Markup:
    cells = []
    for band in BANDS:
        number = counts.get(band, 0)
        side = max(9, round(54 * (number / most) ** 0.5))
        cells.append(
            Markup(
                '<td><span class="ct-cell"><span class="ct-swatch ct-{}" style="width:{}px;height:{}px"></span>'
                "{}</span></td>"
            ).format(band, side, side, f"{number:,}")
            if number
            else Markup("<td>–</td>")
        )
    return Markup('<tr><th scope="row">{}</th>{}<td>{}</td></tr>').format(
        esc(name), Markup("").join(cells), f"{sum(counts.values()):,}"
    )


def show_spectrum(counts: Mapping[str, int], key: str = "band") -> list[str]:
    """Bar and pills together, as on the browse page; answers the chosen bands."""
    with st.container(key=f"spectrumrow-{key}", gap="xsmall"):
        show(spectrum_bar(counts))
        return spectrum_pills(counts, key)
