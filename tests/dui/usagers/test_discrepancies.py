"""Écarts: opened by what INSi answers, settled by a person, three sources side by side."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace

import pytest

from amarre.dui.access.errors import NotAllowed, OutOfScope
from amarre.dui.access.scope import system_scope
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import today
from amarre.dui.exchanges.worker import drain
from amarre.dui.usagers.errors import DiscrepancyToSettle, ReasonMissing, UnknownDevice
from amarre.dui.usagers.models import Discrepancy, Dossier
from amarre.dui.usagers.selectors.discrepancies import Choice, rows_of, sources_of, used_name_typed
from amarre.dui.usagers.selectors.discrepancy_advice import advice_of, options_of
from amarre.dui.usagers.selectors.identity_history import CREATED, history
from amarre.dui.usagers.services.decide_insi_search import accept_insi_search, set_aside_insi_search
from amarre.dui.usagers.services.mark_identity import mark_identity
from amarre.dui.usagers.services.open_discrepancy import open_for_verification
from amarre.dui.usagers.services.record_evidence import record_evidence
from amarre.dui.usagers.services.settle_discrepancy import (
    correct_base,
    declare_doubtful,
    read_document,
    set_aside,
    take_insi,
)
from amarre.dui.usagers.services.update_traits import update_traits
from amarre.dui.usagers.vigilance_errors import DiscrepancySettled, DocumentNotRead, NoAnswerToTake
from amarre.interop.ins.status import Attribute, Status
from tests.dui.connected import House, identity_of
from tests.dui.usagers.cases import asked, fresh, opened

pytestmark = pytest.mark.django_db

Kind, State, Decision = Discrepancy.Kind, Discrepancy.State, Discrepancy.Decision


def ecarts(dossier: Dossier) -> list[Discrepancy]:
    with system_scope("test"):
        rows = Discrepancy.objects.filter(dossier=dossier).order_by("pk")
        return list(rows.select_related("identity", "dossier__essms", "search", "decided_by"))


def last(dossier: Dossier) -> Discrepancy:
    return ecarts(dossier)[-1]


def seen(house: House, dossier: Dossier) -> None:
    record_evidence(dossier=dossier, device="CN", seen_on=today(), actor=house.referent)


def typed(house: House, held: Discrepancy, device: str = "CN", **changes: object) -> Discrepancy:
    """Type the document: INSi's traits when it answered, ours otherwise, changed."""
    sources = sources_of(held)
    given = {"premier_prenom": sources.base.premier_prenom} | changes
    traits = replace(sources.insi or sources.base, **given)  # type: ignore[arg-type]
    read_document(discrepancy=held, traits=traits, device=device, seen_on=today(), actor=house.referent)
    return last(held.dossier)


@pytest.mark.parametrize(
    ("key", "changes", "kind"),
    [
        ("yvonne-le-bihan", {"prenoms": "YVONNE"}, Kind.TOLERATED),
        ("yvonne-le-bihan", {"prenoms": "YVONNE MARIE ANNA"}, Kind.BLOCKING),
        ("pierre-houilles", {}, Kind.NOT_FOUND),
        ("leonardo-de-vinci", {}, Kind.SEVERAL),
    ],
)
def test_each_answer_that_differs_opens_one(
    house: House, key: str, changes: dict[str, str], kind: str
) -> None:
    dossier = opened(house, key, **changes)
    asked(house, dossier)
    (held,) = ecarts(dossier)
    assert (held.kind, held.state, held.decision) == (kind, State.OPEN, "")
    assert "YVONNE" not in str(held.differences)


def test_an_answer_that_agrees_or_fails_opens_none(house: House) -> None:
    agreed = opened(house)
    asked(house, agreed)
    assert ecarts(agreed) == []
    other = opened(house, "zoe-adrun")
    asked(house, other, "autre-personne")
    assert ecarts(other) == []


