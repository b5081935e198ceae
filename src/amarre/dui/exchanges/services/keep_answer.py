"""Keep what a service answered with the exchange it answers, in the transaction of its settlement."""

from __future__ import annotations

import hashlib

from amarre.dui.exchanges.models import Exchange, ExchangePart

ANSWER = "answer"


def keep_answer(exchange: Exchange, data: bytes) -> str:
    """Keep the bytes of the answer that ended `exchange`; return their SHA-256 in hexadecimal.

    In the database: the state « accepté » and its proof are written by one commit, or neither is. An exchange
    that ends twice (its row went back to what it was before, as after a restored backup) keeps the last.
    """
    digest = hashlib.sha256(data).hexdigest()
    ExchangePart.objects.bulk_create(
        [ExchangePart(exchange=exchange, name=ANSWER, data=data, sha256=digest)],
        update_conflicts=True,
        unique_fields=["exchange", "name"],
        update_fields=["data", "sha256"],
    )
    return digest
