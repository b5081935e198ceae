"""`python -m amarre.dui <command>`: Django's commands of the record (demonstration settings by default)."""

from __future__ import annotations

import os
import sys


def main(arguments: list[str] | None = None) -> None:
    """Run one Django command; `arguments` are those after the program name (default: sys.argv)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amarre.dui.config.settings.demo")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["amarre manage", *(sys.argv[1:] if arguments is None else arguments)])


if __name__ == "__main__":
    main()
