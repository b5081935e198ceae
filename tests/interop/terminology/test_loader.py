"""The value sets: complete headers, known traps, associations."""

from __future__ import annotations

import pytest

from amarre.interop.terminology import (
    Code,
    ValueSetId,
    author_code_replacement,
    class_of_type,
    document_types,
    format_of_media_type,
    format_of_template,
    is_withdrawn_author_code,
    value_set,
)


@pytest.mark.parametrize("which", list(ValueSetId))
def test_each_value_set_says_where_it_comes_from(which: ValueSetId) -> None:
    values = value_set(which)
    assert values.codes
    assert values.name
    assert values.version
    assert values.source
    assert all(code.code and code.display and code.system for code in values.codes.values())


def test_the_dmp_list_is_narrower() -> None:
    assert value_set(ValueSetId.PRACTICE_SETTING).find("ESSMS")
    assert value_set(ValueSetId.DMP_PRACTICE_SETTING).find("ESSMS") is None
    with pytest.raises(KeyError):
        value_set(ValueSetId.DMP_PRACTICE_SETTING).get("ESSMS")


def test_document_types_agree_with_the_lists() -> None:
    narrow, general = value_set(ValueSetId.DMP_TYPE_CODE), value_set(ValueSetId.TYPE_CODE)
    for kind in document_types():
        assert kind.code in general
        assert (kind.code in narrow) == kind.in_dmp
        if kind.in_dmp:
            found = class_of_type(kind.code.code)
            assert found is not None
            assert found.code == kind.class_code


def test_associations() -> None:
    pdf = format_of_media_type("application/pdf")
    assert pdf is not None
    assert pdf.code == "urn:ihe:iti:xds-sd:pdf:2008"
    assert pdf in value_set(ValueSetId.DMP_FORMAT_CODE)
    letter = format_of_template(frozenset({"1.2.250.1.213.1.1.1.1", "1.2.250.1.213.1.1.1.29"}))
    assert letter is not None
    assert letter.code == "urn:asip:ci-sis:ldl-ses:2017"
    assert format_of_template(frozenset({"1.2.3"})) is None
    assert class_of_type("inconnu") is None


def test_withdrawn_author_codes() -> None:
    old = Code("G15_35", "Aide-soignant", "1.2.250.1.213.1.1.4.5")
    assert is_withdrawn_author_code(old)
    assert old not in value_set(ValueSetId.AUTHOR_SPECIALTY)
    replacement = author_code_replacement(old)
    assert replacement is not None
    assert replacement.code == "313"
