"""A paper from elsewhere: brought, read, answered for by name, filed with a cover, then free to leave."""

from __future__ import annotations

from pathlib import Path

import pytest
import zxingcpp

from amarre.dui.access.errors import NotAllowed, OutOfScope
from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.models import Trace
from amarre.dui.core.actor import Actor
from amarre.dui.dmp.services.deposit_in_dmp import deposit_in_dmp
from amarre.dui.documents import store
from amarre.dui.documents.control import Target, blocking_points, control_points
from amarre.dui.documents.errors import AuthorIncomplete
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.exchanges.enums import State as ExchangeState
from amarre.dui.exchanges.worker import drain
from amarre.dui.intake.apart import joining
from amarre.dui.intake.errors import (
    AlreadyDecided,
    ChangedSinceRead,
    NotItsValidator,
    OutsideAuthorOnly,
    RefusalWithoutReason,
    TooManyFiles,
    UploadTooLarge,
)
from amarre.dui.intake.models import ImportedDocument
from amarre.dui.intake.preparation import prepare
from amarre.dui.intake.selectors import cover_is_outdated, from_elsewhere, read_mark, to_validate
from amarre.dui.intake.services import validate_imported as validation
from amarre.dui.intake.services.describe_imported import describe_imported
from amarre.dui.intake.services.import_document import import_document
from amarre.dui.intake.services.refuse_imported import refuse_imported
from amarre.dui.intake.services.reopen_imported import reopen_imported
from amarre.dui.intake.services.take_over import take_over
from amarre.dui.intake.services.validate_imported import validate_imported
from amarre.interop.cda import CheckContext, blocking, check, decode
from amarre.interop.cda import Target as CdaTarget
from tests.dui import factories
from tests.dui.connected import ORDINARY, House
from tests.dui.intake import judges
from tests.dui.intake.brought import SOW, bring, colleague, paper, reload, said

pytestmark = pytest.mark.django_db
State = ImportedDocument.State


