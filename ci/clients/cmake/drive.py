"""Configures, builds and tests the project beside this file; prints what does not depend on time."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
GENERATOR = "Ninja" if shutil.which("ninja") else "Unix Makefiles"


def run(*argv: str, code: int = 0) -> str:
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    sys.stderr.write(f"$ {' '.join(argv)}\n{done.stdout}")
    if done.returncode != code:
        sys.exit(f"error: {argv[0]} exited with {done.returncode}, not {code}")
    return done.stdout


def configure() -> str:
    shutil.copytree(HERE / "project", "project")
    (Path("project") / "moc.sh").chmod(0o755)
    return run("cmake", "-G", GENERATOR, "-S", "project", "-B", "build", "-Wno-dev", "-DCMAKE_BUILD_TYPE=Debug")


def show_configure() -> None:
    for line in configure().splitlines():
        if line.startswith("-- say: "):
            print(line.removeprefix("-- say: "))
    for name in ("link", "hard"):
        path = Path("build") / name
        print(name, path.is_symlink(), path.read_text().strip())


def show_build() -> None:
    configure()
    run("cmake", "--build", "build", "--parallel", "4")
    print(run("build/hello").strip())
    generated = sorted(p.name for p in Path("build").rglob("moc_*.cpp"))
    print(len(generated), *generated)
    # A touched header is processed again; nothing else is.
    header = Path("project/object_3.h")
    stamp = header.stat().st_mtime_ns + 2_000_000_000
    os.utime(header, ns=(stamp, stamp))
    Path("moc.log").unlink()
    run("cmake", "--build", "build", "--parallel", "4")
    print(Path("moc.log").read_text().strip())
    listing = run("cmake", "-E", "tar", "cf", "all.tar", "project/CMakeLists.txt", "build/hello")
    print(run("cmake", "-E", "tar", "tf", "all.tar").split(), listing)


def show_ctest() -> None:
    configure()
    run("cmake", "--build", "build", "--parallel", "4")
    said = run("ctest", "--test-dir", "build", "-j", "8", "-LE", "slow", "--output-on-failure", code=8)
    summary(said)
    said = run("ctest", "--test-dir", "build", "-R", "^much", "-V", "-j", "3")
    print(said.count("a line of much output"), "lines and", said.count("and the end of it"), "ends")
    # One at a time, by name; and the ones that failed, again.
    summary(run("ctest", "--test-dir", "build", "-R", "^quick-1", "-V"))
    summary(run("ctest", "--test-dir", "build", "--rerun-failed", "-j", "2", code=8))
    print(Path("build/lock.log").read_text().count("held alone"))


def show_timeout() -> None:
    configure()
    run("cmake", "--build", "build", "--parallel", "4")
    summary(run("ctest", "--test-dir", "build", "-j", "4", "-L", "slow", code=8))
    print(run("ctest", "--test-dir", "build", "-N").count("Test  #") > 0)


def summary(said: str) -> None:
    """The result of each test, by name."""
    rows = re.findall(r"Test +#\d+: (\S+) [.*]*(.*?) +[\d.]+ sec", said)
    print(*sorted(" ".join((name, result.strip(". *"))) for name, result in rows), sep="\n")
    print(*re.findall(r"\d+% tests passed, .*", said))


{"configure": show_configure, "build": show_build, "ctest": show_ctest, "timeout": show_timeout}[sys.argv[1]]()
