"""What Amarre sends to the DMP and puts in an XDM archive, judged by the IHE, HL7 and ETSI schemas."""

from __future__ import annotations

import base64
import datetime
import io
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from conformance_documents import NOW, Sample, samples
from conformance_model import Check, Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree

from amarre import cast
from amarre.interop import cda, dmp, xdm, xds
from amarre.interop.common.clock import SystemIds
from amarre.interop.common.errors import AmarreError
from amarre.interop.common.mtom import XOP_INCLUDE, read_message
from amarre.interop.common.soap import read_envelope
from amarre.interop.common.xml import parse_foreign
from amarre.interop.dmp import td0_2, td3_1
from amarre.interop.dmp.td2_1 import build_request
from amarre.interop.terminology import Code, ValueSetId, value_set

REPOSITORY, METADATA, QUERY = "XDS.b_DocumentRepository.xsd", "lcm.xsd", "query.xsd"
EXISTENCE, XADES = "PRPA_IN201307UV02.xsd", "XAdES.xsd"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
XADES_NS = "http://uri.etsi.org/01903/v1.1.1#"


class FixedClock:
    """The instant of the samples."""

    def now(self) -> datetime.datetime:
        """Return it."""
        return NOW


@cache
def schema(official: Path, name: str) -> etree.XMLSchema:
    """Return an official schema found by its name anywhere under the folder; the newest edition last.

    Raises FileNotFoundError: links to folders are not followed.
    """
    found = sorted(official.rglob(name))
    if not found:
        raise FileNotFoundError(name)
    path = found[-1]
    tree = etree.parse(path)
    for element in tree.iter("{*}import"):
        location = element.get("schemaLocation", "")
        if location.startswith("http"):
            # The schema names the web: take the file of the same name beside it.
            element.set("schemaLocation", str(path.with_name(location.rpartition("/")[2])))
    return etree.XMLSchema(tree)


def problems(official: Path, name: str, element: etree._Element) -> tuple[str, ...]:
    """Return what a schema says against an element, alone in its document."""
    judge = schema(official, name)
    judge.validate(parse_foreign(etree.tostring(element)))
    return tuple(f"ligne {item.line} : {item.message}" for item in judge.error_log)


