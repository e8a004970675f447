"""Click on a piece of evidence to its first page painted sharp: see `_first_page`.

Nothing is imported at the top: render children import the main module anew, and the program's own is empty.
"""

if __name__ == "__main__":
    import sys

    from benchmarks._first_page import main

    sys.exit(main())
