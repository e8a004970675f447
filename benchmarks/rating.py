"""A digit on a criterion's row, to painted and to committed: see `_rating`.

Nothing is imported at the top: render children import the main module anew, and the program's own is empty.
"""

if __name__ == "__main__":
    import sys

    from benchmarks._rating import main

    sys.exit(main(sys.argv[1:]))
