"""`uvspec clients`, with programs of a few lines that load a library of a few lines."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from uvspec import deps, lanes
from uvspec.clients import command, fetch, report
from uvspec.clients.definitions import Client, read_client, read_clients
from uvspec.clients.fetch import NotThere, root_of
from uvspec.clients.relocate import relocated
from uvspec.exits import UsageError

COMPILER = shutil.which("gcc") or shutil.which("clang") or ""
pytestmark = pytest.mark.skipif(not COMPILER, reason="no C compiler")

LIBRARY = "const char *uv_version_string(void) { return \"%s\"; }\nint uv_answer(void) { return %d; }\n"
PROGRAM = "#include <stdio.h>\nint uv_answer(void);\nint main(void) { printf(\"%d\\n\", uv_answer()); return uv_answer() == 13; }\n"


def compile_library(folder: Path, answer: int) -> Path:
    folder.mkdir()
    source = folder / "library.c"
    source.write_text(LIBRARY % (folder.name, answer))
    library = folder / "libuv.so.1"
    subprocess.run([COMPILER, "-shared", "-fPIC", "-Wl,-soname,libuv.so.1", "-o", library, source], check=True)
    return library


def compile_program(folder: Path, library: Path, name: str, *options: str) -> Path:
    source = folder / f"{name}.c"
    source.write_text(PROGRAM)
    subprocess.run([COMPILER, "-o", folder / name, source, library, *options], check=True)
    return folder / name


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the libraries `base`, `same`, `other`, `bad` and the programs `asks` and `stubborn`."""
    folder = tmp_path_factory.mktemp("built")
    base = compile_library(folder / "base", 42)
    for name, answer in (("same", 42), ("other", 43), ("bad", 13)):
        compile_library(folder / name, answer)
    compile_program(folder, base, "asks")
    # An old kind of search path, which comes before the one in the environment.
    compile_program(folder, base, "stubborn", f"-Wl,--disable-new-dtags,-rpath,{base.parent}")
    return folder


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, built: Path) -> None:
    monkeypatch.setenv("UVSPEC_OUT", str(tmp_path / "out"))
    monkeypatch.setattr(deps, "find_system_libuv", lambda: str(built / "base" / "libuv.so.1"))


def client(folder: Path, *items: str, programs: str = '["asks"]', more: str = "") -> Client:
    """A client without packages, of items `NAME: COMMAND`."""
    text = f'what = "a test"\nprograms = {programs}\n{more}\n'
    for item in items:
        name, _, run = item.partition(": ")
        words = ", ".join(f'"{w}"' if not w.startswith("'") else w for w in run.split(" ", 2))
        text += f'[[item]]\nname = "{name}"\nwhat = "work"\nrun = [{words}]\nwatchdog_s = 3\n'
    (folder / "fake").mkdir()
    (folder / "fake" / "client.toml").write_text(text)
    return read_client(folder / "fake")


def verdict(tested: Client, library: Path, jobs: int = 1) -> list[tuple[str, str]]:
    [told] = command.run_clients([tested], library, jobs)
    assert not told.skipped
    return [(compared.verdict, compared.why) for compared in told.items]


def test_the_same_on_both_is_well(tmp_path: Path, built: Path) -> None:
    assert verdict(client(tmp_path, f"work: {built}/asks"), built / "same" / "libuv.so.1") == [("ok", "")]


def test_another_output_is_red_and_shown(tmp_path: Path, built: Path) -> None:
    [told] = command.run_clients([client(tmp_path, f"work: {built}/asks")], built / "other" / "libuv.so.1")
    assert told.items[0].verdict == "differs"
    assert "-42" in told.items[0].diff and "+43" in told.items[0].diff
    assert report.totals([told]) == {"ok": 0, "red": 1, "skipped": 0}


def test_a_failure_is_red(tmp_path: Path, built: Path) -> None:
    assert verdict(client(tmp_path, f"work: {built}/asks"), built / "bad" / "libuv.so.1") == [("failed", "exit status 1")]


def test_a_failure_on_both_tells_nothing(tmp_path: Path, built: Path) -> None:
    [(found, why)] = verdict(client(tmp_path, "no: false"), built / "same" / "libuv.so.1")
    assert found == "unresolved" and "too" in why


