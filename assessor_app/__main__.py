"""`python -m assessor_app`. Imports nothing at its top: worker children start through this file."""

if __name__ == "__main__":
    from multiprocessing import freeze_support

    freeze_support()

    import sys

    from assessor_app.cli import main

    sys.exit(main(sys.argv[1:]))
