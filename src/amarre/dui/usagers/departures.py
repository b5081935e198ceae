"""What already left the house about a dossier, said by the applications that send: documents, messages.

# in AppConfig.ready() of an upper app
departures.provide(departures_of_documents)
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable, Collection
from dataclasses import dataclass

from amarre.dui.usagers.importing.refused_file import safe_cell
from amarre.dui.web.dates import day, hour


@dataclass(frozen=True, slots=True)
class Departure:
    """One thing that left: when, what, to whom, under which reference, and what to do if it was wrong.

    `carried_ins`: it bore the matricule. `certain` is false while nobody knows whether it arrived.
    """

    at: datetime.datetime
    kind: str
    title: str
    destination: str
    reference: str
    carried_ins: bool
    certain: bool
    to_do: str
    url: str = ""


Provider = Callable[[Collection[int]], list[Departure]]
_providers: list[Provider] = []
HEADINGS = ("Le", "À", "Nature", "Quoi", "À qui", "Référence à citer", "Avec l’INS", "Arrivé", "À faire")


def provide(provider: Provider) -> None:
    """Add who can say what left; called from the `ready` of the application."""
    if provider not in _providers:
        _providers.append(provider)


def departures_of(dossier_ids: Collection[int]) -> list[Departure]:
    """Return everything that left about these dossiers, latest first."""
    found = [one for provider in _providers for one in provider(dossier_ids)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def departures_csv(rows: Collection[Departure]) -> bytes:
    """Return the list as CSV: UTF-8 with a mark, semicolons, CRLF, nothing that a spreadsheet computes."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for row in rows:
        cells = (
            day(row.at), hour(row.at), row.kind, row.title, row.destination, row.reference,
            "oui" if row.carried_ins else "non", "oui" if row.certain else "à vérifier", row.to_do,
        )  # fmt: skip
        writer.writerow([safe_cell(text) for text in cells])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8")
