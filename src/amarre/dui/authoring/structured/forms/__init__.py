"""How the structured blocks are typed. Importing this package declares their forms."""

from __future__ import annotations

from amarre.dui.authoring import block_forms
from amarre.dui.authoring.structured import KINDS
from amarre.dui.authoring.structured.forms.lines_form import LinesForm
from amarre.dui.authoring.structured.forms.questions_form import AutonomyForm, DirectivesForm
from amarre.dui.authoring.structured.forms.simple_forms import (
    HospitalForm,
    MeasuresForm,
    PhysicianForm,
    StayForm,
)
from amarre.dui.authoring.structured.lines import LinesKind
from amarre.dui.authoring.structured.measures import Measures
from amarre.dui.authoring.structured.people import Contacts, PreferredHospital, TreatingPhysician
from amarre.dui.authoring.structured.questions import Autonomy, Directives
from amarre.dui.authoring.structured.stay import Stay

for _kind in KINDS:
    if isinstance(_kind, LinesKind | Contacts):
        block_forms.register(_kind.name, LinesForm)
block_forms.register(Autonomy.name, AutonomyForm)
block_forms.register(Directives.name, DirectivesForm)
block_forms.register(Measures.name, MeasuresForm)
block_forms.register(Stay.name, StayForm)
block_forms.register(TreatingPhysician.name, PhysicianForm)
block_forms.register(PreferredHospital.name, HospitalForm)
