import ast
from collections.abc import Iterator
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.address import slug
from domain.core.event import SLUG
from domain.core.ids import (
    IdParts,
    lies_under,
    lineage,
    number_of,
    part_of,
    record_of,
    relative_to,
    revision_of,
    slug_of,
    song_of,
)
from tests.paths import ROOT

SLUGS = st.from_regex(rf"\A{SLUG}\Z")
NUMBERS = st.integers(1, 10**9)


@given(SLUGS, SLUGS, SLUGS, NUMBERS)
def test_an_id_names_its_record_song_part_and_number(record: str, song: str, part: str, number: int) -> None:
    take = f"{record}/{song}/{part}/{number}"
    assert (record_of(take), song_of(take), part_of(take), number_of(take)) == (
        record,
        f"{record}/{song}",
        f"{record}/{song}/{part}",
        number,
    )
    assert [slug_of(id_) for id_ in lineage(take)] == [record, song, part, str(number)]
    assert [lineage(id_) for id_ in lineage(take)] == [lineage(take)[:depth] for depth in range(1, 5)]


@given(SLUGS, SLUGS, SLUGS, NUMBERS)
def test_an_id_lies_in_itself_as_far_as_it_reaches(record: str, song: str, part: str, number: int) -> None:
    of_record, of_song, of_part, take = lineage(f"{record}/{song}/{part}/{number}")
    assert record_of(of_record) == of_record
    assert song_of(of_song) == of_song
    assert part_of(of_part) == of_part == part_of(take)
    assert all(lies_under(take, above) for above in ("", *lineage(take)))
    assert not any(lies_under(above, take) for above in lineage(take)[:-1])
    assert relative_to(take, of_song) == f"{part}/{number}"
    assert relative_to(take, take) == take


@given(SLUGS, SLUGS, NUMBERS)
def test_mixes_and_masters_name_their_song_their_record_and_their_revision(record: str, song: str, number: int) -> None:
    mix, master = f"{record}/{song}@mix{number}", f"{record}@master{number}"
    assert (record_of(mix), song_of(mix), revision_of(mix)) == (record, f"{record}/{song}", f"mix{number}")
    assert (record_of(master), revision_of(master)) == (record, f"master{number}")
    assert lies_under(mix, song_of(mix))
    assert lies_under(master, record)


@pytest.mark.parametrize("id_", ["night-bus", "night-bus@master1"])
def test_a_record_and_a_master_lie_in_no_song(id_: str) -> None:
    with pytest.raises(ValueError, match="lies in no song"):
        song_of(id_)
    assert IdParts.of(id_).song is None


@pytest.mark.parametrize("id_", ["night-bus", "night-bus/tin-roof"])
def test_a_record_and_a_song_lie_in_no_part(id_: str) -> None:
    with pytest.raises(ValueError, match="lies in no part"):
        part_of(id_)
    assert IdParts.of(id_).part is None


def test_a_name_that_begins_alike_is_not_the_same_record() -> None:
    assert not lies_under("night-bus-2/tin-roof", "night-bus")
    assert relative_to("night-bus-2/tin-roof", "night-bus") == "night-bus-2/tin-roof"


@given(SLUGS, SLUGS, SLUGS, NUMBERS)
def test_an_id_taken_apart_agrees_with_the_functions(record: str, song: str, part: str, number: int) -> None:
    take = f"{record}/{song}/{part}/{number}"
    apart = IdParts.of(take)
    assert (apart.record, apart.song, apart.part, apart.number) == (
        record_of(take),
        song_of(take),
        part_of(take),
        number_of(take),
    )
    assert apart.path == apart.name == take
    assert (apart.revision, apart.label) == ("", "")


@pytest.mark.parametrize(
    ("subject", "path", "revision", "label"),
    [
        ("night-bus/tin-roof@mix2", "night-bus/tin-roof", "mix2", ""),
        ("night-bus/tin-roof@mix2 impulse", "night-bus/tin-roof", "mix2", "impulse"),
        ("night-bus/tin-roof rough", "night-bus/tin-roof", "", "rough"),
        ("night-bus@master1 streaming tin-roof", "night-bus", "master1", "streaming tin-roof"),
        ("night-bus/tin-roof/drums kick-in", "night-bus/tin-roof/drums", "", "kick-in"),
    ],
)
def test_the_subject_of_a_file_is_an_id_with_words_behind_it(
    subject: str, path: str, revision: str, label: str
) -> None:
    apart = IdParts.of(subject)
    assert (apart.path, apart.revision, apart.label) == (path, revision, label)
    assert subject.split(maxsplit=1)[0] == apart.name


def test_a_track_of_a_take_has_its_number() -> None:
    track = IdParts.of("night-bus/tin-roof/drums/3.kick-in original")
    assert (track.part, track.number, track.label) == ("night-bus/tin-roof/drums", 3, "original")


@given(st.text(min_size=1).filter(lambda title: any(c.isalnum() and c.isascii() for c in title)))
def test_no_slug_can_be_taken_for_more_than_one_segment(title: str) -> None:
    name = slug(title)
    assert lineage(name) == (name,)
    assert IdParts.of(name) == IdParts((name,))


