"""`python -m attacks._alone MODULE ARGUMENTS`: runs a module as a process of its own.

Imports nothing at its top: the children that draw documents start through this file, as those of the
workstation start through its own, and would otherwise import all that the module does.
"""

if __name__ == "__main__":
    import runpy
    import sys

    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__")
