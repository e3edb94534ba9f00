"""The command board: every record at a glance.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from orchestrator.cli.shell.frame import Call, command, noun

board = noun("Every record at a glance.")


@command(board, "board", reads=True)
def show_board(call: Call) -> None:
    """List every record: what is in it, what is ready to listen to, and what is left of its money.

    OVER: the forecast at completion exceeds the approved budget, by that amount; an overrun that is authorised does not
    count as approved.  Only who sees the money of a record sees it here.
    """
    from orchestrator.desk.label.boards import board_rows

    with call.studio() as studio:
        rows = board_rows(studio)
    shown = ["record", "title", "artist", "due", "stage"]
    shown += ["money"] if any(row.get("money") for row in rows) else []
    shown += ["songs", "takes", "unheard", "mixes", "masters", "last"]
    shown += ["remark"] if any(row["remark"] for row in rows) else []
    call.table(rows, shown, spare=["title", "artist", "last", "masters", "mixes", "songs"], statuses=["money"])
