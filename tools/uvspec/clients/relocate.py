"""Programs that know a folder of theirs by absolute path, run from a private root.

Debian's Node.js reads parts of its own JavaScript from /usr/share/nodejs and does not start without them.
The path is replaced, in a copy of the file, by one of the same length: a link in the temporary folder of
the run, to where the private root has it.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .definitions import Client
from .fetch import NotThere, Root


@contextmanager
def relocated(client: Client, root: Root, folder: Path) -> Iterator[Path | None]:
    """Makes the copies in `folder`, which then goes in front of the root's libraries.

    Yields None where nothing has to be relocated."""
    if not client.relocations or root.path == Path("/"):
        yield None
        return
    links: list[Path] = []
    try:
        for relocation in client.relocations:
            files = sorted(root.path.glob(relocation.file))
            if not files:
                raise NotThere(f"{client.name}: the packages have no {relocation.file}")
            link = _link_of_length(len(relocation.path), root.path / relocation.path.strip("/"))
            links.append(link)
            old, new = relocation.path.encode() + b"/", os.fsencode(link) + b"/"
            (folder / files[0].name).write_bytes(files[0].read_bytes().replace(old, new))
        yield folder
    finally:
        for link in links:
            link.unlink(missing_ok=True)


def _link_of_length(length: int, target: Path) -> Path:
    """A new link to the target, whose path has that many characters."""
    for _ in range(10):
        stem = "/tmp/uvc-"
        path = Path(stem + secrets.token_hex(length)[: length - len(stem)])
        try:
            path.symlink_to(target)
            return path
        except FileExistsError:
            continue
        except OSError as error:
            raise NotThere(f"cannot make a link in /tmp: {error.strerror}") from error
    raise NotThere("cannot make a link in /tmp")
