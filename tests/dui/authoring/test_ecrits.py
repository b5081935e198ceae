"""From a template to the filed document: every template, who may, what is refused, what is frozen."""

from __future__ import annotations

import subprocess
from pathlib import Path

import page
import pytest
import zxingcpp
from django.core.exceptions import ValidationError
from PIL import Image

from amarre.dui.access.errors import AccessError, NotAllowed, OutOfScope
from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.models import Trace
from amarre.dui.authoring.catalogue import TEMPLATES, Template, template_of
from amarre.dui.authoring.errors import (
    BlocksMissing,
    EcritChanged,
    EcritNotDraft,
    NewVersionOpen,
    NotForThisProfession,
    NotItsAuthor,
    TextTooLong,
    UnknownName,
)
from amarre.dui.authoring.models import Ecrit, StandardText
from amarre.dui.authoring.selectors import seen_mark, texts_for
from amarre.dui.authoring.services.discard_ecrit import discard_ecrit
from amarre.dui.authoring.services.start_ecrit import start_ecrit
from amarre.dui.authoring.services.start_new_version import start_new_version
from amarre.dui.authoring.services.validate_ecrit import validate_ecrit
from amarre.dui.authoring.services.write_ecrit import write_ecrit
from amarre.dui.authoring.services.write_standard_text import (
    StandardTextDraft,
    retire_standard_text,
    write_standard_text,
)
from amarre.dui.core.actor import Actor
from amarre.dui.documents import store
from amarre.dui.documents.errors import AuthorIncomplete
from amarre.dui.documents.models import Document
from amarre.dui.documents.rendering.errors import UnprintableCharacter
from amarre.interop.cda import Target, blocking, check, decode
from amarre.interop.cda.rules import CheckContext
from tests.dui.authoring.people import ROLES_R85, actor_of, doctor, filed, member, signer, written
from tests.dui.authoring.samples import contents_of
from tests.dui.connected import House
from tests.dui.documents.test_rendering import failures_of, pictures_of, text_of

pytestmark = pytest.mark.django_db
State = Ecrit.State
EVERY = pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.key)


def states(dossier_id: int) -> list[str]:
    with system_scope("test"):
        return list(
            Ecrit.objects.filter(dossier=dossier_id).order_by("version").values_list("state", flat=True)
        )


def first_page(pdf: bytes, folder: Path) -> Image.Image:
    """The first page as printed in grey."""
    (folder / "p.pdf").write_bytes(pdf)
    options = ["-l", "1", "-r", "150", "-gray", "-singlefile"]
    command = ["pdftoppm", *options, str(folder / "p.pdf"), str(folder / "p")]
    subprocess.run(command, check=True)
    with Image.open(folder / "p.pgm") as drawn:
        return drawn.copy()


@pytest.mark.needs("poppler")
@EVERY
def test_every_template_is_filed_whole(house: House, template: Template, tmp_path: Path) -> None:
    """PDF/A-1a for the foreign validator, CDA for our rules of the DMP, the words and the right type."""
    author = signer(house, template)
    version = filed(house.dossier(), actor_of(house, author), template.key)
    pdf, cda = store.get(version.pdf_sha256), store.get(version.cda_sha256)
    assert failures_of(pdf, page.ValidationProfile.PDF_A_1A) == []
    assert not blocking(check(cda, CheckContext(target=Target.DMP)))
    document = decode(cda)
    assert document.type_code.code == template.type_code
    assert version.identity_qualified
    text = "".join(text_of(pdf, tmp_path))
    assert "ce qui a été dit" in text
    assert f"RPPS {author.rpps}" in text
    (code,) = zxingcpp.read_barcodes(first_page(pdf, tmp_path))
    assert code.bytes.decode().startswith("IS01")


@pytest.mark.req("INS Datamatrix v2.2")
def test_a_letter_carries_the_datamatrix(house: House, tmp_path: Path) -> None:
    dossier = house.dossier()
    pdf = store.get(filed(dossier, house.actor).pdf_sha256)
    (code,) = zxingcpp.read_barcodes(pictures_of(pdf, tmp_path)[0])
    assert code.bytes.decode().startswith("IS01")
    assert dossier.identity.matricule in code.bytes.decode()


