"""« Prêt pour le DMP ? »: what blocks on the page is what refuses a deposit, and the reverse."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from amarre.dui.access.errors import AccessError
from amarre.dui.access.models import Membership
from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.models import Trace
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now, today
from amarre.dui.dmp.models import ConnectionTest
from amarre.dui.dmp.readiness.establishment import NOTED, establishment_findings
from amarre.dui.dmp.readiness.findings import Finding, Place
from amarre.dui.dmp.readiness.guidance import guidance
from amarre.dui.dmp.readiness.person import person_points, version_states
from amarre.dui.dmp.services.deposit_in_dmp import deposit_in_dmp
from amarre.dui.dmp.services.note_preparation import note_preparation
from amarre.dui.dmp.services.try_connection import try_connection
from amarre.dui.documents.control import PointState, Shared
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.exchanges.models import Exchange
from amarre.dui.exchanges.worker import drain
from amarre.dui.organisations.enums import CertificatePurpose, Environment
from amarre.dui.organisations.models import ConnectorCertificate
from amarre.dui.organisations.selectors import profile_of
from amarre.dui.usagers.models import DmpInformation, Dossier
from amarre.interop.common.errors import AmarreError
from tests.dui import factories
from tests.dui.connected import House, identity_of
from tests.dui.dmp.transport_watch import Watch, watch
from tests.dui.documents.test_control import certificate, fresh

__all__ = ["watch"]

Spoil = Callable[[House, Path], None]


def findings_of(house: House) -> dict[str, Finding]:
    with system_scope("test"):
        place = Place(house.essms, profile_of(house.essms), Shared())
        return {finding.key: finding for finding in establishment_findings(place)}


def blocked_keys(house: House) -> list[str]:
    return [key for key, one in findings_of(house).items() if one.state is PointState.BLOCKING]


def director_of(house: House) -> Actor:
    user = factories.make_user("Bruno", "Allard")
    factories.give_role(user, house.essms, Role.DIRECTION)
    return factories.actor_for(user, house.essms)


def without(field: str) -> Spoil:
    def spoil(house: House, folder: Path) -> None:
        setattr(house.profile, field, "")
        house.profile.save()

    return spoil


def no_number(house: House, folder: Path) -> None:
    house.essms.idnat_priority = ["finess_ej"]
    house.essms.save()


def no_sector(house: House, folder: Path) -> None:
    house.essms.secteur_activite = ""
    house.essms.save()
    without("healthcare_facility_type_code")(house, folder)


def unknown_activity(house: House, folder: Path) -> None:
    house.profile.content_type_code = "99"
    house.profile.save()


def set_files(house: House, purpose: CertificatePurpose, certificate_file: str, key_file: str) -> None:
    with system_scope("test"):
        ConnectorCertificate.objects.filter(profile=house.profile, purpose=purpose).update(
            certificate_file=certificate_file, key_file=key_file
        )


def files_of(house: House, purpose: CertificatePurpose) -> tuple[str, str]:
    held = house.profile.certificate(purpose)
    assert held is not None
    return held.certificate_file, held.key_file


def absent(purpose: CertificatePurpose) -> Spoil:
    def spoil(house: House, folder: Path) -> None:
        set_files(house, purpose, "/tmp/absent.pem", "/tmp/absent.key")

    return spoil


def removed(purpose: CertificatePurpose) -> Spoil:
    def spoil(house: House, folder: Path) -> None:
        with system_scope("test"):
            ConnectorCertificate.objects.filter(profile=house.profile, purpose=purpose).delete()

    return spoil


def expired(purpose: CertificatePurpose) -> Spoil:
    def spoil(house: House, folder: Path) -> None:
        end = now() - datetime.timedelta(days=1)
        made = certificate(folder, end, house.essms.struct_idnat)
        set_files(house, purpose, str(made), str(made.with_suffix(".key")))

    return spoil


def of_another(purpose: CertificatePurpose) -> Spoil:
    def spoil(house: House, folder: Path) -> None:
        made = certificate(folder, now() + datetime.timedelta(days=300), "1999999999")
        set_files(house, purpose, str(made), str(made.with_suffix(".key")))

    return spoil


def signed_with_authentication(house: House, folder: Path) -> None:
    set_files(house, CertificatePurpose.DMP_SIGN, *files_of(house, CertificatePurpose.DMP_AUTH))


def authenticated_with_signature(house: House, folder: Path) -> None:
    set_files(house, CertificatePurpose.DMP_AUTH, *files_of(house, CertificatePurpose.DMP_SIGN))


AUTH, SIGN = CertificatePurpose.DMP_AUTH, CertificatePurpose.DMP_SIGN
# What is spoilt → the key of the point, the code a deposit is refused with.
BLOCKING: list[tuple[Spoil, str, str]] = [
    (without("dmp_url"), "dmp_url", "DMP-064"),
    (without("root_oid"), "root_oid", "DMP-064"),
    (without("software_oid"), "software_oid", "DMP-064"),
    (without("dmp_homologation"), "homologation", "DMP-064"),
    (without("content_type_code"), "activity", "DMP-064"),
    (unknown_activity, "activity", "DMP-064"),
    (no_number, "struct_idnat", "DMP-064"),
    (no_sector, "sector", "DMP-064"),
    (absent(AUTH), "cert_auth", "DOC-015"),
    (absent(SIGN), "cert_sign", "DOC-015"),
    (removed(AUTH), "cert_auth", "DOC-015"),
    (removed(SIGN), "cert_sign", "DOC-015"),
    (expired(AUTH), "cert_auth", "DMP-065"),
    (expired(SIGN), "cert_sign", "DMP-065"),
    (of_another(AUTH), "cert_auth", "DMP-081"),
    (of_another(SIGN), "cert_sign", "DMP-081"),
    (signed_with_authentication, "cert_sign", "DMP-080"),
    (authenticated_with_signature, "cert_auth", "DMP-080"),
]


@pytest.mark.req("issue 4, prêt pour le DMP")
@pytest.mark.parametrize(("spoil", "key", "code"), BLOCKING)
def test_a_blocking_point_refuses_the_deposit_with_its_own_error(
    house: House, tmp_path: Path, spoil: Spoil, key: str, code: str
) -> None:
    version = house.filed()
    assert blocked_keys(house) == []
    spoil(house, tmp_path)
    found = findings_of(house)
    assert found[key].state is PointState.BLOCKING
    assert found[key].error is not None
    assert found[key].error.code == code
    with pytest.raises(AmarreError) as caught:
        deposit_in_dmp(version=fresh(version), actor=house.actor)
    assert caught.value.code == code
    with system_scope("test"):
        assert not Exchange.objects.exists()


@pytest.mark.req("issue 4, prêt pour le DMP")
def test_when_no_point_blocks_the_deposit_passes(house: House) -> None:
    version = house.filed()
    assert blocked_keys(house) == []
    deposit_in_dmp(version=version, actor=house.actor)
    drain()
    found = findings_of(house)
    assert found["trial_deposit"].state is PointState.GOOD
    assert found["trial_replacement"].state is PointState.LOOK
    deposit_in_dmp(version=house.filed(house.reload(version.document.dossier)), actor=house.actor)
    drain()
    assert findings_of(house)["trial_replacement"].state is PointState.GOOD


def test_every_point_says_how_it_is_obtained(house: House) -> None:
    found = findings_of(house)
    assert list(found) == list(guidance()), "each once, in the order of the table"
    for way in guidance().values():
        assert all((way.who, way.how, way.delay)), way.key
    assert "(à vérifier)" in guidance()["root_oid"].delay
    assert set(NOTED) < set(found)


def test_who_lacks_a_profession_is_named_and_is_who_is_refused(house: House) -> None:
    lacking = factories.make_user("Nadia", "Perrot")
    factories.give_role(lacking, house.essms, Role.SOINS)
    found = findings_of(house)["depositors"]
    assert found.state is PointState.LOOK
    assert [name.startswith("Nadia") for name in found.names] == [True]
    version = house.filed()
    with pytest.raises(AmarreError) as caught:
        deposit_in_dmp(version=version, actor=factories.actor_for(lacking, house.essms))
    assert caught.value.explanation().what in found.names[0]
    deposit_in_dmp(version=version, actor=house.actor)


def test_when_nobody_is_known_of_the_dmp_every_one_of_them_is_refused(house: House) -> None:
    version = house.filed()
    with system_scope("test"):
        Membership.objects.update(author_code="")
    found = findings_of(house)["depositors"]
    assert (found.state, found.error and found.error.code) == (PointState.BLOCKING, "DMP-082")
    with pytest.raises(AmarreError):
        deposit_in_dmp(version=fresh(version), actor=house.actor)


# --- The person --------------------------------------------------------------------------------------------


def codes_of(house: House, dossier: Dossier) -> list[str]:
    points = person_points(house.reload(dossier), house.loic, Shared())
    own = [point.error.code for point in points if point.error is not None]
    states = version_states(house.reload(dossier), house.loic, Shared())
    return own + [point.error.code for one in states for point in one.blocking if point.error is not None]


def opposed(house: House, dossier: Dossier, version: DocumentVersion) -> None:
    house.inform(dossier, DmpInformation.Decision.OPPOSITION)


def not_informed(house: House, dossier: Dossier, version: DocumentVersion) -> None:
    dossier.dmp_information.all().delete()


def not_qualified(house: House, dossier: Dossier, version: DocumentVersion) -> None:
    identity = identity_of(dossier)
    identity.coherence_checked = False
    identity.save()


def no_profession(house: House, dossier: Dossier, version: DocumentVersion) -> None:
    with system_scope("test"):
        Membership.objects.filter(user=house.loic).update(author_code="")


def before_qualification(house: House, dossier: Dossier, version: DocumentVersion) -> None:
    version.identity_qualified = False
    version.save()


@pytest.mark.req("issue 4, prêt pour le DMP")
@pytest.mark.parametrize("spoil", [opposed, not_informed, not_qualified, no_profession, before_qualification])
def test_what_the_panel_of_a_person_says_is_what_a_deposit_meets(
    house: House, spoil: Callable[[House, Dossier, DocumentVersion], None]
) -> None:
    dossier = house.dossier()
    version = house.filed(dossier)
    assert codes_of(house, dossier) == []
    spoil(house, dossier, version)
    codes = codes_of(house, dossier)
    with pytest.raises(AmarreError) as caught:
        deposit_in_dmp(version=fresh(version), actor=house.actor)
    assert codes[0] == caught.value.code


# --- The test of the connection ----------------------------------------------------------------------------


def test_the_test_calls_the_dmp_and_measures_the_clock(house: House, watch: Watch) -> None:
    assert findings_of(house)["tls"].state is PointState.LOOK
    test = try_connection(essms=house.essms, actor=director_of(house))
    assert (watch.calls, test.answered) == (["dmp-liaison", "dmp-td0.2"], True), test.explanation
    assert test.clock_skew_ms is not None
    assert abs(test.clock_skew_ms) < 5_000
    found = findings_of(house)
    assert (found["tls"].state, found["clock"].state) == (PointState.GOOD, PointState.GOOD)
    assert Trace.objects.filter(verb="dmp.connection_tested").count() == 1


@pytest.mark.parametrize(
    ("situation", "code"),
    [("certificat-signature", "DMP-010"), ("coupure-avant", "TRA-006"), ("indisponible", "DMP-021")],
)
def test_a_test_that_fails_says_what_the_dmp_said(house: House, situation: str, code: str) -> None:
    assert house.sandbox is not None
    house.sandbox.choose("dmp", situation)
    test = try_connection(essms=house.essms, actor=director_of(house))
    house.sandbox.choose("dmp", "")
    assert (test.answered, test.explanation["code"]) == (False, code)
    found = findings_of(house)["tls"]
    assert (found.state, test.explanation["what"] in found.detail) == (PointState.LOOK, True)


def test_in_production_no_fictive_person_is_asked_about(house: House, watch: Watch) -> None:
    house.profile.environment = Environment.PRODUCTION
    house.profile.save()
    try_connection(essms=house.essms, actor=director_of(house))
    assert watch.calls == ["dmp-liaison"]


def test_a_clock_far_from_the_service_s_is_told(house: House) -> None:
    test = try_connection(essms=house.essms, actor=director_of(house))
    test.clock_skew_ms = -95_000
    test.save()
    found = findings_of(house)["clock"]
    assert (found.state, "95 secondes de retard" in found.detail) == (PointState.LOOK, True)


def test_only_who_sets_the_establishment_tests_and_notes(house: House) -> None:
    with pytest.raises(AccessError):
        try_connection(essms=house.essms, actor=house.actor)
    with pytest.raises(AccessError):
        note_preparation(essms=house.essms, key="notice", done_on=today(), actor=house.actor)
    with system_scope("test"):
        assert not ConnectionTest.objects.exists()


def test_a_step_outside_the_software_is_noted_with_its_date(house: House) -> None:
    director = director_of(house)
    note_preparation(
        essms=house.essms, key="notice", done_on=today(), note="Livret d'accueil", actor=director
    )
    found = findings_of(house)["notice"]
    assert found.state is PointState.GOOD
    assert "Livret d'accueil" in found.detail
    assert "Bruno" in found.detail
