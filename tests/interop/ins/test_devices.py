"""The proposed list of high-trust devices."""

from __future__ import annotations

import pytest

from amarre.interop.ins import DEVICES, Situation, device


@pytest.mark.req("GI-INS EXI ID 19")
def test_codes_are_unique_and_sourced() -> None:
    assert len({item.code for item in DEVICES}) == len(DEVICES)
    assert all(item.source and item.label for item in DEVICES)


def test_a_special_case_says_what_comes_with_it() -> None:
    passport, booklet = device("PA"), device("LEP")
    assert passport is not None
    assert booklet is not None
    assert (passport.situation, passport.together_with) == (Situation.ALWAYS, "")
    assert booklet.situation is Situation.MINOR
    assert "parent" in booklet.together_with
    assert device("PC") is None
