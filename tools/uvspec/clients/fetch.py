"""A client's packages in a private root: out/clients/NAME/root. The system's packages are left alone.

apt works out what the packages need as if nothing were installed. What the system has anyway is used from
there (its C library above all); the rest, and always the client itself and libuv, is downloaded and
unpacked. No root rights are needed. What was fetched is noted in packages.json beside the root.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .. import paths
from ..console import Live
from .definitions import Client

_ALWAYS = ("libuv1", "libuv1t64")  # the baseline comes from the packages, whatever the system has
_APT_S, _DOWNLOAD_S = 120, 300
_HOW = "with the network there, `./uvspec clients --fetch` gets them"


def system_path() -> str:
    """The user's search path, behind the distribution's folders: the packages belong to its programs."""
    return ":".join(["/usr/bin", "/bin", "/usr/sbin", "/sbin", os.environ.get("PATH", "")])


class NotThere(Exception):
    """The packages cannot be had; the text says why, and what to do."""


@dataclass(frozen=True)
class Root:
    """An unpacked client. A client without packages lives in the system: its root is `/`."""

    path: Path
    packages: dict[str, str]  # name → version

    def program(self, name: str) -> Path | None:
        """The program of that name: the root's, else the system's."""
        for folder in self.program_folders():
            if (folder / name).exists():
                return folder / name
        found = shutil.which(name, path=system_path())
        return Path(found) if found else None

    def program_folders(self) -> list[Path]:
        return [self.path / f for f in ("usr/bin", "usr/sbin", "bin", "sbin") if (self.path / f).is_dir()]

    def library_folders(self) -> list[Path]:
        """Where the root's shared libraries are."""
        found = [f for p in ("usr/lib", "lib") for f in sorted((self.path / p).glob("*-linux-*")) if f.is_dir()]
        return found + [self.path / "usr/lib"]

    def libuv(self) -> Path | None:
        """The distribution's library."""
        return next((f / "libuv.so.1" for f in self.library_folders() if (f / "libuv.so.1").exists()), None)


def root_of(client: Client, again: bool = False) -> Root:
    """The client's root, fetched where that has not been done. Raises NotThere."""
    if not client.packages:
        return Root(Path("/"), {})
    folder = paths.out_dir() / "clients" / client.name
    known = _known(folder, client)
    if known and not again:
        return known
    lacking = [tool for tool in ("apt-get", "dpkg-deb", "dpkg-query") if not shutil.which(tool)]
    if lacking:
        raise NotThere(f"needs Debian's packages {', '.join(client.packages)}, and there is no {lacking[0]} here")
    folder.mkdir(parents=True, exist_ok=True)
    live = Live()
    live.update(f"fetching {', '.join(client.packages)} …")
    try:
        return _fetch(folder, client)
    finally:
        live.clear()


def _known(folder: Path, client: Client) -> Root | None:
    """What was fetched before, if it was for the same packages."""
    try:
        note = json.loads((folder / "packages.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if note.get("wanted") != sorted(client.packages) or not (folder / "root").is_dir():
        return None
    return Root(folder / "root", dict(note["packages"]))


def _fetch(folder: Path, client: Client) -> Root:
    apt = _Apt(folder / "apt")
    packages = apt.closure(client.packages)
    installed = _installed()
    keep = (*client.packages, *_ALWAYS)
    wanted = {n: v for n, v in packages.items() if n in keep or n not in installed}
    debs, root = folder / "debs", folder / "root.new"
    for old in (debs, root):
        shutil.rmtree(old, ignore_errors=True)
    debs.mkdir()
    apt.download(wanted, debs)
    for deb in sorted(debs.glob("*.deb")):
        _run(["dpkg-deb", "-x", str(deb), str(root)], _APT_S)
    shutil.rmtree(folder / "root", ignore_errors=True)
    root.rename(folder / "root")
    shutil.rmtree(debs)
    note = {"wanted": sorted(client.packages), "packages": wanted}
    (folder / "packages.json").write_text(json.dumps(note, indent=2) + "\n", encoding="utf-8")
    return Root(folder / "root", wanted)


class _Apt:
    """apt with a state of its own: nothing installed, and lists of its own where the system's are no use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "cache" / "archives" / "partial").mkdir(parents=True, exist_ok=True)
        (folder / "lists" / "partial").mkdir(parents=True, exist_ok=True)
        (folder / "status").write_text("")
        system = Path("/var/lib/apt/lists")
        self.own_lists = not any(system.glob("*_Packages*"))
        if self.own_lists:
            self._refresh()

    def _command(self, name: str, *arguments: str) -> list[str]:
        options = [f"Dir::State::status={self.folder / 'status'}", f"Dir::Cache={self.folder / 'cache'}",
                   "APT::Get::Show-User-Simulation-Note=0", "Debug::NoLocking=1"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            options.append("APT::Sandbox::User=root")  # else it warns that its own user cannot read our folder
        if self.own_lists:
            options.append(f"Dir::State::lists={self.folder / 'lists'}")
        return [name, "-q", *(x for o in options for x in ("-o", o)), *arguments]

    def _refresh(self) -> None:
        self.own_lists = True
        _run(self._command("apt-get", "update"), _DOWNLOAD_S)

    def closure(self, packages: tuple[str, ...]) -> dict[str, str]:
        """The packages and all they need, as name → version."""
        argv = self._command("apt-get", "-s", "--no-install-recommends", "install", *packages)
        found = re.findall(r"^Inst (\S+) \((\S+) ", _run(argv, _APT_S), re.MULTILINE)
        if not found:
            raise NotThere(f"apt found nothing to install for {', '.join(packages)}")
        return dict(found)

    def download(self, packages: dict[str, str], to: Path) -> None:
        names = [f"{name}={version}" for name, version in sorted(packages.items())]
        try:
            _run(self._command("apt-get", "download", *names), _DOWNLOAD_S, to)
        except NotThere:
            if self.own_lists:
                raise
            self._refresh()  # the system's lists may be older than what the servers still have
            latest = self.closure(tuple(packages))
            names = [f"{name}={latest.get(name, version)}" for name, version in sorted(packages.items())]
            _run(self._command("apt-get", "download", *names), _DOWNLOAD_S, to)


def _installed() -> set[str]:
    argv = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Abbrev}\n"]
    lines = (line.split() for line in _run(argv, _APT_S).splitlines())
    return {fields[0] for fields in lines if len(fields) == 2 and fields[1] == "ii"}


def _run(argv: list[str], patience_s: float, folder: Path | None = None) -> str:
    """What a command prints. Raises NotThere with its first complaint where it fails."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=folder,
                              timeout=patience_s, check=False, env=environment)
    except subprocess.TimeoutExpired as error:
        raise NotThere(f"{argv[0]} took longer than {patience_s} s; {_HOW}") from error
    except OSError as error:
        raise NotThere(f"cannot run {argv[0]}: {error.strerror}") from error
    if done.returncode != 0:
        complaints = [line for line in done.stderr.splitlines() if line.startswith("E:")] or [done.stderr.strip()]
        raise NotThere(f"the packages cannot be had ({complaints[0][:200]}); {_HOW}")
    return done.stdout
