"""The templates of documents: data. One row per document an establishment writes.

Type codes come from JDV_J07-XdsTypeCode-CISIS, and from JDV_J66-TypeCode-DMP for those the DMP takes (ANS,
versions in `interop/terminology/data`); a test checks each. The projet personnalisé has its own context.

Why these codes, where several would do:
- 28653-4 « Document du secteur social / médico-social » is the type of what has no better one: a summary of a
  meeting, an educational report, a letter.
- 18761-7 is what goes with a person to the hospital (volet LDL-EES); 88348-8 what goes with them to another
  social or medico-social structure; 83981-1 what they leave ours with. 11490-0 (volet LDL-SES) is for the
  beds where people are cared for as in hospital (lits halte soins santé, lits d'accueil médicalisés).
- 60591-5 (volet IPS-FR 2024) has replaced SYNTH (volet VSM) for the volet de synthèse médicale.
"""

from __future__ import annotations

from amarre.dui.authoring.catalogue.bilans import BILANS
from amarre.dui.authoring.catalogue.courriers import COURRIERS
from amarre.dui.authoring.catalogue.liaison import LIAISON
from amarre.dui.authoring.catalogue.prescriptions import PRESCRIPTIONS
from amarre.dui.authoring.catalogue.template import CATALOGUE_VERSION, Family, Level, Template

__all__ = ["CATALOGUE_VERSION", "TEMPLATES", "Family", "Level", "Template", "find_template", "template_of"]

TEMPLATES: tuple[Template, ...] = (*BILANS, *LIAISON, *COURRIERS, *PRESCRIPTIONS)
_BY_KEY = {template.key: template for template in TEMPLATES}


def template_of(key: str) -> Template:
    """Return the template `key`. Raises KeyError."""
    return _BY_KEY[key]


def find_template(key: str) -> Template | None:
    """Return the template `key`, None when there is none."""
    return _BY_KEY.get(key)
