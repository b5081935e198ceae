"""Encodings and messages of XDS.b; the official schemas are run by the conformance script."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
from pathlib import Path

import pytest

from amarre.interop.terminology import Code
from amarre.interop.xds import (
    EntryStatus,
    Institution,
    PatientId,
    Person,
    PersonKind,
    ReturnType,
    codes,
    encode_find_documents,
    encode_get_documents,
)
from amarre.interop.xds.datatypes import coded_string, cx, parse_cx, parse_utc, utc, xcn, xon

PATIENT = PatientId("284102915104295", "1.2.250.1.213.1.4.10")
R = f"{{{codes.RIM}}}"
SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "conformance.py"


def slots(root: object) -> dict[str, list[str | None]]:
    return {
        item.get("name"): [value.text for value in item.iter(f"{R}Value")]
        for item in root.iter(f"{R}Slot")  # type: ignore[attr-defined]
    }


def test_cx_round_trip_and_dated_variant_of_the_national_samples() -> None:
    text = "284102915104295^^^&1.2.250.1.213.1.4.10&ISO^NH"
    assert cx(PATIENT) == text
    assert parse_cx(text) == PATIENT
    assert parse_cx(text + "^^20100907") == PATIENT
    assert cx(PatientId("USG-42", "1.2.3", "PI")) == "USG-42^^^&1.2.3&ISO^PI"


@pytest.mark.parametrize(
    "text", ["", "284102915104295", "a^^^&x&ISO^NH", "a^b^^&1.2&ISO^NH", "^^^&1.2&ISO^NH"]
)
def test_a_malformed_cx_is_nobody(text: str) -> None:
    assert parse_cx(text) is None


def test_xcn_of_a_professional_and_of_a_system() -> None:
    nurse = Person("899700000013", "EXEMPLE", "CLAIRE")
    assert xcn(nurse) == "899700000013^EXEMPLE^CLAIRE^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS"
    system = Person("3290099993/7", "SOFTWARE", "MODELE", PersonKind.SYSTEM)
    assert xcn(system) == "3290099993/7^SOFTWARE^MODELE^^^^^^&1.2.250.1.71.4.2.1&ISO^U^^^RI"


@pytest.mark.parametrize(("family", "given"), [("", "CLAIRE"), ("EXEMPLE", " ")])
def test_an_author_without_name_is_refused(family: str, given: str) -> None:
    with pytest.raises(ValueError, match="name"):
        xcn(Person("899700000013", family, given))


def test_delimiters_in_a_name_cannot_add_a_component() -> None:
    encoded = xcn(Person("899700000013", "A^B&C|D~E\\F\n", "X"))
    assert encoded.split("^")[1] == "A\\S\\B\\T\\C\\F\\D\\R\\E\\E\\F"


def test_xon_and_specialty() -> None:
    assert xon(Institution("SSIAD", "1290099993")) == "SSIAD^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^1290099993"
    nurse = Code("G15_60", "Infirmier", "1.2.250.1.213.1.1.4.5")
    assert coded_string(nurse) == "G15_60^Infirmier^1.2.250.1.213.1.1.4.5"


def test_local_time_becomes_utc_and_a_naive_one_is_refused() -> None:
    paris = datetime.timezone(datetime.timedelta(hours=1))
    assert utc(datetime.datetime(2026, 3, 14, 0, 45, 12, tzinfo=paris)) == "20260313234512"
    with pytest.raises(ValueError, match="aware"):
        utc(datetime.datetime(2026, 3, 14))  # noqa: DTZ001


@pytest.mark.parametrize("text", ["", "2026", "20261399", "2026031410451", "abc", "２０２６０３１４"])
def test_an_unreadable_time_is_none(text: str) -> None:
    assert parse_utc(text) is None


def test_find_documents_names_one_patient_without_parentheses() -> None:
    root = encode_find_documents(PATIENT, statuses=(EntryStatus.APPROVED, EntryStatus.ARCHIVED))
    found = slots(root)
    assert found["$XDSDocumentEntryPatientId"] == [f"'{cx(PATIENT)}'"]
    assert found["$XDSDocumentEntryStatus"] == [f"('{EntryStatus.APPROVED}','{EntryStatus.ARCHIVED}')"]


def test_get_documents_asks_for_references_by_unique_id() -> None:
    root = encode_get_documents(["1.2.3"], ReturnType.REFERENCES)
    assert slots(root) == {"$XDSDocumentEntryUniqueId": ["('1.2.3')"]}
    assert root.find(f"{R}AdhocQuery").get("id") == codes.GET_DOCUMENTS  # type: ignore[union-attr]
    assert root[0].get("returnType") == "ObjectRef"


def test_a_quote_cannot_leave_its_value() -> None:
    root = encode_get_documents(["1.2') or ('1"], ReturnType.REFERENCES)
    assert slots(root) == {"$XDSDocumentEntryUniqueId": ["('1.2'') or (''1')"]}


@pytest.mark.needs("official")
@pytest.mark.parametrize(
    "check",
    ["xds-submission", "xds-query", "xdm-metadata", "dmp-existence", "dmp-signature", "dmp-answers-read"],
)
def test_official_schemas(check: str) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), os.environ["AMARRE_OFFICIAL"], "--only", check],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if "ABSENT" in done.stdout:
        pytest.skip(f"the official files of {check} are not in the folder")
    assert done.returncode == 0, done.stdout
