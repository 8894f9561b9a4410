"""Write docs/reference/access.md and the golden matrix of the tests: who may do what, as the table says now."""

from __future__ import annotations

from pathlib import Path

from bitten_domain.membership.access import access_page, matrix_lines

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/reference/access.md"
MATRIX = ROOT / "tests/unit/membership/golden/access_matrix.txt"


def main() -> None:
    """Write both; whoever runs this reads the difference before committing it."""
    PAGE.write_text(access_page(), encoding="utf-8")
    MATRIX.parent.mkdir(exist_ok=True)
    MATRIX.write_text("\n".join(matrix_lines()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
