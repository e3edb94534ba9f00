"""``vault``: mirroring the audio, and measuring its size.

Tests: ``tests/orchestrator/desk/upkeep/test_vault_mirror.py``.
"""

from typing import Annotated

import typer

from orchestrator.cli.shell.frame import Call, command, noun

vault = noun("The vault of all audio: mirror, usage.")


@command(vault)
def mirror(
    call: Call,
    url: Annotated[
        str, typer.Argument(metavar="URL", help="A folder, any URL that fsspec knows, or - to read it from stdin.")
    ],
    check: Annotated[
        bool, typer.Option("--check", help="Also check what the mirror has already, and repair it.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count and check what would be copied, and write nothing.")
    ] = False,
) -> None:
    """Copy all audio that the vault at URL lacks and check the copies; a repeated command continues after a break."""
    from dataclasses import asdict

    from domain.core.refusal import Refusal
    from flows.vault.vault import Vault
    from orchestrator.desk.upkeep.vault_mirror import mirror as run
    from orchestrator.desk.upkeep.vault_mirror import mirror_address

    with call.studio() as studio:
        here, there = Vault(studio.config.vault), Vault(mirror_address(url), make=not dry_run)
        done = run(here, there, check=check, dry_run=dry_run, progress=call.say)
    copied = "would be copied" if dry_run else "copied"
    data = {"url": there.url, **asdict(done)}
    if done.faults:
        call.say(*done.faults[1:20])
        detail = (
            f"{done.faults[0]} ({len(done.faults)} problems; {done.copied} blobs {'' if dry_run else 'were '}{copied})"
        )
        raise Refusal("store.damaged.audio", detail, next="takesheet log verify --audio", data=data)
    call.done(
        data,
        f"{done.copied} blobs {copied} ({done.copied_bytes:,} bytes) · {done.held} were there · {done.reports} reports"
        + (f" · to {there.url}" if dry_run else ""),
    )


@command(vault, reads=True)
def usage(
    call: Call,
    record: Annotated[str | None, typer.Argument(metavar="RECORD", help="By song and kind, of this record.")] = None,
) -> None:
    """Show bytes of audio by record; for RECORD, by song: takes, comps and mixes, and its masters."""
    from flows.vault.vault import Vault
    from orchestrator.desk.addressing import addresses
    from orchestrator.desk.upkeep.vault_usage import usage as measured

    with call.studio() as studio:
        of = addresses.find(studio, record).path[0] if record else None
        place = Vault(studio.config.vault)
        found = measured(studio.read_all(), of, size=lambda blob: place.size(blob) if place.has(blob) else 0)
        drawn, drawn_bytes = place.derived_weight("peaks")
    rows = (
        found.rows
        if call.json
        else [{**row, "bytes": f"{row['bytes']:,}", "shared": f"{row['shared']:,}"} for row in found.rows]
    )
    call.table(rows, ["what" if of else "record", "files", "bytes", "shared"], empty="no audio yet")
    call.say(
        f"{found.total_bytes:,} bytes in all; {found.shared_bytes:,} of them are used in more than one row,"
        " counted in the first",
        f"{drawn_bytes:,} bytes beside them are the peaks of {drawn} sounds: a cache, for `show`; no proof or mirror"
        " needs it, and what is removed of it is measured again",
    )
