"""Source mode (`check --prefix DIR`): an implementation judged by its own headers.

    find.py      the header and the library below DIR
    headers.py   what the header declares otherwise than the specification, or not at all
    run.py       builds the suite against it, runs it, and adds the header's rows
"""
