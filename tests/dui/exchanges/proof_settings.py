"""Settings of the workers that are killed: those of the tests, where a milestone may stop the process."""

from __future__ import annotations

import os
from pathlib import Path

from amarre.dui.config.settings.test import *  # noqa: F403

AMARRE_FAULT_INJECTION = True
MEDIA_ROOT = Path(os.environ["AMARRE_PROOF_DOCUMENTS"])
