"""The program `nemovideo`: it loads its commands, or says in one line how to install them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_PACKAGES = {"click", "rich"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    Args:
        arguments: What follows the program's name; those of the process by default.

    Returns:
        0 done, 2 wrong use, 3 a failure that has a name, 130 interrupted.
    """
    try:
        from nemovideo.cli.commands import commands
        from nemovideo.cli.running import run
    except ModuleNotFoundError as missing:
        if missing.name not in _PACKAGES:
            raise
        sys.stderr.write('nemovideo: its commands need an extra: pip install "nemovideo[cli]"\n')
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("nemovideo: interrupted.\n")
        return 130
    return run(commands, arguments)


if __name__ == "__main__":
    sys.exit(main())
