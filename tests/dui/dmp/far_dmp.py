"""What happens at the DMP without us: a document hidden (another entryUUID), or lost."""

from __future__ import annotations

import json

from tests.dui.connected import House

SERVICE = "dmp"


def renumber(house: House, unique_id: str, entry_uuid: str) -> None:
    """Give another entryUUID to a document, as hiding or showing it does (TD3.3a)."""
    assert house.sandbox is not None
    store = house.sandbox.store
    old = store.get(SERVICE, f"unique/{unique_id}")
    assert old is not None
    name = old.decode()
    entry = json.loads(store.get(SERVICE, f"entry/{name}") or b"")
    body = (store.get(SERVICE, f"object/{name}") or b"").replace(name.encode(), entry_uuid.encode())
    store.put(SERVICE, f"entry/{name}", json.dumps(entry | {"current": False}).encode())
    store.put(SERVICE, f"entry/{entry_uuid}", json.dumps(entry | {"entry_uuid": entry_uuid}).encode())
    store.put(SERVICE, f"object/{entry_uuid}", body)
    store.put(SERVICE, f"unique/{unique_id}", entry_uuid.encode())


def forget(house: House, unique_id: str) -> None:
    """Lose a document."""
    assert house.sandbox is not None
    store = house.sandbox.store
    name = (store.get(SERVICE, f"unique/{unique_id}") or b"").decode()
    for key in (f"unique/{unique_id}", f"entry/{name}", f"object/{name}", f"document/{unique_id}"):
        store.delete(SERVICE, key)
