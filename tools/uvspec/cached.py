"""The loaded specification, remembered between commands.

Checking every file against its schema takes seconds, and `list` or `show` should answer at once. The
memory is one file in the build folder, valid as long as no file of the specification or of this package
has another time or size; whatever is wrong with it, the specification is loaded as if it were not there.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from pathlib import Path

from . import paths
from .load import load_spec
from .model import Spec
from .write import write_atomically


def load_remembered() -> Spec:
    """As `load_spec(paths.ROOT)`, and raises the same."""
    memory = paths.out_dir() / "cache" / "spec.pickle"
    key = _key()
    try:
        known, remembered = pickle.loads(memory.read_bytes())
        if known == key:
            spec: Spec = remembered
            return spec
    except Exception:  # none, half of one, or one of another version: it only saves time
        pass
    spec = load_spec(paths.ROOT)
    try:
        write_atomically(memory, pickle.dumps((key, spec)))
    except OSError:
        pass  # a full disk or a foreign folder costs time, nothing else
    return spec


def _key() -> str:
    """Changes when a file is changed, added or removed."""
    digest = hashlib.sha256()
    for folder in (paths.ROOT / "spec", Path(__file__).parent):
        for where, _, names in sorted(os.walk(folder)):
            for name in sorted(names):
                if name.endswith((".yaml", ".json", ".md", ".py")):
                    stat = os.stat(os.path.join(where, name))
                    digest.update(f"{where}/{name} {stat.st_mtime_ns} {stat.st_size}\n".encode())
    return digest.hexdigest()
