"""Real and damaged files through the real window: see `_sturdiness`.

Nothing is imported at the top: render children import the main module anew, and the program's own is empty.
"""

if __name__ == "__main__":
    import sys

    from benchmarks._sturdiness import main

    sys.exit(main(sys.argv[1:]))
