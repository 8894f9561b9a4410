"""Read the content of education critically: print each fault with its file and line, and fail when there is one.

python tools/lint_lessons.py [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path

from bitten_adapters.files.education.content_lint import lint_content
from bitten_adapters.files.education.syllabus_files import CONTENT


def main(arguments: list[str]) -> int:
    """Lint a folder, the project's own without one."""
    folder = Path(arguments[0]) if arguments else CONTENT
    faults = lint_content(folder, project=Path(__file__).parents[1])
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
