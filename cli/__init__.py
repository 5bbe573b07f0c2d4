"""The command line, and the place where all parts are put together.

`main.py` knows the names of all commands and loads a command's module when it is called, so that `--help` stays fast.
"""
