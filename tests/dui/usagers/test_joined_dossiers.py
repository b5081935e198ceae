"""A dossier joined to another one is read; what is new is written in the one that goes on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import can
from amarre.dui.access.roles import MATRIX
from amarre.dui.access.scope import system_scope
from amarre.dui.core.clock import today
from amarre.dui.projet_personnalise.services.write_projet import write_projet
from amarre.dui.usagers.joined_dossiers import WRITING
from amarre.dui.usagers.models import Discrepancy, Dossier, DuplicatePair, IdentityMerge
from amarre.dui.usagers.services.merge_identities import merge_identities
from amarre.dui.usagers.services.note_recall import note_recall
from amarre.dui.usagers.services.record_dmp_information import record_dmp_information
from amarre.dui.usagers.services.record_evidence import record_evidence
from amarre.dui.usagers.services.request_insi_search import request_insi_search
from amarre.dui.usagers.services.settle_discrepancy import set_aside
from amarre.dui.usagers.services.unmerge_identities import unmerge_identities
from amarre.dui.usagers.services.update_traits import update_traits
from amarre.dui.usagers.vigilance_errors import DossierJoined
from amarre.interop.ins.status import Status
from tests.dui.conftest import ClientFor
from tests.dui.connected import House, identity_of, projet_text
from tests.dui.usagers.cases import asked, opened

pytestmark = pytest.mark.django_db


def joined(house: House) -> tuple[Dossier, Dossier, IdentityMerge]:
    """Return (the dossier that goes on, the one joined to it, their fusion)."""
    first, second = opened(house), opened(house, lieu_naissance="29232")
    return merged(house, first, second)


def merged(house: House, first: Dossier, second: Dossier) -> tuple[Dossier, Dossier, IdentityMerge]:
    with system_scope("test"):
        pair = DuplicatePair.objects.get()
        survivor = first.identity_id
    done = merge_identities(pair=pair, survivor_id=survivor, reason="Une personne", actor=house.referent)
    return house.reload(first), house.reload(second), done


def acts(house: House, dossier: Dossier) -> list[Callable[[], object]]:
    traits = identity_of(dossier).traits
    return [
        lambda: request_insi_search(dossier=dossier, actor=house.referent),
        lambda: record_evidence(dossier=dossier, device="CN", seen_on=today(), actor=house.referent),
        lambda: update_traits(
            dossier=dossier, traits=traits, lieu_libelle="x", reason="x", actor=house.referent
        ),
        lambda: note_recall(dossier=dossier, expected_on=None, note="x", actor=house.referent),
        lambda: write_projet(dossier=dossier, text=projet_text(), actor=house.actor),
        lambda: record_dmp_information(
            dossier=dossier, decision="opposition", informed_on=today(), actor=house.actor
        ),
    ]


def test_nothing_new_is_written_in_it(house: House) -> None:
    main, other, _ = joined(house)
    for act in acts(house, other):
        with pytest.raises(DossierJoined) as refused:
            act()
        assert main.number in refused.value.explanation().what
    for act in acts(house, main):
        act()


def test_every_right_that_writes_in_a_dossier_is_refused_and_no_other(house: House) -> None:
    _, other, _ = joined(house)
    held = {right for role in MATRIX.values() for right in role}
    assert held >= WRITING
    reading = {right for right in Permission if right.value.rpartition(".")[2] in ("lire", "suivre")}
    assert not WRITING & reading
    for actor in (house.actor, house.referent):
        for right in Permission:
            if right in WRITING:
                assert not can(actor, right, other), right
    assert can(house.actor, Permission.READ_PROJET, other)
    # What is already filed in it is still deposited, sent, withdrawn.
    assert can(house.actor, Permission.FEED_DMP, other)
    assert can(house.actor, Permission.SEND_MSSANTE, other)


def test_its_page_leads_to_the_other_one(house: House, client_for: ClientFor) -> None:
    main, other, _ = joined(house)
    client = client_for(house.maud)
    page = client.get(reverse("usagers:show_identity", args=[other.pk])).content.decode()
    assert reverse("usagers:show_dossier", args=[main.pk]) in page
    assert "Corriger les traits" not in page
    assert "Appeler INSi" not in page
    answer = client.post(reverse("usagers:request_insi", args=[other.pk]))
    assert answer.status_code == 409
    assert main.number in answer.content.decode()


def test_an_answer_asked_from_it_is_decided_from_the_other_one(house: House, client_for: ClientFor) -> None:
    """The survivor's own dossier may be the one that is joined: it had left."""
    first, second = opened(house), opened(house, lieu_naissance="29232")
    search = asked(house, first)
    first.left_on = today()
    first.save()
    _, _, _ = merged(house, first, second)
    assert house.reload(first).joined_to_id == second.pk
    page = client_for(house.maud).get(reverse("usagers:show_identity", args=[second.pk])).content.decode()
    url = reverse("usagers:decide_insi", args=[second.pk, search.pk])
    assert url in page
    client_for(house.maud).post(url, {"decision": "reprendre", "reason": "Pièce relue"})
    assert identity_of(house.reload(second)).status is Status.RECUPEREE


def test_a_discrepancy_opened_in_it_is_settled(house: House) -> None:
    first, second = opened(house, prenoms="YVONNE MARIE ANNA"), opened(house, lieu_naissance="29232")
    asked(house, first)
    first.left_on = today()
    first.save()
    merged(house, first, second)
    with system_scope("test"):
        held = Discrepancy.objects.select_related("dossier").get(state="ouvert")
    assert held.dossier.joined_to_id == second.pk
    set_aside(discrepancy=held, reason="Vu", actor=house.referent)
    assert not identity_of(house.reload(second)).discrepancies.filter(state="ouvert").exists()


def test_undoing_the_fusion_opens_it_again(house: House) -> None:
    _, other, merge = joined(house)
    unmerge_identities(merge=merge, reason="Deux personnes", actor=house.referent)
    other = house.reload(other)
    assert other.joined_to_id is None
    request_insi_search(dossier=other, actor=house.referent)
