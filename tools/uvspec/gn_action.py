"""What the build runs to generate files: `gn_action.py WHAT …`, one WHAT for each generator.

Thin on purpose: it calls the generator, then writes a depfile that names everything that was read (the
specification's files and folders, and every module of this package that took part), so that the build
runs it again when, and only when, one of them changes. Generators leave unchanged files alone.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOOLS))

from uvspec import paths  # noqa: E402
from uvspec.errors import Problem, SpecError  # noqa: E402
from uvspec.model import At  # noqa: E402


def generate_spec(args: argparse.Namespace) -> list[Path]:
    """spec/ to spec.json. Returns what was read."""
    from uvspec import load, spec_json, write

    write.write_if_changed(args.out, spec_json.dumps(load.load_spec(paths.ROOT)))
    read: list[Path] = []
    # Folders too: a new file changes its folder's time.
    for folder, _, names in os.walk(paths.SPEC):
        read.append(Path(folder))
        read += [Path(folder, n) for n in names]
    return sorted(read)


def generate_version_script(args: argparse.Namespace) -> list[Path]:
    """spec.json to the linker's list of exported symbols."""
    from uvspec import spec_json, write
    from uvspec.gen import version_script

    functions = spec_json.read(args.spec).functions
    write.write_if_changed(args.out, version_script.generate(functions))
    return [args.spec]


def generate_stub(args: argparse.Namespace) -> list[Path]:
    """spec.json to a C file with every function of the API, empty, to link programs with."""
    from uvspec import spec_json, write
    from uvspec.gen import stub

    write.write_if_changed(args.out, stub.generate(spec_json.read(args.spec).functions))
    return [args.spec]


def generate_abi_asserts(args: argparse.Namespace) -> list[Path]:
    """spec.json to the C file whose compilation compares the headers with a measured ABI."""
    from uvspec import spec_json, write
    from uvspec.gen import abi_asserts

    write.write_if_changed(args.out, abi_asserts.generate(spec_json.read(args.spec).abi[args.abi]))
    return [args.spec]


def generate_suite(args: argparse.Namespace) -> list[Path]:
    """spec.json to the suite's C files and tests.json."""
    from uvspec import spec_json
    from uvspec.gen import suite

    if sorted(spec_json.read(args.spec).modules) != sorted(args.modules):
        at = At("spec/modules.gni", 1)
        raise SpecError([Problem(at, "", "does not name the folders in spec/modules; run `./uvspec gen`")])
    args.out_dir.mkdir(parents=True, exist_ok=True)
    if not args.lacking:
        suite.write(args.spec, args.out_dir)
        return [args.spec]
    suite.write(args.spec, args.out_dir, json.loads(args.lacking.read_text(encoding="utf-8")))
    return [args.spec, args.lacking]


def write_depfile(depfile: Path, target: Path, read: list[Path]) -> None:
    """A Makefile rule: `target` depends on all that was read and on this package's own modules."""
    for module in list(sys.modules.values()):
        source = getattr(module, "__file__", None)
        if source and Path(source).is_relative_to(TOOLS):
            read.append(Path(source))
    read += (TOOLS / "uvspec").glob("**/templates/*")
    names = sorted({_escape(os.path.relpath(p)) for p in read})
    depfile.parent.mkdir(parents=True, exist_ok=True)
    depfile.write_text(_escape(str(target)) + ": \\\n  " + " \\\n  ".join(names) + "\n")


def _escape(path: str) -> str:
    return path.replace(" ", "\\ ")


def main() -> int:
    parser = argparse.ArgumentParser(description="Generate one kind of file; called by the build.")
    kinds = parser.add_subparsers(dest="what", required=True)
    for what, generator, flags in (
        ("spec", generate_spec, ("out",)),
        ("version_script", generate_version_script, ("spec", "out")),
        ("stub", generate_stub, ("spec", "out")),
        ("abi_asserts", generate_abi_asserts, ("spec", "out")),
        ("suite", generate_suite, ("spec", "out-dir", "target")),
    ):
        kind = kinds.add_parser(what, help=generator.__doc__)
        for flag in (*flags, "depfile"):
            kind.add_argument(f"--{flag}", type=Path, required=True)
        kind.add_argument("--modules", nargs="*", default=[], help="the modules that the build expects")
        kind.add_argument("--lacking", type=Path, help="source mode: a JSON list of names that the headers lack")
        kind.add_argument("--abi", help="the target whose measured ABI is meant")
        kind.set_defaults(generate=generator)
    args = parser.parse_args()
    try:
        read = args.generate(args)
    except SpecError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{args.what}: {error}", file=sys.stderr)
        return 1
    write_depfile(args.depfile, getattr(args, "target", None) or args.out, read)
    return 0


if __name__ == "__main__":
    sys.exit(main())
