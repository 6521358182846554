"""``python -m sv_lib`` is ``svreport``."""

from sv_lib.publish.run import environment


def main() -> None:
    """Run the command line in a process that imports nothing from where it was started."""
    environment.isolate()
    from sv_lib.cli import main as command_line

    command_line()


if __name__ == "__main__":
    main()
