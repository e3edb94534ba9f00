"""Process that serves the nightly: ``python -m orchestrator.engine.nightly_process STORE CRON TIMEZONE``.

The process is a child under the watchdog; it and the flow runs that it starts end with `takesheet up`.
"""

import asyncio
import os
import sys
from contextlib import suppress

from orchestrator.engine import child_process


async def serve(store: str, cron: str, timezone: str) -> None:
    """Deploy the nightly with its schedule, and run it when it is due, until this process ends."""
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound
    from prefect.runner import Runner
    from prefect.schedules import Cron

    from orchestrator.engine.nightly_flow import nightly

    async with get_client() as client:
        # Deleting the old deployment drops runs that came due while nobody served them: `up` begins by rendering all.
        with suppress(ObjectNotFound):
            old = await client.read_deployment_by_name(f"{nightly.name}/{nightly.name}")
            await client.delete_deployment(old.id)
    os.environ["TAKESHEET_STORE"] = store  # no flow parameter: who starts a run through Prefect cannot choose it
    runner = Runner(name=nightly.name, query_seconds=1, limit=1, pause_on_shutdown=False)
    schedule = Cron(cron, timezone=timezone)
    await runner.aadd_flow(nightly, name=nightly.name, schedule=schedule)
    await runner.start()


if __name__ == "__main__":
    child_process.watch_parent()
    asyncio.run(serve(*sys.argv[1:]))
