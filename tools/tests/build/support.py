"""What the tests of the build and the command line share."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def uvspec(*arguments: str, root: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the launcher as a person would, but lets it install nothing."""
    return subprocess.run(
        [str(root / "uvspec"), *arguments],
        env={**os.environ, "UVSPEC_NO_INSTALL": "1", **environment},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )
