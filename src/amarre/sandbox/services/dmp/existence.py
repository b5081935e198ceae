"""TD0.2 and TD1.3a: judges and reads PRPA_IN201307UV02 (existence and authorisation, administrative data).

Sources: HL7 V3 PRPA_IN201307UV02, SEL-MP-037 TD0.2 and TD1.3a.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from amarre.sandbox.services.dmp import people
from amarre.sandbox.services.dmp.answers import DMP_OID, HL7, ExistenceQuestion
from amarre.sandbox.services.dmp.metadata import CX_INS, OID
from amarre.sandbox.services.dmp.rules import Judge
from amarre.sandbox.services.dmp.vihf import Vihf

PREFIX = {"h": HL7}
INS = re.compile(r"[0-9]{5}[0-9AB]{2}[0-9]{8}")


@dataclass(frozen=True, slots=True)
class Existence:
    """A question that could be read."""

    question: ExistenceQuestion
    ins: str
    oid: str


# Reason of the question → transaction.
REASONS = {"TEST_EXST": "TD0.2", "CNSLT_DATA": "TD1.3a"}


def transaction_of(body: etree._Element | None) -> str:
    """Return the transaction a question asks for, TD0.2 when it does not say."""
    reason = "" if body is None else _value(body, "h:controlActProcess/h:reasonCode", "code")
    return REASONS.get(reason, "TD0.2")


def read_existence(body: etree._Element | None, judge: Judge, vihf: Vihf) -> Existence | None:
    """Return the question, None when the message is not the one expected. The judge holds every remark."""
    known = body is not None and body.tag == f"{{{HL7}}}PRPA_IN201307UV02"
    if not judge.check("td02.body", known, received="" if body is None else str(body.tag)) or body is None:
        return None
    message = _id(body, "h:id")
    created = _value(body, "h:creationTime", "value")
    dated = re.fullmatch(r"[0-9]{14}.*", created) is not None
    version = body.get("ITSVersion", "")
    shown = f"id {'^'.join(message)}, creationTime {created}, ITSVersion {version}"
    judge.check("td02.ids", all(message) and dated and version == "XML_1.0", received=shown)
    interaction = _value(body, "h:interactionId", "extension")
    judge.check("td02.interaction", interaction == "PRPA_IN201307UV02", received=interaction)
    receiver = _value(body, "h:receiver/h:device/h:id", "root")
    judge.check("td02.receiver", receiver == DMP_OID, received=receiver)
    sender = _value(body, "h:sender/h:device/h:id", "root")
    judge.check("td02.sender", OID.fullmatch(sender) is not None, received=sender)
    reason = body.find("h:controlActProcess/h:reasonCode", PREFIX)
    judge.check(
        "td02.reason",
        reason is not None
        and reason.get("code") in REASONS
        and reason.get("codeSystem") == "1.2.250.1.213.1.1.4.11",
        received="" if reason is None else f"{reason.get('code')} ({reason.get('codeSystem')})",
    )
    query = "h:controlActProcess/h:queryByParameter"
    value = f"{query}/h:parameterList/h:patientIdentifier/h:value"
    ins, oid = _value(body, value, "extension"), _value(body, value, "root")
    form = INS.fullmatch(ins) is not None and oid in people.INS_OIDS
    judge.check("td02.patient", form and people.key_is_right(ins), received=f"{ins} ({oid})")
    named = CX_INS.fullmatch(vihf.patient)
    same = named is not None and (named["id"], named["oid"]) == (ins, oid)
    judge.check("vihf.patient", same, received=f"{vihf.patient}, pour {ins} ({oid})")
    code = "TEST_EXST" if reason is None else reason.get("code", "")
    software = body.findtext("h:sender/h:device/h:softwareName", "", PREFIX)
    question = ExistenceQuestion(message, _id(body, f"{query}/h:queryId"), sender, software, code)
    return Existence(question, ins, oid)


def _value(body: etree._Element, path: str, attribute: str) -> str:
    found = body.find(path, PREFIX)
    return "" if found is None else found.get(attribute, "")


def _id(body: etree._Element, path: str) -> tuple[str, str]:
    return _value(body, path, "root"), _value(body, path, "extension")