@pytest.fixture(autouse=True)
def pages_put_together_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process of the reader is tested elsewhere; here its function is called."""

    def join(*, cover: bytes, band: bytes, body: bytes, title: str) -> bytes:
        return joining.join(cover, band, body, title)

    monkeypatch.setattr(validation, "join", join)


def validate(house: House, imported: ImportedDocument) -> DocumentVersion:
    fresh = reload(imported)
    return validate_imported(imported=fresh, seen=read_mark(fresh), actor=house.actor)


@pytest.mark.req("C8")
@pytest.mark.needs("poppler")
def test_it_is_filed_with_a_cover_the_identity_and_its_datamatrix(house: House, tmp_path: Path) -> None:
    dossier = house.dossier()
    version = validate(house, bring(house, dossier))
    pdf = store.get(version.pdf_sha256)
    assert judges.page_validation(pdf) == []
    cover, *pages = judges.words(pdf, tmp_path)
    for words in ("Compte rendu d’hospitalisation", "Aminata SOW", "CH du Large", "QUERE", "Matricule INS"):
        assert words in " ".join(cover.split())
    assert len(pages) == 2
    for page in pages:
        assert "QUERE (nom de naissance)" in " ".join(page.split())
        assert "INS" in page
        assert "Compte rendu" in page
    picture = judges.drawn(pdf, tmp_path, dpi=200)[0]
    (read,) = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.DataMatrix)
    assert dossier.identity.matricule in read.text
    assert version.identity_qualified


@pytest.mark.needs("dmtx")
@pytest.mark.needs("poppler")
def test_a_reader_of_another_family_reads_the_datamatrix(house: House, tmp_path: Path) -> None:
    dossier = house.dossier()
    pdf = store.get(validate(house, bring(house, dossier)).pdf_sha256)
    read = judges.datamatrix(judges.drawn(pdf, tmp_path, dpi=300)[0], tmp_path)
    assert dossier.identity.matricule in read
    assert "QUERE" in read


@pytest.mark.needs("preflight")
def test_preflight_accepts_what_is_filed(house: House, tmp_path: Path) -> None:
    filed = {
        name: store.get(validate(house, bring(house, house.dossier(key, qualified=qualified))).pdf_sha256)
        for name, key, qualified in (("avec", ORDINARY, True), ("sans", "pierre-alain-dartagnan", False))
    }
    assert [line for line in judges.preflight(filed, tmp_path) if "is a valid" not in line] == []


@pytest.mark.req("C2")
def test_its_cda_names_who_wrote_it_and_who_answers(house: House) -> None:
    version = validate(house, bring(house, house.dossier()))
    cda = store.get(version.cda_sha256)
    assert not blocking(check(cda, CheckContext(target=CdaTarget.DMP)))
    header = decode(cda)
    assert header.authors[0].name.family == "SOW"
    assert header.authors[0].code.code == "G15_10/SM04"
    assert header.legal_authenticator is not None
    assert header.legal_authenticator.name.family == house.loic.family_name.upper()
    assert version.written_by == "Aminata SOW"
    assert not blocking_points(control_points(version, target=Target.DMP, sender=house.loic))


@pytest.mark.req("C1")
def test_without_a_qualified_identity_no_matricule_is_printed_and_it_does_not_leave(
    house: House, tmp_path: Path
) -> None:
    dossier = house.dossier(qualified=False)
    version = validate(house, bring(house, dossier))
    words = " ".join(judges.words(store.get(version.pdf_sha256), tmp_path))
    assert "QUERE" in words
    assert "Matricule" not in words
    assert not version.identity_qualified
    assert blocking_points(control_points(version, target=Target.DMP, sender=house.loic))


@pytest.mark.req("C3")
def test_it_is_deposited_in_the_dmp_like_any_other(house: House) -> None:
    """The sandbox judges it with the official rules: one author at least works for who deposits."""
    version = validate(house, bring(house, house.dossier()))
    deposit = deposit_in_dmp(version=version, actor=house.actor)
    drain()
    with system_scope("test"):
        deposit.exchange.refresh_from_db()
    assert deposit.exchange.state == ExchangeState.ACCEPTE


def test_once_qualified_it_is_read_again_and_the_next_version_carries_the_ins(house: House) -> None:
    from amarre.cast.usagers import usager

    dossier = house.dossier(qualified=False)
    imported = bring(house, dossier)
    first = validate(house, imported)
    with pytest.raises(AlreadyDecided):
        reopen_imported(imported=reload(imported), actor=house.actor)
    house.qualify(dossier, usager(ORDINARY))
    assert cover_is_outdated(reload(imported))
    reopen_imported(imported=reload(imported), actor=house.actor)
    second = validate(house, imported)
    assert (second.document_id, second.number) == (first.document_id, 2)
    assert second.identity_qualified
    assert not cover_is_outdated(reload(imported))


def test_nobody_else_validates_it(house: House) -> None:
    imported = bring(house, house.dossier())
    other = factories.actor_for(colleague(house.essms), house.essms)
    with pytest.raises(NotItsValidator):
        validate_imported(imported=imported, seen=read_mark(imported), actor=other)


def test_a_colleague_may_answer_for_what_came_from_elsewhere_by_name(house: House) -> None:
    imported = bring(house, house.dossier())
    user = colleague(house.essms)
    other = factories.actor_for(user, house.essms)
    take_over(imported=imported, actor=other)
    fresh = reload(imported)
    version = validate_imported(imported=fresh, seen=read_mark(fresh), actor=other)
    assert version.author == user
    with system_scope("test"):
        assert Trace.objects.filter(verb="import.taken_over", actor_id=user.pk).exists()


def test_nobody_answers_for_what_a_colleague_wrote(house: House) -> None:
    imported = bring(house, house.dossier(), author=house.loic)
    assert imported.responsible == house.loic
    other = factories.actor_for(colleague(house.essms), house.essms)
    with pytest.raises(OutsideAuthorOnly):
        take_over(imported=imported, actor=other)


def test_who_has_no_profession_does_not_answer(house: House) -> None:
    imported = bring(house, house.dossier())
    user = colleague(house.essms, Role.SECRETARIAT, profession=False)
    with pytest.raises(AuthorIncomplete):
        take_over(imported=imported, actor=factories.actor_for(user, house.essms))


@pytest.mark.parametrize("change", ["description", "identity"])
def test_what_changed_since_it_was_read_is_not_signed(house: House, change: str) -> None:
    from amarre.cast.usagers import usager

    dossier = house.dossier(qualified=False)
    imported = bring(house, dossier)
    seen = read_mark(imported)
    if change == "description":
        describe_imported(imported=imported, said=said(house, title="Autre titre"), actor=house.actor)
    else:
        house.qualify(dossier, usager(ORDINARY))
    with pytest.raises(ChangedSinceRead):
        validate_imported(imported=reload(imported), seen=seen, actor=house.actor)
    with system_scope("test"):
        assert not DocumentVersion.objects.exists()


def test_a_second_press_files_nothing_more(house: House) -> None:
    imported = bring(house, house.dossier())
    seen = read_mark(imported)
    validate_imported(imported=imported, seen=seen, actor=house.actor)
    with pytest.raises(AlreadyDecided):
        validate_imported(imported=imported, seen=seen, actor=house.actor)
    with system_scope("test"):
        assert DocumentVersion.objects.count() == 1


def test_a_refusal_tells_why_and_ends_it(house: House) -> None:
    imported = bring(house, house.dossier())
    with pytest.raises(RefusalWithoutReason):
        refuse_imported(imported=imported, reason="  ", actor=house.actor)
    refuse_imported(imported=imported, reason="Ce n'est pas la bonne personne.", actor=house.actor)
    held = reload(imported)
    assert (held.state, held.refusal_reason) == (State.REFUSE, "Ce n'est pas la bonne personne.")
    for act in (
        lambda: validate(house, imported),
        lambda: refuse_imported(imported=held, reason="Encore", actor=house.actor),
        lambda: reopen_imported(imported=held, actor=house.actor),
        lambda: describe_imported(imported=held, said=said(house), actor=house.actor),
    ):
        with pytest.raises(AlreadyDecided):
            act()


def test_only_who_answers_or_who_brought_it_refuses_it(house: House) -> None:
    imported = bring(house, house.dossier())
    other = factories.actor_for(colleague(house.essms), house.essms)
    with pytest.raises(NotItsValidator):
        refuse_imported(imported=imported, reason="x", actor=other)


def test_strangers_and_readers_do_nothing(house: House, stranger: Actor) -> None:
    dossier = house.dossier()
    imported = bring(house, dossier)
    director = factories.make_user("Hélène", "Tassin")
    factories.give_role(director, house.essms, Role.DIRECTION)
    reader = factories.actor_for(director, house.essms)
    with pytest.raises(NotAllowed):
        import_document(dossier=dossier, prepared=paper(), said=said(house), actor=reader)
    for actor, error in ((reader, NotAllowed), (stranger, OutOfScope)):
        with pytest.raises(error):
            validate_imported(imported=imported, seen=read_mark(imported), actor=actor)
        with pytest.raises(error):
            refuse_imported(imported=imported, reason="x", actor=actor)


def test_the_list_is_of_the_establishment_and_mine_by_default(house: House, stranger: Actor) -> None:
    imported = bring(house, house.dossier())
    bring(house, house.dossier("pierre-alain-dartagnan"), responsible=colleague(house.essms))
    assert list(to_validate(house.actor)) == [imported]
    assert to_validate(house.actor, mine=False).count() == 2
    assert not to_validate(stranger, mine=False).exists()


def test_the_originals_are_kept_byte_for_byte(house: House) -> None:
    dossier = house.dossier()
    imported = bring(house, dossier)
    (original,) = imported.originals.all()
    assert store.get(original.sha256) == paper().originals[0].data
    assert from_elsewhere(dossier).waiting == [imported]


def test_nothing_of_the_person_is_in_the_trace(house: House) -> None:
    validate(house, bring(house, house.dossier(), author=SOW))
    with system_scope("test"):
        rows = Trace.objects.filter(verb__startswith="import.")
        details = [str(row.details) for row in rows]
    assert len(details) == 2
    assert not any("QUERE" in one or "Sow" in one or "hospitalisation" in one for one in details)


def test_too_many_or_too_large_files_are_refused_before_they_are_read() -> None:
    with pytest.raises(TooManyFiles):
        prepare([b"%PDF-"] * 21)
    with pytest.raises(UploadTooLarge):
        prepare([bytes(21 * 1024 * 1024)])