def test_a_newer_answer_replaces_the_older_one_and_agreement_closes_it(house: House) -> None:
    dossier = opened(house, prenoms="YVONNE MARIE ANNA")
    asked(house, dossier)
    asked(house, dossier)
    assert [(one.state, one.decision) for one in ecarts(dossier)] == [
        (State.SETTLED, Decision.REPLACED),
        (State.OPEN, ""),
    ]
    update_traits(
        dossier=dossier,
        traits=replace(identity_of(dossier).traits, prenoms="YVONNE MARIE ANNE"),
        lieu_libelle="",
        reason="Pièce relue",
        actor=house.referent,
    )
    assert (last(dossier).decision, last(dossier).reason) == (Decision.BASE_CORRECTED, "Pièce relue")
    asked(house, dossier)
    assert len(ecarts(dossier)) == 2


def test_changing_a_strict_trait_that_had_an_ins_opens_one(house: House) -> None:
    dossier = house.dossier("jean-riou")
    traits = replace(identity_of(dossier).traits, nom_naissance="RIOUX")
    update_traits(dossier=dossier, traits=traits, lieu_libelle="", reason="Acte relu", actor=house.referent)
    assert (last(dossier).kind, last(dossier).origin) == (Kind.TRAITS_CHANGED, "traits")
    without = opened(house, "denise-pochard")
    traits = replace(identity_of(without).traits, prenoms="DENISE ANNE", premier_prenom="DENISE")
    update_traits(dossier=without, traits=traits, lieu_libelle="", reason="Acte relu", actor=house.referent)
    assert ecarts(without) == []


def test_a_verification_that_is_not_confirmed_opens_one(house: House) -> None:
    dossier = house.dossier("jean-riou")
    with system_scope("test"):
        held = open_for_verification(dossier=dossier, identity=identity_of(dossier), actor=house.referent)
    assert (held.kind, held.origin) == (Kind.VERIFICATION_KO, "verification")


def test_tolerated_is_taken_and_says_it_beforehand(house: House) -> None:
    dossier = opened(house, prenoms="YVONNE")
    asked(house, dossier)
    held = last(dossier)
    options = options_of(held, sources_of(held))
    assert (options[0].choice, options[0].suggested) == (Choice.TAKE, True)
    assert "récupérée" in options[0].consequence
    take_insi(discrepancy=held, reason="Pièce revue", actor=house.referent)
    assert identity_of(dossier).status is Status.RECUPEREE
    settled = last(dossier)
    assert (settled.decision, settled.reason) == (Decision.INSI_TAKEN, "Pièce revue")
    assert settled.decided_by == house.maud


def test_document_agrees_with_insi_then_correct_recall_and_qualified(house: House) -> None:
    """The whole way of an untrained person: read the document, press the proposed button, take the answer."""
    dossier = opened(house, prenoms="YVONNE MARIE ANNA")
    seen(house, dossier)
    search = asked(house, dossier)
    held = last(dossier)
    with pytest.raises(DiscrepancyToSettle):
        take_insi(discrepancy=held, reason="x", actor=house.referent)
    with pytest.raises(DocumentNotRead):
        correct_base(discrepancy=held, reason="x", actor=house.referent)
    held = typed(house, held)
    sources = sources_of(held)
    assert "l’erreur est dans notre base" in advice_of(held, sources).action
    options = options_of(held, sources)
    assert options[0].choice is Choice.CORRECT
    assert Choice.TAKE not in [one.choice for one in options]
    correct_base(discrepancy=held, reason="Faute de frappe", actor=house.referent)
    assert identity_of(dossier).prenoms == "YVONNE MARIE ANNE"
    assert identity_of(dossier).status is Status.VALIDEE
    assert fresh(search).decision == "set_aside"
    drain()
    assert [one.decision for one in ecarts(dossier)] == [Decision.BASE_CORRECTED]
    with system_scope("test"):
        answer = identity_of(dossier).insi_searches.order_by("-pk").first()
    assert answer is not None
    accept_insi_search(search=fresh(answer), actor=house.referent)
    assert identity_of(dossier).status is Status.QUALIFIEE