def test_a_program_that_loads_another_library_is_found_out(tmp_path: Path, built: Path) -> None:
    tested = client(tmp_path, f"work: {built}/stubborn", programs='["stubborn"]')
    [(found, why)] = verdict(tested, built / "same" / "libuv.so.1")
    assert found == "wrong library" and str(built / "base") in why


def test_a_program_that_loads_none_is_found_out(tmp_path: Path, built: Path) -> None:
    [told] = command.run_clients([client(tmp_path, "work: true")], built / "same" / "libuv.so.1", 1, with_baseline=False)
    assert told.items[0].verdict == "wrong library"
    assert told.items[0].why == "asks did not load the library"


def test_a_hanging_one_is_ended_with_all_that_it_started(tmp_path: Path, built: Path) -> None:
    tested = client(tmp_path, "work: sh -c '''setsid sleep 777 & wait'''")
    [told] = command.run_clients([tested], built / "same" / "libuv.so.1", 1, with_baseline=False)
    assert told.items[0].verdict == "hung"
    assert not alive("sleep\x00777")


def test_what_it_leaves_behind_is_red_and_ended(tmp_path: Path, built: Path) -> None:
    tested = client(tmp_path, f"work: sh -c '''setsid sleep 778 > /dev/null 2>&1 & {built}/asks'''")
    [told] = command.run_clients([tested], built / "same" / "libuv.so.1", 1, with_baseline=False)
    assert (told.items[0].verdict, told.items[0].why) == ("left behind", "still running: sleep")
    assert not alive("sleep\x00778")


def alive(command_line: str) -> bool:
    for folder in Path("/proc").iterdir():
        try:
            if command_line in (folder / "cmdline").read_text():
                return True
        except (OSError, UnicodeDecodeError):
            continue
    return False


def test_a_program_that_is_not_there_skips_the_client(tmp_path: Path, built: Path) -> None:
    [told] = command.run_clients([client(tmp_path, "work: no-such-program")], built / "same" / "libuv.so.1")
    assert "no-such-program" in told.skipped
    assert report.totals([told]) == {"ok": 0, "red": 0, "skipped": 1}


@pytest.mark.parametrize(
    "text, complaint",
    [
        ("what = 1", "programs"),
        ('what = "x"\nprograms = ["p"]', "no item"),
        ('what = "x"\nprograms = ["p"]\nextra = 1\n[[item]]\nname = "a"\nwhat = "b"\nrun = ["c"]', "extra"),
        ('what = "x"\nprograms = ["p"]\n[[item]]\nname = "a"\nwhat = "b"\nrun = []', "run"),
        ('what = "x"\nprograms = ["p"]\n[[item]]\nname = "a"\nwhat = "b"\nrun = ["c"]\nwatchdog_s = 0', "positive"),
        ("what = ", "client.toml"),
    ],
)
def test_a_wrong_definition_is_told(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "client.toml").write_text(text)
    with pytest.raises(UsageError, match=complaint):
        read_client(tmp_path)


def test_the_definitions_in_the_tree_are_good() -> None:
    clients = read_clients([])
    assert {"bind", "cmake", "luv", "neovim", "node", "uvloop"} <= {c.name for c in clients}
    assert [i.name for c in read_clients(["luv/udp", "luv/fs"]) for i in c.items] == ["udp", "fs"]
    for c in clients:
        for item in c.items:
            for word in item.run:
                if word.startswith("{here}/"):
                    assert (c.folder / word.removeprefix("{here}/")).is_file(), word
    with pytest.raises(UsageError, match="no client `nod`"):
        read_clients(["nod"])
    with pytest.raises(UsageError, match="no item `x`"):
        read_clients(["luv/x"])


# ------------------------------------------------------------------------------------- packages


def fake_tools(folder: Path, monkeypatch: pytest.MonkeyPatch, **scripts: str) -> None:
    folder.mkdir()
    for name, text in scripts.items():
        path = folder / name.replace("_", "-")
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def packaged(folder: Path) -> Client:
    return client(folder, "work: asks", more='packages = ["fake-client"]')


