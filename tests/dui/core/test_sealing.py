"""Bytes sealed by the installation's secret and a token of their own."""

from __future__ import annotations

from typing import Any

import pytest

from amarre.dui.core.sealing import SealBroken, new_token, seal, unseal

TOKEN = new_token()
CLEAR = b"une carte"


def opened(sealed: bytes, **changes: Any) -> bytes:
    return unseal(sealed, **{"token": TOKEN, "purpose": b"test", "owner": b"1", **changes})


def test_the_right_token_purpose_and_owner_open() -> None:
    sealed = seal(CLEAR, token=TOKEN, purpose=b"test", owner=b"1")
    assert CLEAR not in sealed
    assert sealed != seal(CLEAR, token=TOKEN, purpose=b"test", owner=b"1")
    assert opened(sealed) == CLEAR


@pytest.mark.parametrize(
    "changes",
    [{"token": new_token()}, {"purpose": b"other"}, {"owner": b"2"}],
    ids=["token", "purpose", "owner"],
)
def test_anything_else_does_not(changes: dict[str, Any]) -> None:
    with pytest.raises(SealBroken):
        opened(seal(CLEAR, token=TOKEN, purpose=b"test", owner=b"1"), **changes)


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: b"", lambda data: data + b"x"])
def test_changed_bytes_do_not(change: Any) -> None:
    with pytest.raises(SealBroken):
        opened(change(seal(CLEAR, token=TOKEN, purpose=b"test", owner=b"1")))


def test_another_installation_does_not(settings: Any) -> None:
    sealed = seal(CLEAR, token=TOKEN, purpose=b"test", owner=b"1")
    former = settings.SECRET_KEY
    settings.SECRET_KEY = "z" * 50
    with pytest.raises(SealBroken):
        opened(sealed)
    settings.SECRET_KEY_FALLBACKS = [former]
    assert opened(sealed) == CLEAR
