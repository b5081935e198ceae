"""A received CDA on a page: its words and nothing else of it; whose it is comes first."""

from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string

from amarre.dui.documents import store
from amarre.dui.intake.cda_page import cda_page
from amarre.dui.usagers.models import Dossier
from tests.dui.connected import House

pytestmark = pytest.mark.django_db

_BODY = re.compile(rb"<component>.*</component>", re.DOTALL)
_NARRATIVE = """<component><structuredBody><component><section><title>Traitements &lt;b&gt;</title><text>
<paragraph>Furosémide <content styleCode="Bold">40 mg</content><br/>le matin<sup>1</sup></paragraph>
<list listType="ordered"><item>Un</item><item><paragraph>Deux</paragraph></item></list>
<table><caption>Mesures</caption><thead><tr><th>Jour</th><th>Poids</th></tr></thead>
<tbody><tr><td rowspan="2">lundi</td><td>61,0 kg</td></tr><tr><td>60,8 kg</td></tr></tbody></table>
<paragraph><linkHtml href="javascript:alert(1)">ici</linkHtml>
&lt;script&gt;alert(2)&lt;/script&gt;</paragraph></text><component><section><title>Sous-rubrique</title><text>Suite</text></section></component></section>
</component></structuredBody></component>"""


def shown(house: House, dossier: Dossier, data: bytes) -> str:
    page = cda_page(data, dossier.identity, house.essms.zone)
    return " ".join(render_to_string("intake/_cda.html", {"page": page}).split())


def structured(data: bytes, body: str = _NARRATIVE) -> bytes:
    start, end = data.index(b"<component"), data.rindex(b"</component>") + len(b"</component>")
    if b"<componentOf" in data[:end]:
        start = data.index(b"<component>", data.index(b"</componentOf>"))
    return data[:start] + body.encode() + data[end:]


def test_sections_lists_and_tables_are_shown_in_order(house: House) -> None:
    dossier = house.dossier()
    html = shown(house, dossier, structured(store.get(house.filed(dossier).cda_sha256)))
    words = html[html.index('aria-label="Contenu') :]
    places = [words.index(told) for told in ("Furosémide", "40 mg", "matin", "Un", "Deux", "61,0", "Suite")]
    assert places == sorted(places)
    assert '<span class="am-cda__gras">40 mg</span>' in html
    assert '<td rowspan="2">lundi' in html
    assert "Sous-rubrique" in html


def test_nothing_of_the_sender_is_markup(house: House) -> None:
    dossier = house.dossier()
    html = shown(house, dossier, structured(store.get(house.filed(dossier).cda_sha256)))
    assert "<script" not in html
    assert "javascript:" not in html
    assert "Traitements &lt;b&gt;" in html
    assert "<a " not in html


@pytest.mark.parametrize(
    ("key", "said"), [(None, "concerne bien cette personne"), ("other", "une autre personne")]
)
def test_the_person_is_compared_first(house: House, key: str | None, said: str) -> None:
    dossier = house.dossier()
    theirs = dossier if key is None else house.dossier("pierre-alain-dartagnan")
    html = shown(house, dossier, structured(store.get(house.filed(theirs).cda_sha256)))
    assert html.index(said) < html.index("Écrit par")
    assert "DARTAGNAN" not in html.split("Écrit par")[0].upper()
