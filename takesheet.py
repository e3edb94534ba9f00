"""Entry point of the command, in the one module of the distribution whose name no other distribution has.

The rings install as ``domain``, ``dsp``, ``flows`` and ``orchestrator``; another distribution, or a folder named in
PYTHONPATH, may hold a package of the same name that is found first.
"""

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

RINGS: Final = ("domain", "dsp", "flows", "orchestrator")


def main() -> None:
    """Run the command line and exit with its code; report if a package of another project hides one of ours."""
    try:
        from orchestrator.cli.main import main as run

        run(shadow=shadow)
    except ImportError as error:
        if (said := shadow()) is None:
            raise
        print(said, file=sys.stderr)  # noqa: T201 - there is no command line to say it
        raise SystemExit(1) from error


def shadow() -> str | None:
    """One sentence about the first ring that is found elsewhere than beside this module; None if all are."""
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
