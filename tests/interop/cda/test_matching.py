"""Whose document is it: the matricule and the traits of a received document against the record."""

from __future__ import annotations

from dataclasses import replace

import pytest

from amarre.interop import cda, ins
from amarre.interop.cda.display import InsLink, PatientMatch, compare_patient
from tests.interop.cda.documents import TRAITS, document, identity

HERE = identity().ins
OTHER = ins.Ins(ins.matricule_received("1730456789012")[0], HERE.oid)
RECORD = ins.InsHistory(active=HERE)
MOVED = ins.InsHistory(active=OTHER, former=(ins.FormerIns(HERE),))
READ = cda.decode(cda.encode(document())).patient
SOMEBODY = replace(TRAITS, nom_naissance="MARTIN", prenoms="PAUL", sexe=ins.Sexe.M, premier_prenom="PAUL")


@pytest.mark.parametrize(
    ("received", "traits", "history", "match", "link"),
    [
        (READ, TRAITS, RECORD, PatientMatch.SAME, InsLink.ACTIVE),
        (READ, TRAITS, MOVED, PatientMatch.SAME_FORMER_INS, InsLink.FORMER),
        (READ, TRAITS, ins.InsHistory(active=OTHER), PatientMatch.DIFFERENT, InsLink.OTHER),
        (READ, TRAITS, ins.InsHistory(), PatientMatch.TO_CONFIRM, InsLink.NOT_COMPARABLE),
        (READ, SOMEBODY, RECORD, PatientMatch.DIFFERENT, InsLink.ACTIVE),
        (replace(READ, ins=None), TRAITS, RECORD, PatientMatch.TO_CONFIRM, InsLink.ABSENT),
        (
            replace(READ, ins=cda.Identifier("1.2.250.1.213.1.4.8", "12")),
            TRAITS,
            RECORD,
            PatientMatch.TO_CONFIRM,
            InsLink.UNREADABLE,
        ),
        (READ, replace(TRAITS, nom_naissance="KERMORVANT"), RECORD, PatientMatch.TO_CONFIRM, InsLink.ACTIVE),
        (replace(READ, birth_date="1984"), TRAITS, RECORD, PatientMatch.TO_CONFIRM, InsLink.ACTIVE),
    ],
)
def test_conclusion(
    received: cda.ReceivedPatient,
    traits: ins.Traits,
    history: ins.InsHistory,
    match: PatientMatch,
    link: InsLink,
) -> None:
    compared = compare_patient(received, traits=traits, history=history)
    assert (compared.match, compared.ins) == (match, link)


def test_what_a_document_does_not_give_is_not_a_difference() -> None:
    old = replace(READ, given_names="", birthplace_code="", sex="")
    compared = compare_patient(old, traits=TRAITS, history=RECORD)
    assert compared.match is PatientMatch.SAME
    assert set(compared.missing) == {ins.Trait.SEXE, ins.Trait.LIEU_NAISSANCE}
    assert compared.sentences[-1] == "Absent du document : sexe, lieu de naissance."
    nothing = replace(READ, birth_name="", birth_date="?")
    assert compare_patient(nothing, traits=TRAITS, history=RECORD).match is PatientMatch.TO_CONFIRM


def test_sentences_name_the_traits_and_never_quote_them() -> None:
    compared = compare_patient(READ, traits=SOMEBODY, history=RECORD)
    said = " ".join(compared.sentences)
    assert "nom de naissance" in said
    assert not any(word in said + repr(compared) for word in ("KERMORVAN", "MARTIN", "2841029151042"))
