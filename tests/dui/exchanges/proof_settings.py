"""Settings of the workers that are killed: those of the tests, where a milestone may stop the process."""

from __future__ import annotations

import os
from pathlib import Path

from amarre.dui.config.settings.test import *  # noqa: F403
from amarre.interop.clients import dmp
from amarre.interop.transport.http import Deadlines

AMARRE_FAULT_INJECTION = True
MEDIA_ROOT = Path(os.environ["AMARRE_PROOF_DOCUMENTS"])
# Answers that come too late are played in proportion: hundreds of them are waited for.
if patience := os.environ.get("AMARRE_PROOF_PATIENCE", ""):
    dmp.DEPOSIT_DEADLINES = Deadlines(connect=3.0, first_byte=float(patience), whole=5.0)
