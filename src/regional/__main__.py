"""Where the server begins."""

import sys

from regional.commands import main

if __name__ == "__main__":
    sys.exit(main())
