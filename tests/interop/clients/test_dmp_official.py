"""Every message of a professional, and every answer of the sandbox, by the official schemas."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from lxml import etree

from amarre.interop.clients.dmp import DmpClient
from amarre.interop.common.mtom import read_message
from amarre.interop.common.soap import read_envelope
from amarre.interop.dmp import AuthorisationAction, Change, td0_3, td1_3a, td3_1, td3_3
from amarre.interop.xds import DocumentFilter, EntryStatus, PatientId
from tests.interop.clients.test_dmp_consultation import ME, air, deposited, only
from tests.interop.clients.test_dmp_sandbox import Rig, rig, sandbox

__all__ = ["air", "rig", "sandbox"]
pytestmark = pytest.mark.needs("official")
SCHEMAS = {
    "AdhocQueryRequest": "query.xsd",
    "AdhocQueryResponse": "query.xsd",
    "SubmitObjectsRequest": "lcm.xsd",
    "RegistryResponse": "rs.xsd",
    "RetrieveDocumentSetRequest": "XDS.b_DocumentRepository.xsd",
    "RetrieveDocumentSetResponse": "XDS.b_DocumentRepository.xsd",
    "PRPA_IN201307UV02": "PRPA_IN201307UV02.xsd",
    "PRPA_IN201308UV02": "PRPA_IN201308UV02.xsd",
}
XOP = "{http://www.w3.org/2004/08/xop/include}Include"


def schema(name: str) -> etree.XMLSchema:
    found = sorted(Path(os.environ["AMARRE_OFFICIAL"]).rglob(name))
    if not found:
        pytest.skip(f"{name} is not in the official folder")
    return etree.XMLSchema(etree.parse(str(found[0])))


def habilitations() -> etree.XMLSchema:
    found = sorted(Path(os.environ["AMARRE_OFFICIAL"]).rglob("Habilitations.wsdl"))
    if not found:
        pytest.skip("Habilitations.wsdl is not in the official folder")
    inner = etree.parse(str(found[0])).find(".//{http://www.w3.org/2001/XMLSchema}schema")
    return etree.XMLSchema(etree.fromstring(etree.tostring(inner)))


def test_every_message_and_answer_is_valid(rig: Rig, air: DmpClient) -> None:
    unique_id = deposited(rig)
    air.set_authorisation(ME, AuthorisationAction.AJOUT)
    air.administrative_data(ME)
    air.exists(ME)
    every = DocumentFilter(statuses=tuple(EntryStatus), author="%")
    document = only(air, filters=every)
    air.retrieve(ME, document)
    air.change(ME, Change.MASK, document)
    air.change(ME, Change.ARCHIVE, only(air))
    air.find_by_unique_id(ME, unique_id)
    seen = set()
    for exchange in rig.sandbox.journal.list("dmp"):
        for headers, data in (
            (exchange.request_headers, exchange.request),
            (exchange.response_headers, exchange.response),
        ):
            content_type = {key.lower(): value for key, value in headers.items()}["content-type"]
            root = etree.fromstring(read_message(content_type, data).root.data)
            content = etree.fromstring(etree.tostring(root.find("{*}Body")[0]))
            for include in list(content.iter(XOP)):
                # xs:base64Binary: what the Include stands for.
                include.getparent().text = "AA=="
                include.getparent().remove(include)
            name = etree.QName(content).localname
            if name.startswith("ProvideAndRegister"):
                continue
            judge = habilitations() if name.startswith("setAuthorization") else schema(SCHEMAS[name])
            assert judge.validate(content), (name, judge.error_log)
            seen.add(name)
    assert len(seen) == 10


def published(start: str) -> etree._Element:
    """Return the body of a published answer; its folder writes accents in an old encoding."""
    folder = Path(os.environ["AMARRE_OFFICIAL"])
    found = [item for item in folder.rglob("*.xml") if item.name.startswith(start) and "_r" in item.name]
    answers = [item for item in found if "ponse" in item.name]
    if not answers:
        pytest.skip(f"{start} is not in the official folder")
    return read_envelope(answers[0].read_bytes()).payload


def test_published_answers_are_read() -> None:
    patient = PatientId("207058575627097", "1.2.250.1.213.1.4.10")
    assert td0_3.read_change(published("TD0.3"), AuthorisationAction.AJOUT).remark
    data = td1_3a.read_data(published("TD1.3a"), patient)
    assert (data.active, data.opposed_break_glass, len(data.representatives)) == (True, False, 1)
    documents = td3_1.read_list(published("TD3.1"), patient)
    assert len(documents) >= 15
    assert all(item.metadata.author_details and item.metadata.practice_setting for item in documents)
    td3_3.read_done(published("TD3.3c"))
    td3_3.read_done(published("TD3.3d"))
