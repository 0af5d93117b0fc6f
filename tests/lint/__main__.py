"""``python -m tests.lint``: the project's own rules over the whole checkout."""

import sys
from pathlib import Path

from tests.lint.rules import check_tree

findings = check_tree(Path(__file__).resolve().parents[2])
sys.stdout.writelines(f"{finding}\n" for finding in findings)
sys.stdout.write(f"own rules: {len(findings)} findings\n")
sys.exit(1 if findings else 0)
