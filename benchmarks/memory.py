"""Memory while 1,000 pages are paged through: see `_memory`.

Nothing is imported at the top: render children import the main module anew, and the program's own is empty.
"""

if __name__ == "__main__":
    import sys

    from benchmarks._memory import main

    sys.exit(main())
