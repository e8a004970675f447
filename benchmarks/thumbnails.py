"""Small pictures of 500 pages: see `_thumbnails`.

Nothing is imported at the top: render children import the main module anew, and the program's own is empty.
"""

if __name__ == "__main__":
    import sys

    from benchmarks._thumbnails import main

    sys.exit(main())
