"""`uvspec mutate`: seeds bugs into the reference and counts which the suite notices."""

from __future__ import annotations

import argparse

HELP = "seed bugs into the reference and see which tests notice"
DESCRIPTION = """\
Coverage is earned: a clause counts when a seeded bug that breaks it turns a test red. This builds the
reference with one bug at a time, runs the suite, and tells which bugs survive.
"""
EXAMPLES = """\
  ./uvspec mutate --quick   a few bugs, as CI does
  ./uvspec mutate           all of them
  ./uvspec mutate --help    the rest of its options
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    import importlib.util

    if importlib.util.find_spec("uvspec.mutate"):
        from .. import mutate

        mutate.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    from .. import mutate

    return mutate.run(args)
