"""The command search: records, songs, parts, notes and reasons by words.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from typing import Annotated

import typer

from orchestrator.cli.shell.frame import Call, command, noun
from orchestrator.cli.shell.limits import LARGEST

search = noun("Find records, songs, parts, notes and reasons by words.")


@command(search, "search", reads=True)
def find_words(
    call: Call,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="WORD",
            help="All of them must be found, each by its beginning; or a filter: song:ADDRESS, who:PERSON, note:WORD, "
            "kind:KIND, after:TIME, before:TIME.",
        ),
    ],
    limit: Annotated[int, typer.Option(min=1, max=LARGEST, help="At most so many, the newest.")] = 100,
) -> None:
    """Find the titles, parts, people, notes and reasons that contain all of WORDS, the newest first."""
    from orchestrator.desk.label.search import search_rows

    with call.studio() as studio:
        rows = search_rows(studio, words, limit)
    call.table(rows, ["position", "address", "kind", "what", "why"], empty="nothing found", spare=["kind"])
