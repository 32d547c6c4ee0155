"""`python -m reviewer_app [WORKSPACE]` opens the window."""

import sys

from reviewer_app.app import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
