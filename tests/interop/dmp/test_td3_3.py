"""TD0.3, TD3.1a, TD3.3 and the web link: what is written, by whom, and what is refused before leaving."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import replace

import pytest
from lxml import etree

from amarre.interop.dmp import (
    Access,
    Actor,
    AuthenticationContext,
    AuthenticationMode,
    AuthorisationAction,
    BreakGlass,
    Card,
    CardKind,
    Change,
    DmpDocument,
    DmpProfile,
    SoftwareCardSigner,
    StatusTarget,
    Transaction,
    Visibility,
    patient_id_of,
    profile_of_card,
    web_link,
)
from amarre.interop.dmp.errors import (
    DmpCardHolderMismatch,
    DmpChangeImpossible,
    DmpDepositNeedsEstablishment,
    DmpError,
    DmpNotOwnDocument,
    DmpProfessionNotAllowed,
    DmpReadingNeedsProfessional,
    DmpStrongLoginNeeded,
    DmpWebAddressWrong,
)
from amarre.interop.dmp.rights import require_call, require_own
from amarre.interop.dmp.td0_3 import build_request, read_change
from amarre.interop.dmp.td2_1 import submitter_of
from amarre.interop.dmp.td3_1 import build_list_query, read_list
from amarre.interop.dmp.td3_3 import ChangeContext
from amarre.interop.dmp.td3_3 import build_request as build_change
from amarre.interop.terminology import Code
from amarre.interop.xds import DocumentEntry, EntryStatus, document_entry_from_cda, encode_submission
from amarre.interop.xds.codes import QUERY, RIM
from amarre.interop.xds.decode import decode_document
from amarre.interop.xds.model import DocumentFilter, Submission, SubmissionSet
from tests.interop.dmp import material

N = {"r": RIM}


def registered(
    status: EntryStatus = EntryStatus.APPROVED, hidden: tuple[Visibility, ...] = ()
) -> DmpDocument:
    """Return our own document as a registry would give it back, version 3."""
    entry: DocumentEntry = document_entry_from_cda(material.document())
    codes = tuple(Code(item.value, item.value, "1.2.250.1.213.1.1.4.13") for item in hidden)
    entry = replace(entry, confidentiality=(*entry.confidentiality, *codes))
    profile = material.profile()
    lot = SubmissionSet(
        "S", "1.2.3", "1.2", material.NOW, submitter_of(profile, material.actor()), profile.content_type,
        entry.patient_id,
    )  # fmt: skip
    root = encode_submission(Submission(lot, (entry,)))
    item = root.find(".//r:ExtrinsicObject", N)
    assert item is not None
    item.set("lid", "urn:uuid:lid")
    item.set("id", "urn:uuid:entry")
    item.set("status", status.value)
    for child in item.iterfind("*[@classifiedObject]"):
        child.set("classifiedObject", "urn:uuid:entry")
    version = etree.Element(f"{{{RIM}}}VersionInfo", versionName="3")
    item.insert(next(i for i, child in enumerate(item) if child.tag.endswith("Classification")), version)
    return DmpDocument(decode_document(item))


def context(actor: Actor | None = None) -> ChangeContext:
    return ChangeContext(
        material.profile(), actor or material.actor(), patient_id_of(material.identity()), material.NOW,
        lambda: uuid.UUID(int=5),
    )  # fmt: skip


def strong() -> Actor:
    return replace(material.actor(), context=AuthenticationContext.MOBILE_TWO_FACTOR)


def profile(mode: AuthenticationMode) -> DmpProfile:
    return material.profile(mode=mode)


def slots(element: etree._Element) -> dict[str, str]:
    return {
        slot.get("name", ""): slot.findtext(".//r:Value", "", N) for slot in element.iterfind("r:Slot", N)
    }


def test_masking_sends_the_whole_metadata_back_with_one_more_code() -> None:
    document = registered()
    root = build_change(context(), Change.MASK, document)
    item, link = root.find(".//r:ExtrinsicObject", N), root.find(".//r:Association", N)
    assert item is not None
    assert link is not None
    again = decode_document(item)
    assert [code.code for code in again.confidentiality] == ["N", "MASQUE_PS"]
    assert (item.get("id"), item.get("lid")) == ("Document01", "urn:uuid:lid")
    assert slots(link) == {"SubmissionSetStatus": "Original", "PreviousVersion": "3"}
    unchanged = ("unique_id", "title", "type_code", "creation_time", "author_details", "facility_type")
    assert all(getattr(again, name) == getattr(document.metadata, name) for name in unchanged)
    owners = {child.get("classifiedObject") for child in item.iterfind("r:Classification", N)}
    assert owners == {"Document01"}


def test_showing_removes_the_right_code_only() -> None:
    both = (Visibility.MASQUE_PS, Visibility.INVISIBLE_PATIENT)
    root = build_change(context(), Change.SHOW_TO_PATIENT, registered(hidden=both))
    item = root.find(".//r:ExtrinsicObject", N)
    assert item is not None
    assert [code.code for code in decode_document(item).confidentiality] == ["N", "MASQUE_PS"]


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (Change.DELETE, EntryStatus.APPROVED, EntryStatus.DELETED),
        (Change.DELETE, EntryStatus.ARCHIVED, EntryStatus.DELETED),
        (Change.ARCHIVE, EntryStatus.APPROVED, EntryStatus.ARCHIVED),
        (Change.UNARCHIVE, EntryStatus.ARCHIVED, EntryStatus.APPROVED),
    ],
)
def test_a_status_changes_by_an_association(change: Change, before: EntryStatus, after: EntryStatus) -> None:
    root = build_change(context(), change, registered(before))
    link = root.find(".//r:Association", N)
    assert link is not None
    assert slots(link) == {"OriginalStatus": before.value, "NewStatus": after.value}
    assert link.get("targetObject") == "urn:uuid:entry"
    assert root.find(".//r:ExtrinsicObject", N) is None


@pytest.mark.parametrize(
    ("change", "target"),
    [
        (Change.MASK, registered(hidden=(Visibility.MASQUE_PS,))),
        (Change.UNMASK, registered()),
        (Change.SHOW_TO_PATIENT, registered()),
        (Change.MASK, StatusTarget("urn:uuid:1")),
        (Change.ARCHIVE, registered(EntryStatus.ARCHIVED)),
        (Change.UNARCHIVE, registered()),
        (Change.DELETE, registered(EntryStatus.DELETED)),
        (Change.DELETE, StatusTarget("")),
    ],
)
def test_a_change_without_meaning_is_refused(change: Change, target: DmpDocument | StatusTarget) -> None:
    with pytest.raises(DmpChangeImpossible):
        build_change(context(), change, target)


@pytest.mark.parametrize(
    ("transaction", "mode", "actor", "expected"),
    [
        (Transaction.RECHERCHER, AuthenticationMode.INDIRECTE, strong(), DmpReadingNeedsProfessional),
        (Transaction.CONSULTER, AuthenticationMode.INDIRECTE, strong(), DmpReadingNeedsProfessional),
        (Transaction.MASQUER, AuthenticationMode.INDIRECTE, strong(), DmpReadingNeedsProfessional),
        (
            Transaction.DEPOSER,
            AuthenticationMode.INDIRECTE_RENFORCEE,
            strong(),
            DmpDepositNeedsEstablishment,
        ),
        (
            Transaction.CONSULTER,
            AuthenticationMode.INDIRECTE_RENFORCEE,
            replace(strong(), roles=(Code("51", "", "1.2.250.1.213.1.6.1.4"),)),
            DmpProfessionNotAllowed,
        ),
        (
            Transaction.CONSULTER,
            AuthenticationMode.INDIRECTE_RENFORCEE,
            replace(strong(), context=AuthenticationContext.PASSWORD),
            DmpStrongLoginNeeded,
        ),
    ],
)
def test_what_a_mode_does_not_allow_is_explained_by_its_cause(
    transaction: Transaction, mode: AuthenticationMode, actor: Actor, expected: type[DmpError]
) -> None:
    with pytest.raises(expected):
        require_call(transaction, profile(mode), actor)


def test_deleting_is_for_the_author_or_the_structure() -> None:
    document, stranger = registered().metadata, replace(strong(), identifier="899700000999")
    reinforced = profile(AuthenticationMode.INDIRECTE_RENFORCEE)
    require_own(Transaction.SUPPRIMER, reinforced, strong(), document)
    require_own(Transaction.SUPPRIMER, profile(AuthenticationMode.INDIRECTE), stranger, document)
    with pytest.raises(DmpNotOwnDocument):
        require_own(Transaction.SUPPRIMER, reinforced, stranger, document)
    physician = replace(stranger, roles=(Code("10", "Médecin", "1.2.250.1.71.1.2.7"),))
    require_own(Transaction.ARCHIVER, reinforced, physician, document)


def test_every_filter_is_written_as_the_registry_reads_it() -> None:
    code = Code("10", "", "1.2.3")
    day = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
    coded = ("type_codes", "class_codes", "practice_settings", "facility_types", "format_codes")
    times = ("created_from", "created_to", "service_start_from", "service_start_to", "service_stop_from")
    filters = DocumentFilter(
        statuses=(EntryStatus.APPROVED, EntryStatus.ARCHIVED),
        author="O'BRIEN%",
        **dict.fromkeys(coded, (code,)),  # type: ignore[arg-type]
        **dict.fromkeys(times, day),  # type: ignore[arg-type]
    )
    root = build_list_query(patient_id_of(material.identity()), filters)
    query = root.find("r:AdhocQuery", N)
    assert query is not None
    found = slots(query)
    assert len(found) == 13
    assert found["$XDSDocumentEntryTypeCode"] == "('10^^1.2.3')"
    assert found["$XDSDocumentEntryCreationTimeFrom"] == "'20260102030405'"
    assert found["$XDSDocumentEntryAuthorPerson"] == "('O''BRIEN%')"
    assert not found["$XDSDocumentEntryPatientId"].startswith("(")


def test_a_list_is_typed_and_sorted() -> None:
    ok = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
    answer = etree.Element(f"{{{QUERY}}}AdhocQueryResponse", status=ok)
    objects = etree.SubElement(answer, f"{{{RIM}}}RegistryObjectList")
    objects.append(etree.fromstring(registered(hidden=(Visibility.MASQUE_PS,)).metadata.raw))
    (document,) = read_list(answer, patient_id_of(material.identity()))
    assert document.hidden_from == {Visibility.MASQUE_PS}
    assert document.status is EntryStatus.APPROVED
    assert not document.by_patient
    (author,) = document.metadata.author_details
    assert (author.identifier, author.name) == ("899700000013", "Claire ROUX")
    assert author.structure == material.HOUSE.struct_idnat
    assert document.metadata.practice_setting is not None
    assert document.metadata.raw not in repr(document).encode()


def test_an_authorisation_is_asked_for_and_answered() -> None:
    root = build_request(AuthorisationAction.AJOUT, treating_physician=True)
    texts = [(etree.QName(child).localname, child.text) for child in root]
    assert texts == [("action", "AJOUT"), ("role", "MEDECIN_TRAITANT")]
    answer = etree.fromstring(
        '<n:setAuthorizationResponse xmlns:n="urn:si-dmp-habilitations"><n:output><n:status>DMPOk</n:status>'
        "<n:context>Autorisation déjà présente</n:context></n:output></n:setAuthorizationResponse>"
    )
    assert read_change(answer, AuthorisationAction.AJOUT).remark == "Autorisation déjà présente"


def test_an_emergency_needs_a_reason_that_no_text_shows() -> None:
    with pytest.raises(ValueError, match="reason"):
        BreakGlass("urgence")
    assert "chute" not in repr(Access(BreakGlass("chute dans l'escalier, inconsciente")))


def test_the_web_link_hides_what_it_carries() -> None:
    link = web_link("https://site.example", material.identity())
    matricule = material.identity().matricule.value
    assert link.href == f"https://site.example/AccesDirect/TableauDeBord/{matricule}"
    assert matricule not in f"{link!r} {link}"
    assert (link.rel, link.target) == ("noopener noreferrer", "_blank")
    assert web_link("http://localhost:8445/dmp", material.identity()).href.startswith(
        "http://localhost:8445/dmp/A"
    )
    bad = "http://site.example http://localhost.example https://site.example/?x=1 javascript:alert(1)"
    for wrong in (*bad.split(), ""):
        with pytest.raises(DmpWebAddressWrong):
            web_link(wrong, material.identity())


def test_a_card_signs_for_its_holder_only() -> None:
    keys = material.credentials()
    signer = SoftwareCardSigner(keys.key, keys.certificate)
    card = Card(signer, CardKind.CPS, material.actor(), material.profile().structure)
    with pytest.raises(DmpCardHolderMismatch):
        profile_of_card(material.profile(), card)
