"""History of the INS of an identity."""

from __future__ import annotations

import pytest

from amarre.interop.ins import FormerIns, Ins, InsHistory, compute_key, ins_oid, matricule_received

NIR, NIA = ins_oid("1.2.250.1.213.1.4.8"), ins_oid("1.2.250.1.213.1.4.9")


def ins(base: str, oid: object = NIR) -> Ins:
    return Ins(matricule_received(base, compute_key(base))[0], oid)  # type: ignore[arg-type]


@pytest.mark.req("GI-INS EXI REC 08")
def test_from_nia_to_nir_keeps_the_nia() -> None:
    nia, nir = ins("1090763220888", NIA), ins("1090763220834")
    history = InsHistory().received(nia, ()).received(nir, ())
    assert history.active == nir
    assert history.former == (FormerIns(nia),)
    assert history.knows(nia.matricule)
    assert history.knows(nir.matricule)


def test_an_entry_equal_to_the_active_ins_is_not_a_former_one() -> None:
    active = ins("180032B020401")
    assert InsHistory().received(active, (FormerIns(active),)).former == ()


def test_receiving_twice_changes_nothing() -> None:
    active, old = ins("1090763220834"), FormerIns(ins("2090763220834"), "2019-03-01", "2019-02-28")
    once = InsHistory().received(active, (old,))
    assert once.received(active, (old,)) == once


def test_an_invalidated_ins_is_remembered() -> None:
    active = ins("1090763220834")
    history = InsHistory().received(active, ()).invalidated()
    assert history.active is None
    assert history.knows(active.matricule)
    assert history.invalidated() == history
    assert not history.knows(ins("2841263220999").matricule)
