"""`uvspec clients`, in order: which library, which clients, fetch, run side by side, report."""

from __future__ import annotations

import argparse
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .. import build, paths
from ..console import Live, say
from ..exits import CANNOT_RUN, OK, RED, CannotRun
from ..run.library import is_reference, library_file
from . import processes, report
from .compare import Compared, compare
from .definitions import Client, Item, read_clients
from .fetch import NotThere, Root, root_of
from .relocate import relocated
from .report import Told
from .run import Place, run_item


def main(args: argparse.Namespace) -> int:
    """Exit code 0 where every item that ran did its work, 3 where none could run."""
    clients = read_clients(args.names)
    if args.list:
        return _list(clients)
    if args.fetch:
        return _fetch(clients)
    toolchain = build.known_toolchain(args.toolchain)
    if is_reference(args.lib) and not args.no_build:
        build.build_library(toolchain)
    library = library_file(args.lib, toolchain)
    told = run_clients(clients, library, args.jobs, not args.alone)
    if args.format == "json":
        from ..commands.common import print_json

        print_json(report.document(told, str(library), toolchain if is_reference(args.lib) else ""))
    else:
        report.tell(told, str(library))
    counts = report.totals(told)
    if not counts["ok"] and not counts["red"]:
        return CANNOT_RUN
    return RED if counts["red"] else OK


def _list(clients: list[Client]) -> int:
    from ..commands.common import print_table

    print_table(["item", "what"], [[f"{c.name}/{i.name}", i.what] for c in clients for i in c.items])
    return OK


def _fetch(clients: list[Client]) -> int:
    """Fetches all packages anew."""
    for client in clients:
        try:
            root = root_of(client, again=True)
        except NotThere as error:
            raise CannotRun(f"{client.name}: {error}") from error
        say(f"{client.name}: {len(root.packages)} packages in {root.path}")
    return OK


def run_clients(clients: list[Client], library: Path, jobs: int = 0, with_baseline: bool = True) -> list[Told]:
    """Runs all items of all clients; several at once, results in the order of the definitions."""
    jobs = jobs or min(4, os.cpu_count() or 1)
    live = Live()
    told = []
    try:
        for number, client in enumerate(clients, 1):
            live.update(f"client {number} of {len(clients)}: {client.name} …")
            told.append(_run_client(client, library, jobs, with_baseline))
    finally:
        live.clear()
    return told


def _run_client(client: Client, library: Path, jobs: int, with_baseline: bool) -> Told:
    with tempfile.TemporaryDirectory(prefix="uvc-") as scratch:
        try:
            root = root_of(client)
            baseline = _baseline(root) if with_baseline else None
            with relocated(client, root, Path(scratch)) as first:
                place = Place(client, root, (first,) if first else ())
                items = _run_items(place, library, baseline, jobs)
        except NotThere as error:
            return Told(client, skipped=str(error))
    return Told(client, root.packages, items)


def _run_items(place: Place, library: Path, baseline: Path | None, jobs: int) -> list[Compared]:
    """All items of a client. An interruption ends what is running, with all that it started."""
    with ThreadPoolExecutor(jobs) as pool:
        try:
            return list(pool.map(lambda item: _run_both(place, item, library, baseline), place.client.items))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            processes.end_all()
            raise


def _baseline(root: Root) -> Path:
    """The distribution's library, which came with the client."""
    if root.path == Path("/"):
        from .. import deps

        found = deps.find_system_libuv()
        return Path(found).resolve() if found else _no_baseline()
    fetched = root.libuv()
    return fetched.resolve() if fetched else _no_baseline()


def _no_baseline() -> Path:
    raise NotThere("its packages bring no libuv.so.1 to compare with")


def _run_both(place: Place, item: Item, library: Path, baseline: Path | None) -> Compared:
    logs = paths.out_dir() / "clients" / "logs" / place.client.name / item.name
    on_baseline = run_item(place, item, baseline, logs / "distribution") if baseline else None
    return compare(item, on_baseline, run_item(place, item, library, logs / "tested"))
