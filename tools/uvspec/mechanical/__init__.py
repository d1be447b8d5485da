"""Mutants that nobody thought of: small changes made by rule, anywhere in the reference's C files.

tokens.py and statements.py read C, operators.py makes the changes, pick.py names and samples them,
equivalent.py knows which no program can notice, workshop.py builds and judges one, bench.py all of them.

Changes are made on the text, by tokens and a little grammar: clang-format lays the sources out, and clang's own
bindings would tie the tools to one version of it. A mutant counts when its object file, without what is for
debuggers, differs from that of the source and of all others tried. It is killed when a must-test is red, and
red once more in three further runs, so that a busy machine kills nothing; a hang counts at once. If the first
to notice was a crash or a hang, some more tests may still find a clause that says what is wrong; else the
report says so.

What a test reaches is marked in a file that is mapped and shared (impl/coverage/reached.c, a mark for each
piece of straight code, by the compiler's -fsanitize-coverage=trace-pc), so that nothing is lost however a
process ends: gcov writes when a process exits, which the watchdog's victims never do, and keeps one sum for
all tests. A mutant is tried on the tests that enter its function: a change of code that is not run changes
nothing.
"""
