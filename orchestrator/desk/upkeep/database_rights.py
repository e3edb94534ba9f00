"""Rights of database roles on a log in PostgreSQL."""

from domain.core.refusal import Refused, suggest
from domain.label.permissions import role_for
from orchestrator.desk.addressing.register import EVERYBODY, everybody
from orchestrator.log.database.url import DatabaseUrl
from orchestrator.studio import Studio


def grant_role(studio: Studio, role: str, *, readonly: bool) -> list[str]:
    """Let the database role *role* write to this store, or only read it; return the tables it may use.

    Raises:
        Refused: ``store.grant``, the log is a file; ``store.owner``; ``person.role``.
        NotFound: ``store.role``.
        StoreForbidden: our own role does not own the log.
    """
    role_for(everybody(studio.read(EVERYBODY)), studio.who.actor, "people", day=studio.today())
    if not isinstance(studio.config.log, DatabaseUrl):
        raise Refused(
            "store.grant",
            f"the log lies in {studio.log.database.place}: who may use a file, the file system says",
            next=suggest("store move", "postgresql+psycopg://USER@HOST/DATABASE"),
        )
    from orchestrator.log.postgres.grants import grant

    with studio.log.beside() as connection:
        return grant(connection, studio.log.database.place, role, readonly=readonly)
