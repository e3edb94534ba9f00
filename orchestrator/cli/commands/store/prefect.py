"""``prefect``: the pages of the store's Prefect server."""

from typing import Annotated

import typer

from orchestrator.cli.shell.frame import Call, command, noun

prefect = noun("Prefect's pages: open them, signed in.")


@prefect.callback()
def _noun() -> None:
    """Do nothing; without a callback typer would merge the single verb ``open`` with its noun."""


@command(prefect, "open")
def open_pages(
    call: Call,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the link, and open no browser.")] = False,
) -> None:
    """Open Prefect's pages in a browser, signed in; the link works once, within a minute, for you alone."""
    from orchestrator.engine.prefect_server.pages import sign_in_link
    from orchestrator.store import config, trust

    link = sign_in_link(trust.admit(config.find(call.store), call.say).folder)
    if not no_browser:
        import webbrowser

        if webbrowser.open(link):
            call.say("open in your browser; should nothing appear, follow the link within a minute")
        else:
            call.say("there is no browser here; follow the link within a minute")
    call.done({"url": link}, link)
