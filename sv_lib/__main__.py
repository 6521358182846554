"""``python -m sv_lib`` is ``svreport``."""

from sv_lib.cli import main

if __name__ == "__main__":
    main()
