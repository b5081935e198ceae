"""Components say their state by a word and a pictogram, and only what their presenter holds."""

from __future__ import annotations

from enum import StrEnum
from html.parser import HTMLParser
from typing import Any

import pytest
from django.template import engines

from amarre.dui.web import charts, chips, shell, steps, styleguide


def render(name: str, **context: Any) -> str:
    return str(engines["django"].get_template(f"web/composants/{name}.html").render(context))


class Text(HTMLParser):
    """Collects the visible text."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def text_of(html: str) -> str:
    parser = Text()
    parser.feed(html)
    return " ".join(" ".join(parser.parts).replace("\u202f", " ").replace("\u00a0", " ").split())


class Statut(StrEnum):
    QUALIFIEE = "qualifiee"


@pytest.mark.parametrize("value", ["QUALIFIEE", "qualifiée", Statut.QUALIFIEE])
def test_chip_of_a_state_whatever_its_writing(value: str) -> None:
    assert chips.chip("identite", value) == chips.Chip("Identité qualifiée", "ins-qual", chips.Tone.OK)


def test_unknown_state_is_shown_not_hidden() -> None:
    assert chips.chip("echange", "mystère").label == "mystère"


def test_unknown_family_is_a_defect() -> None:
    with pytest.raises(KeyError):
        chips.chip("inconnue", "x")


def test_every_pictogram_of_the_tables_is_in_the_sprite() -> None:
    from django.contrib.staticfiles import finders

    path = finders.find("web/sprite.svg")
    assert path is not None
    with open(path, encoding="utf-8") as file:
        sprite = file.read()
    names = {chip.icon for table in chips.FAMILIES.values() for chip in table.values()} | set(
        styleguide.ICONS
    )
    assert [name for name in sorted(names) if f'id="i-{name}"' not in sprite] == []


def test_banner_keeps_the_order_of_traits_and_hides_the_matricule() -> None:
    html = render("identite", identite=styleguide.banner())
    assert text_of(html).index("TCHITCHI 1er prénom") < text_of(html).index("CATARINA")
    assert "Matricule INS" not in html
    assert "Afficher le matricule INS" in html


def test_banner_shows_the_matricule_with_its_nature_and_oid() -> None:
    identite = {**styleguide.banner(), "matricule": "2 36 06", "matricule_kind": "NIR", "oid": "1.2.250"}
    assert "Matricule INS 2 36 06 (NIR), OID 1.2.250" in text_of(render("identite", identite=identite))


def test_banner_escapes_what_people_typed() -> None:
    identite = {**styleguide.banner(), "name": "<script>", "details": "<b>x"}
    html = render("identite", identite=identite)
    assert "<script>" not in html
    assert "<b>x" not in html


def test_error_message_has_its_five_parts() -> None:
    html = render(
        "message",
        explication=styleguide.error(),
        contact=shell.ContactCard("Julie Prat", "01 99 00 12 00"),
        tone="dan",
    )
    text = text_of(html)
    positions = [text.index(part) for part in ("INSi ne répond pas", "Vos données", "À faire", "Qui appeler")]
    assert positions == sorted(positions)
    assert "À copier INS-9F2C-1187" in text
    assert 'href="tel:+33199001200"' in html


def test_checks_are_counted_in_words() -> None:
    assert "3 points bons, 1 à regarder, rien de bloquant" in text_of(
        render("controle", points=styleguide.checks(blocked=False))
    )
    assert "2 points bons, 1 à regarder, 1 bloquant" in text_of(
        render("controle", points=styleguide.checks(blocked=True))
    )


def test_held_button_stays_in_sight_with_its_reason() -> None:
    html = render("bouton_envoi", label="Déposer au DMP", reason="Identité pas encore qualifiée.")
    assert 'aria-disabled="true"' in html
    assert "Identité pas encore qualifiée." in html
    assert 'type="submit"' not in html


def test_stepper_stops_where_it_broke() -> None:
    broken = steps.stepper(steps.MESSAGE, "Envoyé", {"Refusé": "10 h 03"}, broken="Refusé")
    assert [(s.label, s.mark) for s in broken][-2:] == [
        ("Envoyé", steps.Mark.DONE),
        ("Refusé", steps.Mark.REFUSED),
    ]
    assert text_of(render("etapes", steps=broken)).endswith("Refusé 10 h 03")


def test_stepper_names_what_is_to_come() -> None:
    html = render("etapes", steps=steps.stepper(steps.DEPOSIT, "En file"))
    assert text_of(html) == "À valider En file Envoyé (à venir) Accepté (à venir)"
    assert html.count('aria-current="step"') == 1


def test_stepper_refuses_an_unknown_step() -> None:
    with pytest.raises(ValueError, match="Lu"):
        steps.stepper(steps.DEPOSIT, "Lu")


def test_indicator_without_denominator_is_not_zero() -> None:
    html = render("tuile", tuile={"title": "DMP", "value": None, "url": "/x", "link_text": "Voir"})
    assert "sans objet" in text_of(html)
    assert "am-jauge" not in html


def test_indicator_counts_zero_as_a_number() -> None:
    html = render("tuile", tuile={"title": "DMP", "count": 0, "url": "/x", "link_text": "Voir les actes"})
    assert text_of(html) == "DMP 0 Voir les actes"


def test_small_multiples_share_one_scale() -> None:
    drawing = charts.multiple("DMP", ("oct.", "nov."), (None, 50.0), 80, counted=1)
    assert [(bar.y, bar.height, bar.counted) for bar in drawing.bars] == [("44.0", "32.0", True)]
    assert drawing.target_y == "24.8"
    with pytest.raises(ValueError, match="same length"):
        charts.multiple("DMP", ("oct.",), (), 80, counted=0)


def test_gauge_never_leaves_its_frame() -> None:
    assert charts.Gauge(130, 80).width == "100.0%"
    assert charts.Gauge(-1, 80).width == "0.0%"


def test_waiting_block_polls_itself_and_works_by_a_link() -> None:
    html = render("attente", attente=styleguide.waiting())
    assert 'hx-get="/style/attente/"' in html
    assert '<a class="btn btn-sm btn-outline-primary" href="/style/">Regarder à nouveau</a>' in html


def test_pager_without_neighbour_is_absent() -> None:
    assert render("pages", pager={"text": "3 personnes"}).strip() == ""
