"""Prefect's pages: a link that signs a browser in to the server of a store."""

from pathlib import Path
from urllib.parse import urlsplit

from domain.core.refusal import NotFound, Refusal
from orchestrator.engine.prefect_server.api import Api, published_api
from orchestrator.engine.prefect_server.fault import ServerFault
from orchestrator.engine.prefect_server.home import home_of, read_facts
from orchestrator.engine.prefect_server.sign_in import PATH
from orchestrator.engine.process_identity import record_in


def sign_in_link(store: Path) -> str:
    """Return a link to the pages of the server that is up for *store*; it works once, within a minute, for this user.

    Args:
        store: the ``.takesheet`` folder.

    Raises:
        NotFound: ``prefect.down``; no server of this store is up.
        Refusal: ``engine``; the server does not answer as ours does.
    """
    home = home_of(store)
    api, facts = published_api(home), read_facts(home)
    # If our server was killed, another process may listen on its port by now.
    if api is None or urlsplit(api.url).port != facts.get("port") or not record_in(facts).is_proved():
        raise _down()
    origin = f"http://{urlsplit(api.url).netloc}"
    try:
        api.check()
        status, found = Api(origin, api.auth).ask("POST", PATH)
    except ServerFault:
        raise _down() from None
    if status != 200 or not isinstance(found, dict):  # noqa: PLR2004 - HTTP's own number
        raise Refusal("engine", f"Prefect's server gives no link: it answers {status}", next="takesheet doctor")
    return f"{origin}{found['path']}"


def _down() -> NotFound:
    return NotFound("prefect.down", "no Prefect server of this store is up; its pages are there while one is",
                    next="takesheet up")  # fmt: skip
