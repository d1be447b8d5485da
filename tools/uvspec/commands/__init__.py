"""The commands, one a file: HELP, DESCRIPTION, EXAMPLES, add_arguments(parser), run(args).

Their top level imports nothing that may have to be installed first; engines are imported in `run`.
"""
