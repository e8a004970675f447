"""`python -m assessor_app`. Imports nothing at its top: worker children start through this file."""


def main() -> None:
    """Run the command that was asked for, and end the process with its status."""
    from multiprocessing import freeze_support

    freeze_support()

    import sys

    from assessor_app.cli import main as run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
