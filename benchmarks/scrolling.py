"""Scrolling through 500 pages: see `_scrolling`.

Nothing is imported at the top: render children import the main module anew, and the program's own is empty.
"""

if __name__ == "__main__":
    import sys

    from benchmarks._scrolling import main

    sys.exit(main())
