"""`python -m gan COMMAND`."""

import sys

from gan.cli.parser import main

if __name__ == "__main__":
    sys.exit(main())
