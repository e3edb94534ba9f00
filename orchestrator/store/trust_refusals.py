"""The refusal of a store, or of some of its settings, that this user has not trusted."""

from collections.abc import Sequence
from pathlib import Path
from shlex import quote

from domain.core.refusal import Refused


class Untrusted(Refused):
    """The store belongs to another account, or its settings name programs or places that this user has not allowed.

    Args:
        folder: the ``.takesheet`` folder.
        reasons: sentences without a full stop; the first one is part of the message.
    """

    def __init__(self, folder: Path, reasons: Sequence[str]) -> None:
        more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
        super().__init__(
            "store.trust",
            f"{reasons[0]}{more}; nothing of this store is used before you trust it",
            next=trust_command(folder),
            reasons=tuple(reasons),
        )
        self.folder, self.reasons = folder, tuple(reasons)


def trust_command(folder: Path) -> str:
    """Return the command that shows the external access of the store in *folder* and allows it."""
    return f"takesheet trust --store {quote(str(folder.parent))}"
