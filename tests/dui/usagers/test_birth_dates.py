"""A birth date with an unknown part: marked, shown, kept through INSi's answer (RNIV EXI PP 19)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from amarre.dui.usagers.forms.traits_forms import BirthDateField
from amarre.dui.usagers.presenters import strict_traits
from amarre.dui.usagers.selectors.identity_history import history
from amarre.dui.usagers.services.decide_insi_search import accept_insi_search
from amarre.dui.usagers.services.update_traits import update_traits
from amarre.dui.web.forms import FrenchDateField
from amarre.interop.ins.traits import BirthDate, birth_date_from_parts
from tests.dui.connected import House, identity_of
from tests.dui.usagers.cases import asked, opened

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("30/02/1932", "calendar"), ("31/04/1932", "calendar"), ("12/13/1932", "calendar"),
        ("13/1932", "calendar"), ("31021932", "calendar"), ("0000", "calendar"), ("avril 1932", "invalid"),
        ("32", "invalid"),
    ],
)  # fmt: skip
def test_a_date_that_does_not_exist_is_told_from_one_written_otherwise(typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        BirthDateField().clean(typed)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [("31/02/2026", "calendar"), ("2026-02-31", "calendar"), ("31022026", "calendar"), ("demain", "invalid")],
)
def test_so_are_the_other_dates(typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        FrenchDateField().clean(typed)
    assert refused.value.code == code


@pytest.mark.req("INS EXI PP 19")
def test_marked_at_creation_shown_in_the_banner_and_unmarked_by_a_correction(house: House) -> None:
    dossier = opened(house, date_naissance=birth_date_from_parts(1938, 4, None))  # type: ignore[arg-type]
    identity = identity_of(dossier)
    assert (identity.date_naissance, identity.date_interpretee) == ("1938-04-01", True)
    assert identity.traits.date_naissance.interpreted
    assert dict(strict_traits(identity))["Date de naissance"] == "01/04/1938 (date interprétée)"
    traits = replace(identity.traits, date_naissance=BirthDate("1938-04-01"))
    update_traits(
        dossier=dossier, traits=replace(traits, date_naissance=BirthDate("1938-04-12")), lieu_libelle="",
        reason="Pièce retrouvée", actor=house.referent,
    )  # fmt: skip
    identity = identity_of(dossier)
    assert not identity.date_interpretee
    assert "Date de naissance interprétée" in [line.title for line in history(identity)]


@pytest.mark.req("INS EXI ID 11-12")
def test_kept_when_insi_answers_with_the_same_date(house: House) -> None:
    dossier = opened(house, date_naissance=BirthDate("1938-04-12", interpreted=True))  # type: ignore[arg-type]
    accept_insi_search(search=asked(house, dossier), actor=house.referent)
    identity = identity_of(dossier)
    assert identity.matricule
    assert identity.date_interpretee


@pytest.mark.parametrize(("returned", "stored"), [("1938-00-00", "1938-12-31"), ("1938-04-00", "1938-04-01")])
def test_a_date_with_unknown_parts_is_written_by_the_rule(house: House, returned: str, stored: str) -> None:
    dossier = opened(house)
    search = asked(house, dossier)
    search.returned["traits"]["date_naissance"] = returned
    search.save()
    accept_insi_search(search=search, actor=house.referent, reason="Acte relu")
    identity = identity_of(dossier)
    assert (identity.date_naissance, identity.date_interpretee) == (stored, True)


def test_a_whole_date_of_insi_takes_the_mark_away(house: House) -> None:
    dossier = opened(house, date_naissance=BirthDate("1938-12-31", interpreted=True))  # type: ignore[arg-type]
    search = asked(house, opened(house, "zoe-adrun"))
    assert search.outcome
    search = asked(house, dossier, "")
    search.outcome = "found"
    search.returned = {
        "traits": {
            "nom_naissance": "LE BIHAN", "prenoms": "YVONNE MARIE ANNE", "premier_prenom": "YVONNE",
            "sexe": "F", "date_naissance": "1938-04-12", "lieu_naissance": "29151",
        },
        "ins": {"base": "2380429151006", "key": "60", "oid": "1.2.250.1.213.1.4.10"},
        "former": [], "warnings": [],
    }  # fmt: skip
    search.save()
    accept_insi_search(search=search, actor=house.referent, reason="Acte relu")
    assert not identity_of(dossier).date_interpretee
