"""A page turned, drawn ahead and cold: see `_page_turn`.

Nothing is imported at the top: render children import the main module anew, and the program's own is empty.
"""

if __name__ == "__main__":
    import sys

    from benchmarks._page_turn import main

    sys.exit(main())
