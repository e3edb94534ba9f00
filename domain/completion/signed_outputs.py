"""The outputs of a record that are signed off: the chosen mix of each song, and the newest master by target."""

from domain.core.ids import slug_of
from domain.correspondence.signoffs import SignedOutput, Signoff, Today
from domain.masters.masters import MasterPlanned
from domain.render.jobs import manifest
from domain.status.chosen_mixes import chosen_mix
from domain.status.master_status import master_files
from domain.status.record_state import RecordState
from domain.status.wanted_renders import newest_master


def outputs_today(state: RecordState, record: str, signoff: Signoff | None = None) -> Today:
    """The outputs of *record* at present, mixes in its order, then targets of its newest master.

    Pending is a master that is not rendered, and a song whose mix was signed off in *signoff* and that has no chosen
    mix any more.  Songs and revisions that are removed or shelved are left out.
    """
    outputs, pending = list[SignedOutput](), list[str]()
    signed = {one.subject for one in signoff.opened.outputs} if signoff else set[str]()
    for song in state.catalog.songs_of(record):
        subject, chosen = f"{song.id}@mix", chosen_mix(state, song.id)
        if chosen and chosen.output:
            outputs.append(SignedOutput(target=chosen.address, hash=chosen.output))
        elif subject in signed:
            pending.append(subject)
    if master := newest_master(state, record):
        found = outputs_of_master(state, master)
        outputs += found
        pending += [] if found else [f"{record}@master{master.number}"]
    return Today(tuple(outputs), tuple(pending))


def outputs_of_master(state: RecordState, master: MasterPlanned) -> list[SignedOutput]:
    """One output a target of *master*, by the hash over its files; none while one of them is not rendered."""
    lines: dict[str, list[tuple[str, str]]] = {}
    for file in master_files(state, master):
        if file.sound is None:
            return []
        line = (f"{file.target} {file.number:02d} {slug_of(file.song)}", file.sound.pcm)
        lines.setdefault(file.target, []).append(line)
    address = f"{master.record}@master{master.number}"
    return [SignedOutput(target=f"{address} {name}", hash=manifest(own)) for name, own in lines.items()]
