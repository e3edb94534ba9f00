"""The command's own door: the one module of the distribution whose name nobody else has.

The rings install as ``domain``, ``dsp``, ``flows`` and ``orchestrator``; another distribution, or a folder named in
PYTHONPATH, may have one of these names, too, and be found first.
"""

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

RINGS: Final = ("domain", "dsp", "flows", "orchestrator")


def main() -> None:
    """Run a command line and leave with its code; say so where a ring is not ours."""
    try:
        from orchestrator.cli.main import main as run

        run()
    except ImportError as error:
        if (said := shadow()) is None:
            raise
        print(said, file=sys.stderr)  # noqa: T201 - there is no command line to say it
        raise SystemExit(1) from error


def shadow() -> str | None:
    """One sentence about the first ring that lies elsewhere than this module; None where all are ours."""
    here = Path(__file__).resolve().parent
    for ring in RINGS:
        spec = find_spec(ring)
        places = (
            [Path(place).resolve() for place in (spec.submodule_search_locations or [spec.origin or ""])]
            if spec
            else []
        )
        if places != [here / ring]:
            found = ", ".join(map(str, places)) or "nothing"
            return (
                f"error (install): {found} is found where takesheet's own {here / ring} belongs; take it out of the way"
            )
    return None


if __name__ == "__main__":
    main()
