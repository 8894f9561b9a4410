"""``python -m bitten_apps.cli``."""

from __future__ import annotations

import sys

from bitten_apps.cli.main import main

__all__: list[str] = []

sys.exit(main())
