"""`uvspec clients`: real programs that load libuv.so.1, run side by side on two libraries.

Each client is a folder in ci/clients/: `client.toml` names the packages it comes from and its work items,
the other files are what the items work with. An item runs once on the distribution's library (the baseline)
and once on the library under test; it has to succeed, to print the same, to have loaded the library it was
given and no other, and to leave no process behind.

    definitions.py   client.toml → dataclasses
    fetch.py         the client's packages, unpacked into a private root; the system's are left alone
    relocate.py      programs that know their data by absolute path
    processes.py     starting a program, its watchdog, what it leaves behind
    loaded.py        which libuv each process mapped, from the loader's own log
    run.py           one item on one library
    compare.py       two runs → a verdict
    report.py        text and JSON
    command.py       all of it, in order
"""
