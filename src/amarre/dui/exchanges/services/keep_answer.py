"""Keep what a service answered with the exchange it answers, in the transaction of its settlement."""

from __future__ import annotations

import hashlib

from amarre.dui.exchanges.models import Exchange, ExchangePart

ANSWER = "answer"


def keep_answer(exchange: Exchange, data: bytes) -> str:
    """Keep the bytes of the answer that ended `exchange`; return their SHA-256 in hexadecimal.

    In the database: the state « accepté » and its proof are written by one commit, or neither is.
    """
    digest = hashlib.sha256(data).hexdigest()
    ExchangePart(exchange=exchange, name=ANSWER, data=data, sha256=digest).save(force_insert=True)
    return digest
