"""What of this machine may matter to a result, in a few words that name no machine."""

from __future__ import annotations

import os
import platform
import shutil
import socket
import subprocess
from pathlib import Path


def facts() -> dict[str, str]:
    """What to tell beside the results of a run."""
    libc = " ".join(platform.libc_ver()).strip()
    return {
        "system": f"{platform.system()} {platform.release()}",
        "machine": platform.machine(),
        "libc": libc or "unknown",
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1),
        "user": "root" if os.geteuid() == 0 else "ordinary",
        "ipv6": "yes" if _has_ipv6() else "no",
        "container": "yes" if _in_container() else "not seen",
    }


def compiler(toolchain: str) -> str:
    """The first line of what the toolchain's compiler says of itself; "" where it says nothing."""
    program = shutil.which(toolchain.split("_")[0] or "cc")
    if not program:
        return ""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.partition("\n")[0].strip()


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as s:
            s.bind(("::1", 0))
    except OSError:
        return False
    return True


def _in_container() -> bool:
    return any(Path(p).exists() for p in ("/.dockerenv", "/run/.containerenv"))