@pytest.mark.req("GI-INS EXI ID 29")
def test_without_qualification_no_matricule_leaves(house: House) -> None:
    version = filed(house.dossier(qualified=False), house.actor)
    assert not version.identity_qualified
    assert b"1.2.250.1.213.1.4." not in store.get(version.cda_sha256)


def test_identity_comes_from_the_record(house: House) -> None:
    ecrit = start_ecrit(
        dossier=house.dossier(), template=template_of("attestation_accompagnement"), actor=house.actor
    )
    text = ecrit.content["texte"]["text"]
    assert "Madame Marie-Thérèse" in text or "Madame Marie-Therese" in text
    assert "née le" in text
    assert "Loïc BREMOND, infirmier coordinateur" in text
    assert house.essms.name in text
    assert "{" not in text


def test_the_day_of_the_act_is_the_one_told(house: House) -> None:
    version = filed(house.dossier(), house.actor, "bilan_autonomie")
    assert b'<low value="20261118' in store.get(version.cda_sha256)


def test_a_new_version_replaces_the_document(house: House) -> None:
    dossier = house.dossier()
    first = filed(dossier, house.actor)
    with system_scope("test"):
        ecrit = Ecrit.objects.get(dossier=dossier)
    draft = start_new_version(ecrit=ecrit, actor=house.actor)
    assert draft.content == ecrit.content
    with pytest.raises(NewVersionOpen):
        start_new_version(ecrit=ecrit, actor=house.actor)
    second = validate_ecrit(ecrit=draft, actor=house.actor, seen=seen_mark(draft))
    assert (second.document_id, second.number) == (first.document_id, 2)
    assert first.unique_id.encode() in store.get(second.cda_sha256)
    assert states(dossier.pk) == [State.REMPLACE, State.VALIDE]
    with system_scope("test"):
        third = start_new_version(ecrit=Ecrit.objects.get(pk=draft.pk), actor=house.actor)
    assert third.chain_id == ecrit.pk
    with pytest.raises(EcritNotDraft):
        start_new_version(ecrit=ecrit, actor=house.actor)


def test_two_letters_are_two_documents(house: House) -> None:
    dossier = house.dossier()
    assert filed(dossier, house.actor).document_id != filed(dossier, house.actor).document_id


def test_only_its_author_validates(house: House) -> None:
    dossier = house.dossier()
    colleague = actor_of(house, member(house, "Nadège", "LE GOFF", "G15_60"))
    ecrit = written(dossier, house.actor)
    with pytest.raises(NotItsAuthor):
        validate_ecrit(ecrit=ecrit, actor=colleague, seen=seen_mark(ecrit))
    with pytest.raises(NotItsAuthor):
        discard_ecrit(ecrit=ecrit, actor=colleague)
    # A colleague may write in it; what they wrote is not signed unread.
    changed = write_ecrit(
        ecrit=ecrit, contents={"objet": {"text": "Autre"}}, seen=seen_mark(ecrit), actor=colleague
    )
    with pytest.raises(EcritChanged):
        validate_ecrit(ecrit=ecrit, actor=house.actor, seen=seen_mark(ecrit))
    assert changed.content == {"objet": {"text": "Autre"}}
    assert states(dossier.pk) == [State.BROUILLON]


def test_what_is_missing_holds_the_validation(house: House) -> None:
    dossier = house.dossier()
    ecrit = start_ecrit(dossier=dossier, template=template_of("synthese"), actor=house.actor)
    with pytest.raises(BlocksMissing) as caught:
        validate_ecrit(ecrit=ecrit, actor=house.actor, seen=seen_mark(ecrit))
    said = caught.value.explanation().what
    assert "« Date de la réunion »" in said
    assert "« Avis de la personne »" not in said, "facultatif"
    with system_scope("test"):
        assert not Document.objects.filter(dossier=dossier).exists()


def test_a_prescription_is_a_prescribers(house: House) -> None:
    dossier = house.dossier()
    template = template_of("prescription_infirmiers")
    with pytest.raises(NotForThisProfession):
        start_ecrit(dossier=dossier, template=template, actor=house.actor)
    author = doctor(house)
    ecrit = start_ecrit(dossier=dossier, template=template, actor=actor_of(house, author))
    assert ecrit.author == author


