"""Forms: labels, help and errors are bound to their fields."""

from __future__ import annotations

import datetime as dt

import pytest
from django import forms

from amarre.dui.web.forms import FrenchDateField
from amarre.dui.web.styleguide import SampleForm


@pytest.fixture
def refused() -> str:
    form = SampleForm({"name": "", "birth": "32/13/1936", "sex": "X"})
    assert not form.is_valid()
    return str(form)


def test_error_summary_links_to_each_field(refused: str) -> None:
    assert "5 points sont à corriger" in refused
    for target in ("id_name", "id_birth", "id_sex_0", "id_document", "id_seen"):
        assert f'href="#{target}"' in refused
        assert f'id="{target}"' in refused


def test_errors_and_help_have_the_identifiers_django_announces(refused: str) -> None:
    assert 'aria-describedby="id_name_helptext id_name_error"' in refused
    assert 'id="id_name_helptext"' in refused
    assert 'id="id_name_error"' in refused
    assert 'aria-invalid="true"' in refused


def test_set_of_choices_is_a_named_group(refused: str) -> None:
    assert '<fieldset class="am-champ" aria-describedby="id_sex_error">' in refused
    assert '<legend class="form-label">Sexe</legend>' in refused


def test_what_was_typed_is_still_there(refused: str) -> None:
    assert 'value="32/13/1936"' in refused


def test_file_field_opens_the_camera_without_script() -> None:
    html = str(SampleForm()["photo"])
    assert 'capture="environment"' in html
    assert 'accept="image/*"' in html


@pytest.mark.parametrize("typed", ["21/06/1936", "21.06.1936", "21-06-1936", "21 06 1936", "21061936"])
def test_dates_as_people_write_them(typed: str) -> None:
    assert FrenchDateField().clean(typed) == dt.date(1936, 6, 21)


def test_impossible_date_says_that_it_does_not_exist() -> None:
    with pytest.raises(forms.ValidationError, match="n’existe pas"):
        FrenchDateField().clean("06/21/1936")
