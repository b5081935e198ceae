"""What already happened when the demonstration opens, played for real against the sandbox.

Each story is played once (a dossier that has begun its story is left alone), by the services and the outbox:
what the screens show is what the sandbox received.
"""

from __future__ import annotations

import datetime

from amarre.cast import CastUsager
from amarre.cast.usagers import usager
from amarre.dui.accounts.models import User
from amarre.dui.core.clock import today
from amarre.dui.demo.seeding.people import actor_of
from amarre.dui.demo.seeding.usagers import traits_on_card
from amarre.dui.exchanges.worker import drain
from amarre.dui.projet_personnalise.models import ProjetPersonnalise
from amarre.dui.projet_personnalise.services.validate_projet import validate_projet
from amarre.dui.projet_personnalise.services.write_projet import ObjectiveText, ProjetText, write_projet
from amarre.dui.usagers.models import Discrepancy, DmpInformation, Dossier, InsiSearch
from amarre.dui.usagers.services.decide_insi_search import accept_insi_search
from amarre.dui.usagers.services.record_dmp_information import record_dmp_information
from amarre.dui.usagers.services.record_evidence import record_evidence
from amarre.dui.usagers.services.request_insi_search import request_insi_search
from amarre.dui.usagers.services.settle_discrepancy import read_document

Dossiers = dict[tuple[str, str], Dossier]
Staff = dict[str, User]

# Qualified: identity card seen, INSi asked and accepted.
QUALIFIED = (
    ("catarina-tchitchi", "ehpad"),
    ("germaine-ollivier", "ehpad"),
    ("marie-therese-quere", "domicile"),
    ("pierre-abgrall", "domicile"),
    ("michelangelo-nessi", "ime"),
    ("lucas-berthelot", "ime"),
    ("toussaint-adrtrois", "pjm"),
)
# Card seen, INSi not asked yet.
VALIDATED = (("rene-caradec", "ehpad"), ("ines-haddad", "ime"), ("denise-pochard", "pjm"))
# INSi answered an identity to compare.
TO_DECIDE = (("pierre-alain-ecetinsi", "ime"),)
# INSi found nobody under the name the old base spells otherwise; the card, read after, says the right one.
MISSPELT = (("odette-lefevre", "ehpad"),)
AUTHORS = {"domicile": "loic-bremond", "ehpad": "nadege-le-goff", "ime": "karim-benali"}


def seed_stories(dossiers: Dossiers, staff: Staff) -> None:
    """Play the stories that have not begun."""
    referent = staff["maud-keravel"]
    for key in (*QUALIFIED, *VALIDATED, *TO_DECIDE, *MISSPELT):
        _begin(dossiers[key], referent, sees_card=key not in MISSPELT, asks_insi=key not in VALIDATED)
    drain()
    for key in MISSPELT:
        _read_card(dossiers[key], usager(key[0]), referent)
    for key in QUALIFIED:
        _accept(dossiers[key], referent)
    _write_projet(dossiers["marie-therese-quere", "domicile"], staff[AUTHORS["domicile"]])


def _begin(dossier: Dossier, referent: User, *, sees_card: bool, asks_insi: bool) -> None:
    actor = actor_of(referent, dossier.essms)
    if dossier.identity.evidence.exists() or dossier.identity.insi_searches.exists():
        return
    if sees_card:
        record_evidence(dossier=dossier, device="CN", seen_on=today(), actor=actor)
    if asks_insi:
        request_insi_search(dossier=dossier, actor=actor)


def _read_card(dossier: Dossier, person: CastUsager, referent: User) -> None:
    held = dossier.identity.discrepancies.filter(state=Discrepancy.State.OPEN, document={}).first()
    if held is not None:
        read_document(
            discrepancy=held,
            traits=traits_on_card(person),
            device="CN",
            seen_on=today(),
            actor=actor_of(referent, dossier.essms),
        )


def _accept(dossier: Dossier, referent: User) -> None:
    search = dossier.insi_searches.filter(outcome=InsiSearch.Outcome.FOUND, decision="").first()
    if search is not None:
        accept_insi_search(search=search, actor=actor_of(referent, dossier.essms))


def _write_projet(dossier: Dossier, author: User) -> None:
    if dossier.projets.exists():
        return
    actor = actor_of(author, dossier.essms)
    text = ProjetText(
        expectations="« Rester chez moi, voir ma sœur, et continuer à jardiner. »",
        context="Vit seule dans une maison de plain-pied. Une aide à domicile passe chaque matin.",
        starts_on=today(),
        review_on=today() + datetime.timedelta(days=182),
        agreement=ProjetPersonnalise.Agreement.ACCORD,
        agreed_on=today(),
        objectives=(
            ObjectiveText(
                "Garder l'équilibre", "Marche accompagnée, trois fois par semaine.", "Fatou Diallo"
            ),
            ObjectiveText("Voir sa sœur chaque mois", "Réserver le transport adapté.", "Sylvie Morvan"),
        ),
    )
    record_dmp_information(
        dossier=dossier,
        decision=DmpInformation.Decision.NON_OPPOSITION,
        informed_on=today(),
        actor=actor,
    )
    dossier.refresh_from_db()
    validate_projet(projet=write_projet(dossier=dossier, text=text, actor=actor), actor=actor)