def test_a_profession_lost_since_is_seen_when_validating(house: House) -> None:
    dossier = house.dossier()
    author = doctor(house)
    actor = actor_of(house, author)
    ecrit = written(dossier, actor, "certificat_medical")
    with system_scope("test"):
        row = author.memberships.get()
        row.author_code, row.author_code_system = "326", ROLES_R85
        row.save()
    with pytest.raises(NotForThisProfession):
        validate_ecrit(ecrit=ecrit, actor=actor, seen=seen_mark(ecrit))
    with system_scope("test"):
        row.author_code = ""
        row.save()
    with pytest.raises(AuthorIncomplete):
        validate_ecrit(ecrit=ecrit, actor=actor, seen=seen_mark(ecrit))


def test_an_unprintable_text_files_nothing(house: House) -> None:
    dossier = house.dossier()
    contents = contents_of(template_of("courrier")) | {"texte": {"text": "Bravo \U0001f44f"}}
    ecrit = written(dossier, house.actor)
    ecrit = write_ecrit(ecrit=ecrit, contents=contents, seen=seen_mark(ecrit), actor=house.actor)
    with pytest.raises(UnprintableCharacter):
        validate_ecrit(ecrit=ecrit, actor=house.actor, seen=seen_mark(ecrit))
    assert states(dossier.pk) == [State.BROUILLON]
    with system_scope("test"):
        assert not Document.objects.filter(dossier=dossier).exists()


def test_a_validated_text_never_changes(house: House) -> None:
    dossier = house.dossier()
    filed(dossier, house.actor)
    with system_scope("test"):
        ecrit = Ecrit.objects.get(dossier=dossier)
    with pytest.raises(EcritNotDraft):
        write_ecrit(ecrit=ecrit, contents={}, seen=seen_mark(ecrit), actor=house.actor)
    with pytest.raises(EcritNotDraft):
        discard_ecrit(ecrit=ecrit, actor=house.actor)
    with pytest.raises(EcritNotDraft):
        validate_ecrit(ecrit=ecrit, actor=house.actor, seen=seen_mark(ecrit))


def test_two_open_pages_do_not_overwrite_each_other(house: House) -> None:
    ecrit = start_ecrit(dossier=house.dossier(), template=template_of("courrier"), actor=house.actor)
    opened = seen_mark(ecrit)

    def save(page_name: str, text: str) -> Ecrit:
        return write_ecrit(
            ecrit=ecrit, contents={"texte": {"text": text}}, seen=opened, actor=house.actor, page=page_name
        )

    save("tab-1", "un")
    # The same page goes on saving; the other one, opened on the same text, must look first.
    assert save("tab-1", "un deux").content["texte"]["text"] == "un deux"
    with pytest.raises(EcritChanged):
        save("tab-2", "autre")
    with pytest.raises(EcritChanged):
        save("", "autre")


def test_a_page_that_saves_by_itself_does_not_fill_the_trace(house: House) -> None:
    ecrit = start_ecrit(dossier=house.dossier(), template=template_of("courrier"), actor=house.actor)
    opened = seen_mark(ecrit)
    for number in range(12):
        write_ecrit(
            ecrit=ecrit,
            contents={"texte": {"text": f"mot {number}"}},
            seen=opened,
            actor=house.actor,
            page="p",
        )
    assert Trace.objects.filter(verb="ecrit.written").count() == 1
    colleague = actor_of(house, member(house, "Nadège", "LE GOFF", "G15_60"))
    with system_scope("test"):
        now_mark = seen_mark(Ecrit.objects.get(pk=ecrit.pk))
    write_ecrit(ecrit=ecrit, contents={}, seen=now_mark, actor=colleague)
    assert Trace.objects.filter(verb="ecrit.written").count() == 2


def test_too_long_a_draft(house: House) -> None:
    ecrit = start_ecrit(dossier=house.dossier(), template=template_of("courrier"), actor=house.actor)
    with pytest.raises(TextTooLong):
        write_ecrit(
            ecrit=ecrit, contents={"texte": {"text": "x" * 300_000}}, seen=seen_mark(ecrit), actor=house.actor
        )


def test_discarded_is_gone_and_traced(house: House) -> None:
    dossier = house.dossier()
    ecrit = written(dossier, house.actor)
    discard_ecrit(ecrit=ecrit, actor=house.actor)
    assert states(dossier.pk) == []
    assert Trace.objects.filter(verb="ecrit.discarded").count() == 1


