"""A PDF that exists is filed as a version like any other: N1 CDA judged by the rules of the DMP."""

from __future__ import annotations

import datetime

import pytest

from amarre.dui.access.errors import NotAllowed
from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.core.clock import now
from amarre.dui.documents import filed, store
from amarre.dui.documents.authors import AuthorCard, author_card
from amarre.dui.documents.control import Target, blocking_points, control_points
from amarre.dui.documents.errors import DocumentNotConform, IdentityChanged
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.documents.rendering import render_pdf
from amarre.dui.documents.services.file_ready_pdf import ReadyPdf, file_ready_pdf
from amarre.dui.usagers.models import Dossier
from amarre.interop.cda import (
    CheckContext,
    Organization,
    PersonName,
    blocking,
    check,
    decode,
    extract_body,
    ps_rpps,
    struct_finess,
)
from amarre.interop.cda import Target as CdaTarget
from amarre.interop.terminology import ValueSetId, value_set
from amarre.interop.xds import document_entry_from_cda
from tests.dui import factories
from tests.dui.connected import House
from tests.dui.documents.test_rendering import content

pytestmark = pytest.mark.django_db

PDF = render_pdf(content(sections=0))


def ready(**changes: object) -> ReadyPdf:
    values: dict[str, object] = {
        "source_kind": "test",
        "source_id": 7,
        "type_code": "34112-3",
        "title": "Compte rendu de séjour",
        "act_started_at": now() - datetime.timedelta(days=9),
        "carries_ins": True,
        "pdf": PDF,
    }
    return ReadyPdf(**(values | changes))  # type: ignore[arg-type]


def hospital_doctor() -> AuthorCard:
    code = value_set(ValueSetId.AUTHOR_SPECIALTY).get("G15_10/SM04")
    return AuthorCard(
        ps_rpps("10009999999"),
        PersonName("SOW", "Aminata"),
        code,
        code.display,
        outside=True,
        organization=Organization(identifier=struct_finess("990000009"), name="CH du Large"),
    )


def file(
    house: House, dossier: Dossier, card: AuthorCard | None = None, **changes: object
) -> DocumentVersion:
    return file_ready_pdf(
        dossier=dossier,
        ready=ready(**changes),
        author=card or author_card(house.loic, house.essms),
        responsible=house.loic,
        actor=house.actor,
    )


@pytest.mark.req("C2")
def test_the_cda_holds_the_pdf_byte_for_byte_and_passes_the_rules_of_the_dmp(house: House) -> None:
    version = file(house, house.dossier())
    cda = store.get(version.cda_sha256)
    assert extract_body(cda) == PDF == store.get(version.pdf_sha256)
    assert not blocking(check(cda, CheckContext(target=CdaTarget.DMP)))
    assert version.identity_qualified
    assert version.written_by == str(house.loic)


@pytest.mark.req("C8")
def test_an_author_from_elsewhere_is_named_and_someone_of_the_house_answers(house: House) -> None:
    version = file(house, house.dossier(), hospital_doctor())
    cda = store.get(version.cda_sha256)
    header = decode(cda)
    assert not blocking(check(cda, CheckContext(target=CdaTarget.DMP)))
    author, other = header.authors
    assert other.name.family == house.loic.family_name.upper()
    assert (author.name.family, author.organization) == ("SOW", "CH du Large")
    assert header.legal_authenticator is not None
    assert header.legal_authenticator.name.family == house.loic.family_name.upper()
    assert author.time is not None
    assert author.time < now() - datetime.timedelta(days=8)
    assert version.written_by == "Aminata SOW"
    entry = document_entry_from_cda(cda)
    assert entry.authors[0].institution is not None
    assert entry.practice_setting.code == house.profile.practice_setting_code


def test_a_second_call_replaces_and_each_is_announced(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    monkeypatch.setattr(filed, "_callbacks", {"test": lambda version, actor: seen.append(version.number)})
    dossier = house.dossier()
    first, second = file(house, dossier), file(house, dossier)
    assert second.document_id == first.document_id
    assert decode(store.get(second.cda_sha256)).related[0][1].root == first.unique_id
    assert seen == [1, 2]


@pytest.mark.req("C1")
@pytest.mark.parametrize("qualified", [True, False])
def test_what_is_printed_must_be_what_the_identity_is(house: House, qualified: bool) -> None:
    dossier = house.dossier(qualified=qualified)
    with pytest.raises(IdentityChanged):
        file(house, dossier, carries_ins=not qualified)
    with system_scope("test"):
        assert not DocumentVersion.objects.exists()


def test_it_leaves_like_any_other(house: House) -> None:
    version = file(house, house.dossier())
    assert not blocking_points(control_points(version, target=Target.DMP, sender=house.loic))


def test_an_unknown_type_and_a_stranger_are_refused(house: House, bob: User) -> None:
    dossier = house.dossier()
    with pytest.raises(DocumentNotConform):
        file(house, dossier, type_code="00000-0")
    director = factories.make_user("Hélène", "Tassin")
    factories.give_role(director, house.essms, Role.DIRECTION)
    with pytest.raises(NotAllowed):
        file_ready_pdf(
            dossier=dossier,
            ready=ready(),
            author=author_card(house.loic, house.essms),
            responsible=house.loic,
            actor=factories.actor_for(director, house.essms),
        )
