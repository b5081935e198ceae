"""Which calls left, by the name of their transaction: what a page must never make."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from amarre.interop.transport.http import TlsHttpTransport


@dataclass(slots=True)
class Watch:
    """The calls, in order (``dmp-td0.2``, ``dmp-td2.1``…)."""

    calls: list[str] = field(default_factory=list)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    seen = Watch()
    really = TlsHttpTransport.send

    def send(self: TlsHttpTransport, request: Any, *rest: Any, **options: Any) -> Any:
        seen.calls.append(request.label)
        return really(self, request, *rest, **options)

    monkeypatch.setattr(TlsHttpTransport, "send", send)
    return seen
