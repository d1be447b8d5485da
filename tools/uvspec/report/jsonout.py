"""The results as JSON: the format other tools read; see run/results.py."""

from __future__ import annotations

import json

from ..run.results import Run, to_json


def render(run: Run) -> str:
    return json.dumps(to_json(run), indent=1, ensure_ascii=False) + "\n"