CUTS: Final = frozenset(
    {
        "partition", "rpartition", "split", "rsplit", "removeprefix", "removesuffix", "startswith", "endswith",
        "find", "rfind", "index", "rindex",
    }
)  # fmt: skip
NO_IDS: Final = {
    "domain/booking/resources.py parse_rate": "a price, 40/hour",
    "domain/booking/terms/card_text.py _basis": "a price, 250/3h",
    "domain/booking/terms/card_text.py _deposit": "a deposit, 50%@14d",
    "domain/core/address.py parse_address": "an address as somebody typed it",
    "domain/recipe/midi.py grid_quarters": "a note value, 1/16T",
    "flows/vault/redaction.py holds_secret": "a URL",
    "flows/vault/redaction.py redacted": "a URL",
    "flows/vault/storage.py _parent": "a path in the vault",
    "flows/vault/storage.py names": "a path in the vault",
    "flows/vault/vault.py blobs": "a path in the vault",
    "flows/vault/vault.py reports": "a path in the vault",
    "orchestrator/cli/commands/daily/review.py _key": "a key and the words of a filter, typed in one line",
    "orchestrator/cli/commands/daily/why.py tell_why": "an address and a second, typed in one word",
    "orchestrator/cli/commands/session/run_keys.py _parts": "a part as somebody typed it",
    "orchestrator/cli/commands/session/session_holds.py hold": "a session as somebody typed it",
    "orchestrator/cli/commands/daily/verdicts.py _named": "an address as somebody typed it",
    "orchestrator/cli/shell/completion.py _at_level": "an address as somebody types it",
    "orchestrator/cli/shell/completion.py _below": "an address as somebody types it",
    "orchestrator/cli/shell/completion.py _join_split_words": "an address as somebody types it",
    "orchestrator/cli/shell/completion.py _suggested": "an address as somebody types it",
    "orchestrator/cli/shell/completion.py format_completion": "an address as somebody types it",
    "orchestrator/desk/addressing/addresses.py _forgiven": "an address as somebody typed it",
    "orchestrator/desk/booking/budget_history.py budget_history": "a record and its line as somebody typed them",
    "orchestrator/desk/addressing/numbered_entries.py numbered_entry": "a handoff or sign-off as somebody typed it",
    "orchestrator/desk/addressing/near_addresses.py near_address": "an address as somebody typed it",
    "orchestrator/desk/addressing/near_addresses.py titled_address": "an address as somebody typed it",
    "orchestrator/desk/listening/audition.py target_of": "the name of a file: target and number",
    "orchestrator/desk/booking/session_corrections.py named_session": "a session as somebody typed it",
    "orchestrator/desk/booking/deals.py named_deal": "a deal as somebody typed it",
    "orchestrator/desk/booking/deals.py _parse_fee": "a fee, 400/song",
    "orchestrator/desk/booking/deals.py _parse_pay": "instalments, 50/50",
    "orchestrator/desk/record_state/revisions.py mixes_named": "an address as somebody typed it",
    "orchestrator/desk/upkeep/archive.py _member": "a path in an archive",
    "orchestrator/engine/prefect_server/access_gate.py _is_api": "the path of a request",
    "orchestrator/log/database/url.py parse": "a URL",
    "orchestrator/log/database/url.py secrets_in": "a URL",
    "orchestrator/log/database/url.py shared": "a URL",
    "orchestrator/studio.py caller": "user@host",
}
"""Functions that cut text at a slash or an at sign, and the text, which is no id."""


def test_no_other_module_takes_an_id_apart() -> None:
    """Cutting calls and containment tests with a literal that begins or ends with ``/`` or ``@``, outside the list."""
    found = {
        f"{path} {function}"
        for ring in ("domain", "flows", "orchestrator")
        for module in sorted((ROOT / ring).rglob("*.py"))
        if (path := module.relative_to(ROOT).as_posix()) != "domain/core/ids.py"
        for function in cutting_functions(ast.parse(module.read_text("utf-8")), "")
    }
    assert found == set(NO_IDS)


@pytest.mark.parametrize(
    "code",
    [
        'song.partition("/")[0]', "take.rpartition('/')", 'take.rsplit("/", 2)', 'subject.endswith("@mix")',
        'take.removeprefix(f"{song}/")', 'part.startswith((f"{song}/", song))', '"@" in address', "'/' not in address",
    ],
)  # fmt: skip
def test_a_cut_is_noticed_however_it_is_written(code: str) -> None:
    assert list(cutting_functions(ast.parse(f"def read():\n    return {code}"), "")) == ["read"]


def cutting_functions(node: ast.AST, function: str) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        within = child.name if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else function
        if is_cut(child):
            yield within
        yield from cutting_functions(child, within)


def is_cut(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr=name), args=args) if name in CUTS:
            return any(has_separator(argument) for argument in args)
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()]):
            return has_separator(left)
    return False


def has_separator(argument: ast.AST) -> bool:
    texts = [
        part.value for part in ast.walk(argument) if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]
    return any(text and {text[0], text[-1]} & {"/", "@"} and "://" not in text for text in texts)