def test_document_agrees_with_the_base_then_the_official_base_is_to_correct(house: House) -> None:
    dossier = opened(house, prenoms="YVONNE MARIE ANNA")
    asked(house, dossier)
    held = typed(house, last(dossier), prenoms="YVONNE MARIE ANNA")
    sources = sources_of(held)
    assert "INSEE" in advice_of(held, sources).action
    assert options_of(held, sources)[0].choice is Choice.SET_ASIDE
    set_aside(discrepancy=held, reason="Acte demandé", actor=house.referent)
    assert identity_of(dossier).prenoms == "YVONNE MARIE ANNA"
    settled = last(dossier)
    assert (settled.decision, settled.document) == (Decision.SET_ASIDE, {})
    assert fresh(settled.search).returned == {}  # type: ignore[arg-type]


def test_several_traits_differ_then_doubtful(house: House) -> None:
    dossier = opened(house, prenoms="YVONNE MARIE ANNA")
    asked(house, dossier)
    held = typed(
        house, last(dossier), nom_naissance="MARTIN", prenoms="ODILE", premier_prenom="ODILE",
    )  # fmt: skip
    sources = sources_of(held)
    assert options_of(held, sources)[0].choice is Choice.DOUBTFUL
    declare_doubtful(discrepancy=held, reason="Ce n'est pas elle", actor=house.referent)
    assert identity_of(dossier).is_douteuse
    assert last(dossier).decision == Decision.DOUBTFUL


def married(house: House, **changes: str) -> Discrepancy:
    """INSi found nobody: the used name stands where the birth name should. The document is read."""
    dossier = opened(house, nom_naissance="KERVELLA", nom_utilise="", **changes)
    asked(house, dossier)
    return typed(house, last(dossier), nom_naissance="LE BIHAN")


@pytest.mark.parametrize("keeps", [True, False], ids=["kept", "left"])
def test_a_used_name_typed_as_birth_name_may_be_kept_as_what_it_is(house: House, keeps: bool) -> None:
    held = married(house)
    assert used_name_typed(held, sources_of(held)) == "KERVELLA"
    identity = correct_base(discrepancy=held, reason="Carte lue", actor=house.referent, keeps_used_name=keeps)
    assert (identity.nom_naissance, identity.nom_utilise) == ("LE BIHAN", "KERVELLA" if keeps else "")
    assert ("KERVELLA" in identity.search_key) is keeps


@pytest.mark.parametrize(
    ("read", "shown", "said"),
    [
        ("29019", "29019", "Même département (29)."),
        ("75114", "75114", "Départements différents (29 et 75)."),
        ("97105", "97105", "Départements différents (29 et 971)."),
        ("29151", "Morlaix (29151)", ""),
    ],
    ids=["same-department", "other", "overseas", "same-place"],
)
def test_the_birthplace_is_said_in_clear_and_its_department_compared(
    house: House, read: str, shown: str, said: str
) -> None:
    dossier = opened(house, nom_naissance="KERVELLA")
    identity = identity_of(dossier)
    identity.lieu_libelle = "Morlaix"
    identity.save()
    asked(house, house.reload(dossier))
    held = typed(house, last(dossier), lieu_naissance=read)
    row = rows_of(sources_of(held))[-1]
    assert ("".join(one.text for one in row.base), row.insi) == ("Morlaix (29151)", None)
    assert row.document is not None
    assert "".join(one.text for one in row.document) == shown
    assert row.reading.endswith(said)
    assert bool(row.reading) is bool(said)


def test_a_used_name_already_known_is_not_asked_for(house: House) -> None:
    dossier = opened(house, nom_naissance="KERVELLA", nom_utilise="MADEC")
    asked(house, dossier)
    held = typed(house, last(dossier), nom_naissance="LE BIHAN")
    assert used_name_typed(held, sources_of(held)) == ""


