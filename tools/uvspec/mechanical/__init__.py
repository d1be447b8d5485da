"""Mutants that nobody thought of: small changes made by rule, anywhere in the reference's C files.

tokens.py and statements.py read C, operators.py makes the changes, pick.py names and samples them,
equivalent.py knows which no program can notice, trial.py builds and judges one, bench.py all of them.
"""
