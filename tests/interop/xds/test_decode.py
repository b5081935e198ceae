"""Answers of a registry: what is read, what is refused, each refusal with its own sentence."""

from __future__ import annotations

import pytest

from amarre.interop.common.errors import Effect, Retry
from amarre.interop.common.xml import parse_foreign
from amarre.interop.xds import RegistryError, ResponseStatus, codes, decode_answer, error_from
from amarre.interop.xds import errors as xds_errors
from amarre.interop.xds.errors import ERROR_CLASSES, XdsUnknownRefusal, XdsUnreadableAnswer, attribute_in

STATUS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:"


def response(status: str = "Success", inside: str = "", name: str = "RegistryResponse") -> bytes:
    namespace = codes.RS if name == "RegistryResponse" else codes.QUERY
    return (
        f'<a:{name} xmlns:a="{namespace}" xmlns:rs="{codes.RS}" xmlns="{codes.RIM}"'
        f' status="{STATUS}{status}">'
        f"{inside}</a:{name}>"
    ).encode()


def error(code: str, severity: str = "Error", context: str = "") -> str:
    return (
        f'<rs:RegistryErrorList><rs:RegistryError errorCode="{code}" codeContext="{context}" '
        f'severity="urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:{severity}"/></rs:RegistryErrorList>'
    )


def test_success_with_a_warning() -> None:
    answer = decode_answer(parse_foreign(response(inside=error("XDSExtraMetadataNotSaved", "Warning"))))
    assert answer.status is ResponseStatus.SUCCESS
    assert [(item.code, item.is_warning) for item in answer.errors] == [("XDSExtraMetadataNotSaved", True)]


@pytest.mark.parametrize("status", ["PartialSuccess", "Failure"])
def test_other_statuses(status: str) -> None:
    answer = decode_answer(parse_foreign(response(status)))
    assert answer.status is not ResponseStatus.SUCCESS


def test_references_and_metadata() -> None:
    inside = f"""<RegistryObjectList><ObjectRef id="urn:uuid:1"/>
      <ExtrinsicObject id="urn:uuid:2" lid="urn:uuid:3" objectType="{codes.OBJECT_TYPE_DOCUMENT}"
        mimeType="text/xml"
        status="urn:oasis:names:tc:ebxml-regrep:StatusType:Approved">
      <Slot name="hash"><ValueList><Value>ABC</Value></ValueList></Slot>
      <Slot name="size"><ValueList><Value>12</Value></ValueList></Slot>
      <Name><LocalizedString value="Titre"/></Name><VersionInfo versionName="2"/>
      <Classification classificationScheme="{codes.DOC_TYPE}" nodeRepresentation="80788-3">
        <Slot name="codingScheme"><ValueList><Value>2.16.840.1.113883.6.1</Value></ValueList></Slot>
      </Classification>
      <ExternalIdentifier identificationScheme="{codes.DOC_UNIQUE_ID}" value="1.2.3"/></ExtrinsicObject>
      <ExtrinsicObject id="urn:uuid:9" objectType="urn:uuid:other"/></RegistryObjectList>"""
    answer = decode_answer(parse_foreign(response(inside=inside, name="AdhocQueryResponse")))
    assert answer.references == ("urn:uuid:1",)
    (found,) = answer.documents
    assert (found.unique_id, found.hash_sha1, found.size, found.version) == ("1.2.3", "abc", 12, 2)
    assert found.type_code is not None
    assert found.type_code.system == "2.16.840.1.113883.6.1"
    assert "Titre" not in repr(found)


@pytest.mark.parametrize("data", [b"<x/>", response("Maybe"), response("")])
def test_what_is_not_an_answer_leaves_the_effect_unknown(data: bytes) -> None:
    with pytest.raises(XdsUnreadableAnswer) as caught:
        decode_answer(parse_foreign(data))
    assert caught.value.effect is Effect.UNKNOWN


@pytest.mark.parametrize("code", sorted(ERROR_CLASSES))
def test_every_known_code_is_explained(code: str) -> None:
    found = error_from(RegistryError(code, "MARTIN typeCode", "Error", ""))
    explanation = found.explanation("REF-1")
    assert explanation.what
    assert explanation.advice
    assert explanation.reference == "REF-1"
    # The registry's words may quote what was sent: never in a sentence nor in a log.
    assert "MARTIN" not in explanation.what + explanation.advice + str(found)
    assert found.remote_text == "MARTIN typeCode"


def test_unknown_code_is_named_unless_it_is_a_text() -> None:
    assert "XDSNouveau" in error_from(RegistryError("XDSNouveau", "", "", "")).explanation().what
    strange = error_from(RegistryError("<b>MARTIN né le</b>", "", "", ""))
    assert isinstance(strange, XdsUnknownRefusal)
    assert "MARTIN" not in strange.explanation().what


def test_a_metadata_error_names_the_field_to_correct() -> None:
    found = error_from(RegistryError("XDSRegistryMetadataError", "bad practiceSettingCode ESSMS", "", ""))
    assert "cadre d'exercice" in found.explanation().what
    assert attribute_in("nothing known") == ""


def test_only_a_busy_or_failing_service_is_tried_again() -> None:
    again = {code for code, cls in ERROR_CLASSES.items() if cls.retry is Retry.LATER}
    assert again == {
        "XDSMissingDocument",
        "XDSRegistryBusy",
        "XDSRepositoryBusy",
        "XDSRegistryNotAvailable",
        "XDSRegistryOutOfResources",
        "XDSRegistryError",
        "XDSRepositoryError",
    }


def test_codes_and_sentences_are_all_different() -> None:
    found = [
        cls
        for cls in vars(xds_errors).values()
        if isinstance(cls, type) and issubclass(cls, xds_errors.XdsError) and "code" in vars(cls)
    ]
    assert len({cls.code for cls in found}) == len(found)
    assert len({cls.what for cls in found}) == len(found)