APT = """
for word in "$@"; do
  case $word in
    install) printf 'Inst fake-client (1.0 Debian [all])\\nInst libuv1 (2.0 Debian)\\nInst libc6 (3 Debian)\\n' ;;
    libuv1=2.0) : > uv.deb ;;
    fake-client=1.0) : > client.deb ;;
    libc6=*) exit 1 ;;
  esac
done
"""


def test_packages_are_fetched_once_and_the_systems_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unpack = f'mkdir -p "$3/usr/bin"; echo x >> {tmp_path}/unpacked; : > "$3/usr/bin/$(basename $2)"'
    fake_tools(tmp_path / "tools", monkeypatch, apt_get=APT, dpkg_deb=unpack, dpkg_query="echo libc6 ii")
    root = root_of(packaged(tmp_path))
    assert root.packages == {"fake-client": "1.0", "libuv1": "2.0"}
    assert root.program("client.deb") == root.path / "usr/bin/client.deb"
    root_of(read_client(tmp_path / "fake"))
    assert (tmp_path / "unpacked").read_text().count("x") == 2


def test_without_network_it_says_how_to_get_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, built: Path) -> None:
    failing = 'echo "E: Could not resolve the name" >&2; exit 100'
    fake_tools(tmp_path / "tools", monkeypatch, apt_get=failing, dpkg_deb="exit 1", dpkg_query="exit 1")
    [told] = command.run_clients([packaged(tmp_path)], built / "same" / "libuv.so.1")
    assert "Could not resolve" in told.skipped and "--fetch" in told.skipped


def test_without_apt_it_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch.shutil, "which", lambda name, path=None: None)
    with pytest.raises(NotThere, match="fake-client"):
        root_of(packaged(tmp_path))


def test_a_built_in_path_is_replaced_by_one_as_long(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "usr/lib").mkdir(parents=True)
    (root / "usr/share/thing").mkdir(parents=True)
    (root / "usr/share/thing/data").write_text("found")
    (root / "usr/lib/lib.so").write_bytes(b"\0/usr/share/thing/data\0end")
    made = client(tmp_path, "work: asks", more='[[relocate]]\nfile = "usr/lib/*.so"\npath = "/usr/share/thing"')
    with relocated(made, fetch.Root(root, {}), tmp_path) as folder:
        assert folder is not None
        data = (folder / "lib.so").read_bytes()
        path = Path(data.split(b"\0")[1].decode())
        assert len(data) == 26 and path.read_text() == "found"
    assert not path.exists()


# ----------------------------------------------------------------------------------- lane, Ctrl-C


def test_as_a_lane() -> None:
    item = {"name": "i", "verdict": "differs", "why": "it prints something else"}
    document = {"totals": {"ok": 3, "red": 1, "skipped": 2},
                "clients": [{"name": "c", "skipped": "", "items": [item]}, {"name": "d", "skipped": "no apt", "items": []}]}
    noted: list[str] = []
    outcome = lanes.ran_clients(document, 1, noted.extend)
    assert (outcome.passed, outcome.failed, outcome.skipped) == (3, 1, 2)
    assert noted == ["c/i: differs: it prints something else"] and "d: no apt" in outcome.why
    document["totals"] = {"ok": 0, "red": 0, "skipped": 2}
    assert lanes.ran_clients(document, 3, noted.extend).failed == 0
    assert lanes.ran_clients(document, 130, noted.extend).failed == 1


def test_interrupted_it_leaves_nothing(tmp_path: Path, built: Path) -> None:
    client(tmp_path, "work: sleep 779")
    # Whoever runs these tests in the background may have SIGINT ignored, and what is ignored is inherited.
    script = ("import signal, sys; from pathlib import Path; from uvspec.clients import command, definitions\n"
              "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
              "definitions_ = definitions.read_clients([], Path(sys.argv[1]))\n"
              "command.run_clients(definitions_, Path(sys.argv[2]), 1, False)\n")
    child = subprocess.Popen([sys.executable, "-c", script, str(tmp_path), str(built / "same" / "libuv.so.1")],
                             env={**os.environ, "PYTHONPATH": str(Path(lanes.__file__).parents[1])}, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    while not alive("sleep\x00779") and time.monotonic() < deadline:
        time.sleep(0.02)
    child.send_signal(signal.SIGINT)
    assert child.wait(20) != 0
    assert not alive("sleep\x00779")