@cache
def credentials(structure: str) -> dmp.SigningCredentials:
    """Return a throw-away signature certificate of a structure."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, structure),
            x509.NameAttribute(NameOID.COMMON_NAME, "cachet.example"),
        ]
    )
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    day = datetime.timedelta(days=1)
    certificate = builder.not_valid_before(NOW - day).not_valid_after(NOW + day).sign(key, hashes.SHA256())
    return dmp.SigningCredentials(key, certificate)


def profile_of(sample: Sample) -> dmp.DmpProfile:
    """Return the connector profile of the establishment that keeps a document."""
    struct = sample.document.custodian.identifier.extension
    place = next(item for item in cast.ESTABLISHMENTS if item.struct_idnat == struct)
    root = cast.ASSOCIATION.root_oid
    return dmp.DmpProfile(
        base_url="https://dmp.example/si-dmp-server/v2/services",
        structure=dmp.Structure(
            struct, place.name, value_set(ValueSetId.DMP_FACILITY_TYPE).get(place.facility_type)
        ),
        software=dmp.Software(f"{root}.2", "Amarre", "0", "NUMERO"),
        root_oid=root,
        credentials=credentials(struct),
        responsible=dmp.Actor(
            "899700000013", "ROUX", "Claire", (Code("60", "Infirmier", "1.2.250.1.71.1.2.7"),)
        ),
        content_type=value_set(ValueSetId.DMP_CONTENT_TYPE).get(place.content_type),
    )


def deposits() -> Iterator[tuple[Sample, dmp.FrozenSubmission]]:
    """Yield each document meant for the DMP with its frozen deposit, then the same as a replacement."""
    for sample in samples():
        patient = sample.document.patient
        if not sample.for_dmp or not isinstance(patient, cda.QualifiedPatient):
            continue
        old = f"urn:uuid:{uuid.UUID(int=7)}" if sample.document.replaces else ""
        frozen = dmp.prepare_submission(
            profile_of(sample),
            patient.identity,
            cda.encode(sample.document),
            clock=FixedClock(),
            ids=SystemIds(),
            visibility=(dmp.Visibility.INVISIBLE_PATIENT,) if old else (),
            replaces=old,
        )
        yield sample, frozen


def submissions(official: Path) -> Iterator[Result]:
    """Validate the body of every ITI-41 request, its parts put back in place of their references."""
    for sample, frozen in deposits():
        assertion = dmp.build_assertion(
            profile_of(sample), frozen.actor, frozen.patient, now=NOW, assertion_id=uuid.UUID(int=1)
        )
        content_type, body = build_request(
            frozen, assertion, message_id=uuid.UUID(int=2), boundary=uuid.UUID(int=3)
        )
        message = read_message(content_type, body)
        payload = read_envelope(message.root.data).payload
        for reference in list(payload.iter(XOP_INCLUDE)):
            holder = reference.getparent()
            if holder is not None:
                holder.remove(reference)
                holder.text = base64.b64encode(message.part_for(reference.get("href", "")).data).decode()
        yield Result(sample.name, problems(official, REPOSITORY, payload))


def signatures(official: Path) -> Iterator[Result]:
    """Validate the XAdES properties of every signature of a submission set."""
    for sample, frozen in deposits():
        found = parse_foreign(frozen.signature).find(f".//{{{XADES_NS}}}QualifyingProperties")
        yield Result(
            sample.name,
            ("propriétés signées absentes",) if found is None else problems(official, XADES, found),
        )


def queries(official: Path) -> Iterator[Result]:
    """Validate the stored queries."""
    patient = xds.PatientId("275126322074974", "1.2.250.1.213.1.4.10")
    found = {
        "td3.1a": xds.encode_find_documents(patient),
        "td3.1a-types": xds.encode_find_documents(
            patient,
            statuses=(xds.EntryStatus.APPROVED, xds.EntryStatus.ARCHIVED),
            type_codes=(value_set(ValueSetId.DMP_TYPE_CODE).get("80788-3"),),
        ),
        "td3.1b": td3_1.build_query("1.2.250.1.999.7.1"),
        "td3.1b-metadata": td3_1.build_query("1.2.250.1.999.7.1", xds.ReturnType.METADATA),
    }
    for name, element in found.items():
        yield Result(name, problems(official, QUERY, element))


def archives(official: Path) -> Iterator[Result]:
    """Validate the METADATA.XML of the archives."""
    for sample in samples():
        who = sample.document.legal_authenticator.who
        place = next(
            item
            for item in cast.ESTABLISHMENTS
            if item.struct_idnat == sample.document.custodian.identifier.extension
        )
        submission = xdm.XdmSubmission(
            unique_id=f"{cast.ASSOCIATION.root_oid}.8.1",
            source_id=f"{cast.ASSOCIATION.root_oid}.2",
            time=NOW,
            author=xds.Author(xds.Person(who.identifier.extension, who.name.family, who.name.given)),
            content_type=value_set(ValueSetId.DMP_CONTENT_TYPE).get(place.content_type),
        )
        sender = xdm.XdmSender(place.name, place.mailbox_app, "Amarre", "0", "Amarre")
        try:
            data = xdm.build_archive([cda.encode(sample.document)], submission, sender, ["a@example.fr"])
        except AmarreError as error:
            yield Result(sample.name, (error.explanation().what,))
            continue
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            metadata = archive.read("IHE_XDM/SUBSET01/METADATA.XML")
        yield Result(sample.name, problems(official, METADATA, parse_foreign(metadata)))


def existence(official: Path) -> Iterator[Result]:
    """Validate the TD0.2 query by the HL7 v3 schema."""
    sample = next(samples())
    for processing in dmp.ProcessingCode:
        element = td0_2.build_query(
            replace(profile_of(sample), processing=processing),
            xds.PatientId("275126322074974", "1.2.250.1.213.1.4.10"),
            now=NOW,
            message_id=uuid.UUID(int=1),
            query_id=uuid.UUID(int=2),
        )
        yield Result(f"td0.2-{processing}", problems(official, EXISTENCE, element))


def answers_read(official: Path) -> Iterator[Result]:
    """Read the published answers with our decoders."""
    folder = official / "dmp-samples"
    for path in sorted(folder.glob("TD[0123].*ponse.xml")):
        transaction = path.name.partition(" ")[0]
        if transaction not in {"TD0.2", "TD2.1", "TD3.1"}:
            continue
        yield Result(transaction, tuple(_reading_problems(transaction, path.read_bytes())))


def _reading_problems(transaction: str, data: bytes) -> Iterator[str]:
    """Yield what our decoder misses in one published answer."""
    try:
        payload = read_envelope(data).payload
        if transaction == "TD0.2":
            found = payload.find(".//{urn:hl7-org:v3}patient/{urn:hl7-org:v3}id[2]")
            person = ("", "") if found is None else (found.get("extension", ""), found.get("root", ""))
            if not td0_2.read_status(payload, xds.PatientId(*person)).can_receive:
                yield "état non lu"
            return
        answer = xds.decode_answer(payload)
    except AmarreError as error:
        yield f"refusé : {error.explanation().what}"
        return
    if answer.status is not xds.ResponseStatus.SUCCESS:
        yield "statut non lu"
    for item in answer.documents:
        if not (item.unique_id and item.hash_sha1 and item.size and item.patient_id and item.type_code):
            yield f"métadonnées incomplètes : {item.entry_uuid}"
    if transaction == "TD3.1" and not answer.documents:
        yield "aucun document lu"


CHECKS = (
    Check("xds-submission", "XSD IHE sur les dépôts (ITI-41)", ("xds",), submissions),
    Check("xds-query", "XSD ebXML sur les recherches (ITI-18)", ("xds",), queries),
    Check("xdm-metadata", "XSD ebXML sur METADATA.XML", ("xds",), archives),
    Check("dmp-existence", "XSD HL7 v3 sur le test d'existence (TD0.2)", ("xds/HL7V3",), existence),
    Check("dmp-signature", "XSD XAdES 1.1.1 sur la signature du lot", ("xades",), signatures),
    Check("dmp-answers-read", "lecture des réponses publiées du DMP", ("dmp-samples",), answers_read),
)
