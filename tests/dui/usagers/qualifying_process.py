"""One person at one desk: waits for the signal, then accepts an answer of INSi or records a document.

python -m tests.dui.usagers.qualifying_process ACT SEARCH USER ESSMS GATE
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import django


def main(act: str, search_id: int, user_id: int, essms_id: int, gate: Path) -> str:
    """Play one act; return « done » or the name of the refusal."""
    django.setup()
    from amarre.dui.access.scope import system_scope
    from amarre.dui.accounts.models import User
    from amarre.dui.core.clock import today
    from amarre.dui.organisations.models import Essms
    from amarre.dui.usagers.models import InsiSearch
    from amarre.dui.usagers.services.decide_insi_search import accept_insi_search
    from amarre.dui.usagers.services.record_evidence import record_evidence
    from amarre.interop.common.errors import AmarreError
    from tests.dui import factories

    with system_scope("test"):
        search = InsiSearch.objects.select_related("dossier__essms", "identity").get(pk=search_id)
        actor = factories.actor_for(User.objects.get(pk=user_id), Essms.objects.get(pk=essms_id))
    print("ready", flush=True)
    while not gate.exists():
        time.sleep(0.001)
    try:
        if act == "accept":
            accept_insi_search(search=search, actor=actor)
        else:
            record_evidence(dossier=search.dossier, device="CN", seen_on=today(), actor=actor)
    except AmarreError as error:
        return type(error).__name__
    return "done"


if __name__ == "__main__":
    _, given_act, *ids, given_gate = sys.argv
    search, user, essms = map(int, ids)
    print(main(given_act, search, user, essms, Path(given_gate)))