@pytest.mark.parametrize("role", [Role.DIRECTION, Role.AIDE_DOMICILE, Role.CHEF_PROJET, Role.ADMINISTRATEUR])
def test_who_may_not_write_documents(house: House, role: Role) -> None:
    dossier = house.dossier()
    ecrit = written(dossier, house.actor)
    other = actor_of(house, member(house, "Alice", "TASSIN", "359", ROLES_R85, role))
    with pytest.raises(NotAllowed):
        start_ecrit(dossier=dossier, template=template_of("courrier"), actor=other)
    for act in (
        lambda: write_ecrit(ecrit=ecrit, contents={}, seen=seen_mark(ecrit), actor=other),
        lambda: validate_ecrit(ecrit=ecrit, actor=other, seen=seen_mark(ecrit)),
        lambda: discard_ecrit(ecrit=ecrit, actor=other),
        lambda: start_new_version(ecrit=ecrit, actor=other),
    ):
        with pytest.raises(AccessError):
            act()


def test_another_establishment_sees_nothing(house: House, stranger: Actor) -> None:
    dossier = house.dossier()
    ecrit = written(dossier, house.actor)
    with pytest.raises(OutOfScope):
        start_ecrit(dossier=dossier, template=template_of("courrier"), actor=stranger)
    with pytest.raises(OutOfScope):
        write_ecrit(ecrit=ecrit, contents={}, seen=seen_mark(ecrit), actor=stranger)
    with pytest.raises(OutOfScope):
        validate_ecrit(ecrit=ecrit, actor=stranger, seen=seen_mark(ecrit))


class TestStandardTexts:
    """Texts of the establishment: names checked when written, filled from the record."""

    def write(self, house: House, director: Actor, **values: str) -> StandardText:
        given = {"title": "Politesse", "body": "Bien à vous,\n{auteur}"} | values
        return write_standard_text(essms=house.essms, draft=StandardTextDraft(**given), actor=director)

    @pytest.fixture
    def head(self, house: House) -> Actor:
        return actor_of(house, member(house, "Bruno", "ALLARD", "359", ROLES_R85, Role.DIRECTION))

    def test_fills_a_block_of_new_drafts(self, house: House, head: Actor) -> None:
        self.write(house, head, template_key="courrier", block_key="texte", body="Cher confrère, {nom}.")
        ecrit = start_ecrit(dossier=house.dossier(), template=template_of("courrier"), actor=house.actor)
        assert ecrit.content["texte"]["text"].startswith("Cher confrère, ")
        assert "{" not in ecrit.content["texte"]["text"]

    def test_an_unknown_name_is_refused(self, house: House, head: Actor) -> None:
        with pytest.raises(UnknownName):
            self.write(house, head, body="{mot de passe}")
        # A look-alike letter (Cyrillic « о ») is another name.
        with pytest.raises(UnknownName):
            self.write(house, head, body="{n\u043em}")
        assert texts_for(house.essms) == []

    def test_one_text_per_block_and_per_title(self, house: House, head: Actor) -> None:
        self.write(house, head, template_key="courrier", block_key="texte")
        with pytest.raises(ValidationError):
            self.write(house, head, title="Autre", template_key="courrier", block_key="texte")
        with pytest.raises(ValidationError):
            self.write(house, head)

    def test_retired_is_proposed_no_more(self, house: House, head: Actor) -> None:
        text = self.write(house, head)
        retire_standard_text(text=text, actor=head)
        retire_standard_text(text=text, actor=head)
        assert texts_for(house.essms) == []
        assert Trace.objects.filter(verb="standard_text.retired").count() == 1
        assert self.write(house, head).title == text.title

    def test_where_it_is_proposed(self, house: House, head: Actor) -> None:
        self.write(house, head, title="Partout")
        self.write(house, head, title="Courrier seul", template_key="courrier")
        assert [text.title for text in texts_for(house.essms, "courrier")] == ["Courrier seul", "Partout"]
        assert [text.title for text in texts_for(house.essms, "synthese")] == ["Partout"]

    def test_rights(self, house: House, head: Actor, stranger: Actor) -> None:
        text = self.write(house, head)
        for actor in (house.actor, stranger):
            with pytest.raises(AccessError):
                self.write(house, actor, title="x")
            with pytest.raises(AccessError):
                retire_standard_text(text=text, actor=actor)
