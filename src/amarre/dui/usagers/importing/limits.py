"""How much a list may weigh. Beyond, the file is refused whole, with its reason."""

from __future__ import annotations

MAX_BYTES = 5 * 1024 * 1024
MAX_LINES = 5_000
MAX_COLUMNS = 200
# A cell longer than this holds no name, no date and no place.
MAX_CELL = 500
# Cells of a workbook, blank ones included: a full list of 5,000 lines has 20 to 60 columns.
MAX_CELLS = 1_000_000
# Title lines may stand above the headings.
HEADER_SEARCH_LINES = 30

# A workbook is an archive: what it declares once unpacked, and what the process reading it may use.
MAX_PARTS = 500
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
READER_MEMORY_BYTES = 1024 * 1024 * 1024
READER_CPU_SECONDS = 20
READER_WALL_SECONDS = 30