def test_the_history_says_who_created_who_decided_and_why(house: House) -> None:
    held = married(house)
    set_aside(discrepancy=held, reason="Acte de naissance demandé", actor=house.referent)
    lines = history(held.identity)
    assert (lines[-1].title, lines[-1].who) == (CREATED, "Maud KERAVEL")
    assert lines[0].title == "Écart d’identité"
    assert lines[0].who == "Maud KERAVEL"
    assert lines[0].detail == "Personne introuvable, mis de côté. Acte de naissance demandé"


def test_not_found_and_the_document_is_the_base(house: House) -> None:
    dossier = opened(house, "pierre-houilles")
    asked(house, dossier)
    held = typed(house, last(dossier))
    assert options_of(held, sources_of(held))[0].choice is Choice.SET_ASIDE
    with pytest.raises(NoAnswerToTake):
        take_insi(discrepancy=held, reason="x", actor=house.referent)
    correct_base(discrepancy=held, reason="Identique, je rappelle", actor=house.referent)
    drain()
    assert last(dossier).kind == Kind.NOT_FOUND
    assert identity_of(dossier).coherence_checked


def test_a_document_of_no_high_trust_gives_none(house: House) -> None:
    dossier = opened(house, prenoms="YVONNE MARIE ANNA")
    asked(house, dossier)
    held = typed(house, last(dossier), device="")
    correct_base(discrepancy=held, reason="Livret de famille", actor=house.referent)
    assert identity_of(dossier).status is Status.PROVISOIRE
    assert not identity_of(dossier).evidence.exists()
    with pytest.raises(UnknownDevice):
        read_document(
            discrepancy=held, traits=identity_of(dossier).traits, device="PERMIS", seen_on=today(),
            actor=house.referent,
        )  # fmt: skip


def test_the_letters_that_change_are_marked_in_each_source(house: House) -> None:
    dossier = opened(house, prenoms="YVONNE MARIE ANNA")
    asked(house, dossier)
    held = typed(house, last(dossier))
    row = next(one for one in rows_of(sources_of(held)) if one.word)
    assert [part.text for part in row.base if part.marked] == ["A"]
    assert row.document == row.insi
    assert [part.text for part in row.insi or () if part.marked] == ["E"]
    assert "La pièce et INSi s’accordent." in row.reading


def test_deciding_elsewhere_closes_it_too(house: House) -> None:
    dossier = opened(house, prenoms="YVONNE")
    set_aside_insi_search(search=asked(house, dossier), actor=house.referent)
    assert last(dossier).decision == Decision.SET_ASIDE
    asked(house, dossier)
    mark_identity(
        dossier=dossier, attribute=Attribute.DOUTEUSE, held=True, reason="Doute", actor=house.referent
    )
    assert last(dossier).decision == Decision.DOUBTFUL


def acts(held: Discrepancy, actor: Actor, reason: str = "x") -> list[Callable[[], object]]:
    return [
        lambda: correct_base(discrepancy=held, reason=reason, actor=actor),
        lambda: take_insi(discrepancy=held, reason=reason, actor=actor),
        lambda: set_aside(discrepancy=held, reason=reason, actor=actor),
        lambda: declare_doubtful(discrepancy=held, reason=reason, actor=actor),
    ]


def test_rights_reason_and_a_second_decision(house: House, stranger: Actor) -> None:
    dossier = opened(house, prenoms="YVONNE")
    asked(house, dossier)
    held = last(dossier)
    for act in acts(held, stranger):
        with pytest.raises(OutOfScope):
            act()
    for act in acts(held, house.actor):
        with pytest.raises(NotAllowed):
            act()
    for act in acts(held, house.referent, reason="  "):
        with pytest.raises(ReasonMissing):
            act()
    set_aside(discrepancy=held, reason="Vu", actor=house.referent)
    for act in acts(held, house.referent):
        with pytest.raises(DiscrepancySettled):
            act()
    with pytest.raises(DiscrepancySettled):
        read_document(
            discrepancy=held, traits=held.identity.traits, device="CN",
            seen_on=today() - datetime.timedelta(days=1), actor=house.referent,
        )  # fmt: skip
    assert identity_of(dossier).status is Status.PROVISOIRE
