"""The command board: every record at a glance.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from orchestrator.cli.shell.frame import Call, command, noun

board = noun("Every record at a glance.")


@command(board, "board", reads=True)
def show_board(call: Call) -> None:
    """List every record: what is in it and what is ready to listen to."""
    from orchestrator.desk.label.boards import board_rows

    with call.studio() as studio:
        rows = board_rows(studio)
    shown = ["record", "title", "artist", "due", "stage", "songs", "takes", "unheard", "mixes", "masters", "last"]
    shown = [*shown, "remark"] if any(row["remark"] for row in rows) else shown
    call.table(rows, shown, spare=["title", "artist", "last"])
