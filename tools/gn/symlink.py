"""Makes a symbolic link: `symlink.py TARGET LINK`. A GN action, so it touches nothing that is right."""

import os
import sys


def main() -> int:
    target, link = sys.argv[1:]
    if os.path.islink(link) and os.readlink(link) == target:
        return 0
    if os.path.lexists(link):
        os.remove(link)
    os.symlink(target, link)
    return 0


if __name__ == "__main__":
    sys.exit(main())
