"""What the person answered about their DMP, as it counts today.

Sources: CSP L1111-17 and R1111-26 and following (information, opposition); Conseil d'État, 15/10/2025 (an
initial agreement to the opening of the DMP to the team is needed besides the absence of opposition).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from amarre.dui.usagers.models import DmpInformation, Dossier


class TeamAgreement(StrEnum):
    """May the team open the DMP of this person?"""

    GIVEN = "accord"
    REFUSED = "refus"
    OPPOSED = "opposition"
    NOT_ASKED = "a_demander"
    NOT_INFORMED = "non_informee"

    @property
    def allows_reading(self) -> bool:
        """Say whether the DMP may be opened: only an agreement does."""
        return self is TeamAgreement.GIVEN


@dataclass(frozen=True, slots=True)
class Answer:
    """The agreement and the row it comes from (None when nothing was noted)."""

    agreement: TeamAgreement
    row: DmpInformation | None


def team_agreement(dossier: Dossier) -> Answer:
    """Return what counts for reading. An opposition closes everything; once it is lifted, ask again."""
    # Newest first by the model's own order; a page that already read them all is not read again.
    rows = list(dossier.dmp_information.all())
    if not rows:
        return Answer(TeamAgreement.NOT_INFORMED, None)
    if rows[0].decision == DmpInformation.Decision.OPPOSITION:
        return Answer(TeamAgreement.OPPOSED, rows[0])
    for row in rows:
        if row.decision == DmpInformation.Decision.OPPOSITION:
            break
        if row.access == DmpInformation.Access.AGREED:
            return Answer(TeamAgreement.GIVEN, row)
        if row.access == DmpInformation.Access.REFUSED:
            return Answer(TeamAgreement.REFUSED, row)
    return Answer(TeamAgreement.NOT_ASKED, rows[0])
