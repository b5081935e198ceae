"""Verify the chains: name the first broken link of each, and count what is not sealed yet."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from amarre.dui.audit.models import Seal, Trace
from amarre.dui.audit.services.seal import FIRST, digest


@dataclass(frozen=True, slots=True)
class Break:
    """The first link of a chain that does not hold."""

    chain: int
    number: int
    trace_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Verification:
    """Result: links read, first break of each chain, unsealed lines, heads (chain → number, digest)."""

    links: int
    breaks: list[Break]
    unsealed: int
    oldest_unsealed_id: int | None
    heads: dict[int, tuple[int, str]]

    @property
    def intact(self) -> bool:
        """Say whether every chain holds."""
        return not self.breaks


def verify(anchors: Mapping[int, tuple[int, str]] | None = None) -> Verification:
    """Read every chain from its first link.

    `anchors` are heads noted earlier, away from this database (chain → number, digest): they reveal an end
    cut off with its seals, which the chain alone cannot.
    """
    links, breaks, heads = 0, [], {}
    chains = set(Seal.objects.order_by().values_list("chain", flat=True).distinct()) | set(anchors or {})
    for chain in sorted(chains):
        read, found, head = _verify_chain(chain, (anchors or {}).get(chain))
        links += read
        if found:
            breaks.append(found)
        if head:
            heads[chain] = head
    unsealed = Trace.objects.filter(seal__isnull=True).order_by("pk")
    oldest = unsealed.values_list("pk", flat=True).first()
    return Verification(links, breaks, unsealed.count(), oldest, heads)


def _verify_chain(
    chain: int, anchor: tuple[int, str] | None
) -> tuple[int, Break | None, tuple[int, str] | None]:
    previous, number, anchored = FIRST, 0, anchor is None
    for seal in Seal.objects.filter(chain=chain).select_related("trace").order_by("number").iterator():
        if seal.number != number + 1:
            return number, Break(chain, number + 1, None, "maillon absent"), None
        number = seal.number
        if (seal.trace.essms_id or 0) != chain:
            return number, Break(chain, number, seal.trace_id, "trace d’un autre établissement"), None
        if not hmac.compare_digest(seal.digest, digest(previous, chain, number, seal.trace)):
            return number, Break(chain, number, seal.trace_id, "contenu modifié"), None
        previous = seal.digest
        if anchor is not None and anchor[0] == number:
            anchored = hmac.compare_digest(anchor[1], previous)
    if not anchored and anchor is not None:
        return number, Break(chain, anchor[0], None, "fin de chaîne différente de l’ancre"), None
    return number, None, (number, previous) if number else None
