"""Template tags and the loader that sets typography."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template

from amarre.dui.web.loaders import Loader


def render(source: str, **context: Any) -> str:
    return Template("{% load amarre %}" + source).render(Context(context))


def test_literals_and_data_get_french_spaces() -> None:
    assert render("{{ 'Relève à 14 h 15 ?'|typo }}") == "Relève à 14\u00a0h\u00a015\u202f?"
    assert render("{{ x|typo }}", x="Quoi ?") == "Quoi\u202f?"


def test_typography_never_opens_the_door_to_markup() -> None:
    assert render("{{ x|typo }}", x="<b>Quoi ?</b>") == "&lt;b&gt;Quoi\u202f?&lt;/b&gt;"


def test_free_chip_escapes_its_words() -> None:
    html = render("{% puce_libre x 'alerte' 'dan' %}", x="<i>Allergie : noix")
    assert "<i>" not in html
    assert "Allergie\u00a0: noix" in html


def test_free_chip_refuses_an_unknown_tone() -> None:
    with pytest.raises(ValueError, match="rose"):
        render("{% puce_libre 'x' 'info' 'rose' %}")


def test_scrolling_region_is_named_and_focusable() -> None:
    html = render("{% defile name %}<table></table>{% enddefile %}", name='Liste "A"')
    assert html.startswith(
        '<div class="am-defile" tabindex="0" role="region" aria-label="Liste &quot;A&quot;">'
    )
    assert "<table></table>" in html


@pytest.mark.parametrize("tag", ["jour", "jour_long", "heure", "moment", "jour_relatif", "duree", "age"])
def test_absent_dates_show_nothing(tag: str) -> None:
    assert render("{{ x|" + tag + " }}", x=None) == ""


def test_absent_rate_is_said() -> None:
    assert render("{{ x|pourcent }}", x=None) == "sans objet"
    assert render("{{ x|pourcent }}", x=78.64) == "78,6\u202f%"


def test_loader_leaves_other_packages_alone() -> None:
    from django.template import engines

    loader = Loader(engines["django"].engine)  # type: ignore[attr-defined]
    ours = loader.get_template("web/_quai.html")
    foreign = loader.get_template("django/forms/widgets/input.html")
    assert "amarre" in str(ours.origin.name)
    assert "\u202f" not in foreign.source
