"""``{% load amarre %}``: pictograms, chips, French dates and typography, tables that scroll, tabs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from amarre.dui.web import charts, chips, dates, dossier_tabs, typography
from amarre.dui.web.forms import control_class

register = template.Library()


# Some thirty of them in a page, always the same.
@register.simple_tag
@lru_cache(maxsize=256)
def icone(name: str, extra: str = "") -> SafeString:
    """``{% icone "coche" %}``: a pictogram, hidden from screen readers, so always beside a word."""
    return format_html(
        '<svg class="am-i{}" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        f" {extra}" if extra else "",
        static("web/sprite.svg"),
        name,
    )


def _chip(shown: chips.Chip) -> SafeString:
    tone = f" am-puce--{shown.tone}" if shown.tone else ""
    return format_html('<span class="am-puce{}">{}{}</span>', tone, icone(shown.icon), shown.label)


@register.simple_tag
def puce(family: str, value: object) -> SafeString:
    """``{% puce "echange" exchange.state %}``: the chip of a state.

    Families: identite, echange, accuse, etape.
    """
    return _chip(chips.chip(family, value))


@register.simple_tag
def puce_libre(label: str, icon: str = "info", tone: str = "") -> SafeString:
    """``{% puce_libre "Allergie : pénicilline" "alerte" "dan" %}``: a chip with words of its own."""
    return _chip(chips.Chip(typography.french(label), icon, chips.Tone(tone)))


@register.filter
def typo(value: object) -> str:
    """``{{ texte|typo }}``: French no-break spaces and apostrophes.

    Only spaces and apostrophes change: what was safe (a literal of a template) stays safe, the rest is
    escaped.
    """
    if isinstance(value, SafeString):
        return type(value)(typography.french_markup(value))
    return typography.french(str(value))


@register.filter
def jour(value: dt.date | dt.datetime | None) -> str:
    """``{{ d|jour }}``: 20/11/2026 (nothing for None)."""
    return dates.day(value) if value else ""


@register.filter
def jour_long(value: dt.date | dt.datetime | None) -> str:
    """``{{ d|jour_long }}``: vendredi 20 novembre 2026."""
    return dates.long_day(value) if value else ""


@register.filter
def heure(value: dt.datetime | dt.time | None) -> str:
    """``{{ t|heure }}``: 8 h 45."""
    return dates.hour(value) if value else ""


@register.filter
def moment(value: dt.datetime | None) -> str:
    """``{{ t|moment }}``: 8 h 45; hier, 8 h 45; 20/11/2026, 8 h 45."""
    return dates.moment(value, timezone.now()) if value else ""


@register.filter
def jour_relatif(value: dt.date | None) -> str:
    """``{{ d|jour_relatif }}``: hier; dans 21 jours, le 11/12/2026."""
    return dates.relative_day(value, dates.local(timezone.now()).date()) if value else ""


@register.filter
def duree(value: dt.timedelta | None) -> str:
    """``{{ d|duree }}``: 12 min; 2 h 05."""
    return dates.duration(value) if value is not None else ""


@register.filter
def age(value: dt.date | None) -> str:
    """``{{ naissance|age }}``: 90 ans."""
    return dates.age(value, dates.local(timezone.now()).date()) if value else ""


@register.filter
def pourcent(value: float | None) -> str:
    """``{{ taux|pourcent }}``: 78,6 %; « sans objet » for None."""
    return charts.percent(value)


@register.simple_block_tag
def defile(content: str, label: str) -> SafeString:
    """``{% defile "Nom" %}<table>…</table>{% enddefile %}``: a region that scrolls sideways alone."""
    return format_html(
        '<div class="am-defile" tabindex="0" role="region" aria-label="{}">{}</div>', label, content
    )


@register.filter
def controle(field: BoundField) -> SafeString:
    """``{{ field|controle }}``: the widget with the class of its kind, and its state in error."""
    widget = field.field.widget
    names = [str(widget.attrs.get("class", "")), control_class(widget)]
    if field.errors:
        names.append("is-invalid")
    return field.as_widget(attrs={"class": " ".join(name for name in names if name)})


@register.filter
def genre(field: BoundField) -> str:
    """``{{ field|genre }}``: ``case`` for a check box, ``groupe`` for a set of choices, else ``champ``."""
    if field.use_fieldset:
        return "groupe"
    return "case" if control_class(field.field.widget) == "form-check-input" else "champ"


@register.simple_tag(takes_context=True)
def onglets(context: Context, dossier: object, current: str) -> list[dossier_tabs.TabLink]:
    """``{% onglets dossier "projet" as tabs %}``: the tabs the actor may open, for the identity banner."""
    return dossier_tabs.links(context["request"], dossier, current)


@register.filter
def compte(items: Iterable[Any], state: str) -> int:
    """``{{ points|compte:"bon" }}``: how many points of a list of checks are in `state`."""
    return sum(
        (item.get("state") if isinstance(item, dict) else getattr(item, "state", "")) == state
        for item in items
    )
