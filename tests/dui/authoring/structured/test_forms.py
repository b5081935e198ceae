"""The forms of the structured blocks: a line more at each press, what is typed comes back as it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils.html import escape

from amarre.dui.access.scope import system_scope
from amarre.dui.authoring.block_forms import BlockForm, form_of
from amarre.dui.authoring.blocks import Block, kind_of
from amarre.dui.authoring.catalogue import template_of
from amarre.dui.authoring.models import Ecrit
from amarre.dui.authoring.selectors import seen_mark
from amarre.dui.authoring.services.start_ecrit import start_ecrit
from amarre.dui.authoring.services.start_new_version import start_new_version
from amarre.dui.authoring.services.validate_ecrit import validate_ecrit
from amarre.dui.authoring.services.write_ecrit import write_ecrit
from amarre.dui.authoring.structured import KINDS
from amarre.dui.authoring.structured.fields import capital
from amarre.dui.authoring.structured.forms.fields import (
    PartialDayField,
    WordsField,
    clean_words,
    shown_day,
)
from amarre.dui.documents import store
from amarre.dui.documents.models import Document
from amarre.interop import cda
from amarre.interop.cda.display import display, extract_media, render_text
from amarre.interop.cda.structured import IPS_FR, LDL_EES
from amarre.interop.cda.structured.observations import SURVEYS, plain_words
from amarre.interop.xds import document_entry_from_cda
from tests.dui.authoring.samples import SAMPLES
from tests.dui.authoring.structured.samples import WHOLE, contents
from tests.dui.connected import House


def block(kind: str) -> Block:
    return Block(key="b", title="Titre", kind=kind)


def posted(form: BlockForm) -> QueryDict:
    """What a browser sends back for a form as it is shown."""
    sent = QueryDict(mutable=True)
    for bound in form:
        value = bound.value()
        if value not in (None, "", False):
            sent[bound.html_name] = str(value)
    if count := getattr(form, "count_name", ""):
        sent[count] = str(form.count)  # type: ignore[attr-defined]
    return sent


def reread(kind: str, content: Mapping[str, Any], **changes: str) -> dict[str, Any]:
    """The content after its page was shown and sent back, with some fields changed."""
    sent = posted(form_of(block(kind), content))
    for name, value in changes.items():
        sent[f"b-{name}"] = value
    form = form_of(block(kind), content, sent)
    assert form.is_valid(), form.errors
    return form.content()


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_what_is_kept_comes_back_as_it_was(kind: str) -> None:
    assert reread(kind, WHOLE[kind]) == WHOLE[kind]
    assert reread(kind, {}) == {}


def told(kind: str, content: Mapping[str, Any]) -> str:
    """Everything a document would say of a content: printed, then coded in the header."""
    one = block(kind)
    printed = kind_of(one).printed(one, content)
    coded = (kind_of(one).participants(one, content), kind_of(one).informants(one, content))
    return f"{printed} {coded}"


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_nothing_typed_is_lost_without_a_word(kind: str) -> None:
    """One field alone: it is printed, or validation says what is missing."""
    for bound in form_of(block(kind), {}):
        name = bound.html_name.removeprefix("b-")
        if not isinstance(bound.field, WordsField):
            continue
        content = reread(kind, {}, **{name: "37"})
        assert content, (kind, name)
        problems = kind_of(block(kind)).problems(block(kind), content)
        assert problems or "37" in told(kind, content), (kind, name)
        assert form_of(block(kind), content).unfolded  # type: ignore[attr-defined]


def test_an_answer_left_out_is_asked_for() -> None:
    one = block("autonomie")
    content = {"answers": {SURVEYS[0].questions[0].code: {"remark": "parfois"}}}
    assert [*kind_of(one).problems(one, content)] == [
        f"« {capital(plain_words(SURVEYS[0].questions[0]))} » : cochez une réponse, ou effacez la remarque."
    ]


def test_wishes_without_directives_are_asked_about() -> None:
    one, wishes = block("directives"), {"answers": {"75779-9": {"value": "yes"}}}
    for written, faults in (("yes", 0), ("no", 1), ("unknown", 1), ("", 1)):
        assert len(kind_of(one).problems(one, {"written": written, **wishes})) == faults


def test_a_telephone_is_read_by_pairs() -> None:
    one = block("hopital")
    for typed, read in (("0199001200", "01 99 00 12 00"), ("+33 1 99", "+33 1 99"), ("15", "15")):
        assert read in told("hopital", {"name": "CH", "phone": typed})
    assert kind_of(one).problems(one, {"phone": "15"}) == ("écrivez son nom.",)


def test_one_empty_line_waits_and_is_forgotten() -> None:
    form = form_of(block("traitements"), WHOLE["traitements"])
    assert form.count == 3  # type: ignore[attr-defined]
    added = reread("traitements", WHOLE["traitements"], **{"2-name": "Vitamine D"})
    assert [line["name"] for line in added["lines"]] == [
        "Paracétamol 500 mg",
        "Crème hydratante",
        "Vitamine D",
    ]
    removed = reread("traitements", added, **{"0-retirer": "on"})
    assert [line["name"] for line in removed["lines"]] == ["Crème hydratante", "Vitamine D"]


def test_lines_have_a_limit_whatever_is_sent() -> None:
    for count in ("999", "-3", "0", "trois", "9" * 400, ""):
        sent = QueryDict(mutable=True)
        sent["b-lignes"] = count
        form = form_of(block("traitements"), {}, sent)
        assert 1 <= form.count <= 61  # type: ignore[attr-defined]
        assert form.is_valid()
        assert form.content() == {}


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("12/03/2019", "2019-03-12", "12/03/2019"),
        ("12.3.2019", "2019-03-12", "12/03/2019"),
        ("12032019", "2019-03-12", "12/03/2019"),
        ("2019-03-12", "2019-03-12", "12/03/2019"),
        ("03/2019", "2019-03", "03/2019"),
        ("2019-03", "2019-03", "03/2019"),
        (" 2019 ", "2019", "2019"),
        ("", "", ""),
    ],
)
def test_days_months_years(typed: str, kept: str, shown: str) -> None:
    assert PartialDayField().clean(typed) == kept
    assert shown_day(kept) == shown


@pytest.mark.parametrize("typed", ["hier", "31/02/2019", "13/2019", "19", "1/2/3/4", "²019", "99/99/9999"])
def test_what_is_no_day_is_refused_with_an_example(typed: str) -> None:
    sent = QueryDict(mutable=True)
    sent["b-0-start"] = typed
    sent["b-0-name"] = "Paracétamol"
    form = form_of(block("traitements"), {}, sent)
    assert not form.is_valid()
    assert form.errors["0-start"] == ["Écrivez la date ainsi : 12/03/2019, 03/2019 ou 2019."]


def test_what_is_pasted_is_cleaned() -> None:
    assert clean_words("un\x0bdeux\r\ntrois\x08\x00 ") == "un\ndeux\ntrois"


def test_a_choice_that_is_not_offered_is_refused() -> None:
    sent = QueryDict(mutable=True)
    sent["b-0-route"] = "1"
    assert not form_of(block("traitements"), {}, sent).is_valid()


# On the page.


@pytest.fixture
def loic(house: House, client_for: Callable[..., Client]) -> Client:
    return client_for(house.loic, house.essms)


def fields_of(page: str) -> QueryDict:
    """What a browser without script would send back for a page: its inputs, lists and areas."""
    sent = QueryDict(mutable=True)
    for tag in re.findall(r"<input [^>]*>", page):
        name = re.search(r'name="([^"]+)"', tag)
        kind = re.search(r'type="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        ticked = " checked" in tag or (kind and kind[1] not in ("radio", "checkbox"))
        if name and ticked and name[1] != "csrfmiddlewaretoken":
            sent[name[1]] = value[1] if value else ""
    return sent


@pytest.mark.django_db
def test_adding_a_line_needs_no_script(house: House, loic: Client) -> None:
    dossier = house.dossier()
    answer = loic.post(f"/dossiers/{dossier.pk}/ecrits/nouveau/", {"modele": "liaison_entree_hopital"})
    page = loic.get(answer["Location"]).content.decode()
    assert "Traitement 1" in page
    assert "Traitement 2" not in page
    for label in ("Je liste ci-dessous", "Aucun traitement connu", "Information non connue"):
        assert escape(label) in page
    sent = fields_of(page)
    sent["traitements-0-name"] = "Paracétamol 500 mg"
    sent["suite"] = "traitements"
    back = loic.post(answer["Location"], sent)
    assert back["Location"].endswith("#bloc-traitements")
    page = loic.get(answer["Location"]).content.decode()
    assert 'value="Paracétamol 500 mg"' in page
    assert "Traitement 2" in page
    with system_scope("test"):
        assert Ecrit.objects.get(dossier=dossier).content["traitements"] == {
            "lines": [{"name": "Paracétamol 500 mg"}]
        }


@pytest.mark.django_db
def test_a_line_that_cannot_be_read_keeps_what_was_typed(house: House, loic: Client) -> None:
    dossier = house.dossier()
    answer = loic.post(f"/dossiers/{dossier.pk}/ecrits/nouveau/", {"modele": "liaison_entree_hopital"})
    sent = fields_of(loic.get(answer["Location"]).content.decode())
    sent["traitements-0-name"] = "Paracétamol 500 mg"
    sent["traitements-0-start"] = "hier"
    refused = loic.post(answer["Location"], sent)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert 'value="hier"' in page
    assert 'value="Paracétamol 500 mg"' in page
    assert "12/03/2019, 03/2019 ou 2019" in page


@pytest.mark.django_db
@pytest.mark.parametrize(("key", "model"), [("dlu", IPS_FR), ("liaison_entree_hopital", LDL_EES)])
def test_validated_it_is_a_structured_document_with_its_pdf(house: House, key: str, model: Any) -> None:
    """N3, both accepted by the rules of the DMP, the PDF inside, and metadata of its model."""
    template = template_of(key)
    given = contents(template, "plein", lambda one: SAMPLES[one.kind](one))
    draft = start_ecrit(dossier=house.dossier(), template=template, actor=house.actor)
    draft = write_ecrit(ecrit=draft, contents=given, seen=seen_mark(draft), actor=house.actor)
    version = validate_ecrit(ecrit=draft, actor=house.actor, seen=seen_mark(draft))
    data = store.get(version.cda_sha256)
    received = cda.decode(data)
    assert received.structured
    assert received.type_code.code == template.type_code
    shown = display(data)
    assert shown.sections[-1].title == "Copie du document"
    assert extract_media(data, shown.media[-1].identifier) == (
        "application/pdf",
        store.get(version.pdf_sha256),
    )
    assert "Paracétamol 500 mg" in render_text(shown)
    assert document_entry_from_cda(data).format_code.code.startswith(
        ("urn:ihe:pcc:ips", "urn:asip:ci-sis:ldl")
    )
    draft.refresh_from_db()
    again = start_new_version(ecrit=draft, actor=house.actor)
    second = validate_ecrit(ecrit=again, actor=house.actor, seen=seen_mark(again))
    replaced = cda.decode(store.get(second.cda_sha256))
    assert replaced.version == 2
    assert [(kind, parent.root) for kind, parent in replaced.related] == [("RPLC", version.unique_id)]
    assert replaced.set_id == received.set_id
    with system_scope("test"):
        assert Document.objects.filter(dossier=version.document.dossier).count() == 1
