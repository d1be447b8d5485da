"""`python3 -m uvspec`: what the launcher starts."""

import sys

from .cli import main

sys.exit(main())
