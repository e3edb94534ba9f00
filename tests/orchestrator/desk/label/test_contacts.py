"""Contact data is kept beside the log, and erased from every file of the store."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.status.events.event_types import KINDS
from orchestrator.desk.label.contacts import SHAPES
from orchestrator.log.migrations.migrate import migrate
from orchestrator.log.side_tables.contacts import contact_of, keep_contact
from orchestrator.log.store import Log
from tests.orchestrator.label import Label
from tests.orchestrator.written import house

EMAIL, PHONE, BANK, IPI = "lea@secret.example", "+49 30 5550199", "DE02120300000000202051", "00123456789"
OPTIONS = ("--email", EMAIL, "--phone", PHONE, "--bank", BANK, "--ipi", IPI)
KNOWN = {"bank": BANK, "email": EMAIL, "ipi": IPI, "phone": PHONE}


@pytest.fixture
def label(tmp_path: Path) -> Label:
    return house(tmp_path)


def holding(label: Label, *secrets: str) -> list[str]:
    """Return the files of the store that contain one of *secrets*."""
    files = [file for file in label.folder.rglob("*") if file.is_file()]
    return [file.name for file in files if any(secret.encode() in file.read_bytes() for secret in secrets)]


def test_what_is_noted_is_shown_and_changed_field_by_field(label: Label) -> None:
    head = label.head
    assert label.data("user", "contact", "lea", *OPTIONS) == {"person": "lea"} | KNOWN
    assert label.data("user", "contact", "Lea") == {"person": "lea"} | KNOWN
    assert label.does("user", "contact", "lea", "--phone", "+43 1 2345678", "--ipi", "").splitlines() == [
        f"bank: {BANK}", f"email: {EMAIL}", "phone: +43 1 2345678",
    ]  # fmt: skip
    assert label.data("user", "contact", "pat") == {"person": "pat"}
    assert label.head == head, "none of it is an event"


def test_erased_it_is_in_no_file_of_the_store_and_the_log_still_verifies(label: Label) -> None:
    label.does("user", "contact", "pat", "--email", "pat@example.org")
    label.does("user", "contact", "lea", *OPTIONS)
    assert holding(label, *KNOWN.values()) == ["log.db"]
    erased = label.data("user", "erase", "lea", "--yes")
    assert erased == {"person": "lea", "erased": sorted(KNOWN), "texts": 0, "told_at": []}
    assert holding(label, *KNOWN.values()) == []
    assert label.data("user", "contact", "lea") == {"person": "lea"}
    assert label.data("user", "contact", "pat") == {"person": "pat", "email": "pat@example.org"}
    assert label.run("log", "verify", "--views").code == 0
    assert label.data("user", "erase", "lea", "--yes")["erased"] == [], "and again does no harm"


def test_it_is_gone_while_others_have_the_store_open(label: Label) -> None:
    with Log.open(label.folder / ".takesheet" / "log.db", kinds=KINDS) as other:
        assert other.head().position
        label.does("user", "contact", "lea", *OPTIONS)
        label.does("user", "erase", "lea", "--yes")
        assert holding(label, *KNOWN.values()) == []


def test_a_reader_in_a_long_transaction_is_waited_for_and_then_told_of(
    label: Label, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestrator.log.sqlite.connection.BUSY_S", 0.2)
    label.does("user", "contact", "lea", *OPTIONS)
    with closing(sqlite3.connect(label.folder / ".takesheet" / "log.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM contacts").fetchall()
        said = label.run("user", "erase", "lea", "--yes")
        assert (said.code, said.rule) == (5, "store.busy")
    label.does("user", "erase", "lea", "--yes")
    assert holding(label, *KNOWN.values()) == []


def test_what_others_wrote_into_free_text_is_said(label: Label) -> None:
    label.does("record", "new", "Night Bus", "--artist", "The Ferrymen")
    label.does("note", "night-bus", f"call lea: {PHONE}")
    label.does("user", "contact", "lea", *OPTIONS)
    said = label.run("user", "erase", "lea", "--yes")
    assert f"position {label.head} repeats some of it in free text" in said.err


def test_going_back_to_an_older_release_leaves_no_trace_of_anybody(label: Label) -> None:
    label.does("user", "contact", "lea", *OPTIONS)
    with Log.open(label.folder / ".takesheet" / "log.db", kinds=KINDS) as log, closing(log.database.writer()) as writer:
        migrate(log.database, writer, to=1)
    assert holding(label, *KNOWN.values()) == []


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 2**64)), max_size=60))
def test_whoever_comes_and_goes_nothing_that_was_replaced_remains(label: Label, said: list[tuple[int, int]]) -> None:
    secrets = [(f"person-{who}", f"secret-{number:020}-{at}" * 8) for at, (who, number) in enumerate(said)]
    with Log.open(label.folder / ".takesheet" / "log.db", kinds=KINDS) as log:
        for person, secret in secrets:
            keep_contact(log, person, {"email": secret})
        last = dict(secrets)
        assert all(contact_of(log, person) == {"email": secret} for person, secret in last.items())
        assert holding(label, *(secret for _, secret in secrets if secret not in last.values())) == []
        for person in last:
            keep_contact(log, person, {})
        assert holding(label, *(secret for _, secret in secrets)) == []


@pytest.mark.parametrize("field", SHAPES)
def test_every_field_says_what_it_looks_like(label: Label, field: str) -> None:
    _, example = SHAPES[field]
    assert label.data("user", "contact", "lea", f"--{field}", example)[field] == example
    said = label.refuses(2, "user", "contact", "lea", f"--{field}", "?\n")
    assert said.rule == "person.contact"
    assert example in said.err


def test_only_who_looks_after_people_sees_it_and_only_of_people_who_are_here(label: Label) -> None:
    assert label.refuses(3, "user", "contact", "lea", "--as", "pat").rule == "person.role"
    assert label.refuses(3, "user", "erase", "lea", "--yes", "--as", "pat").rule == "person.role"
    assert label.refuses(4, "user", "contact", "nobody").rule == "person.unknown"
    assert label.refuses(8, "user", "erase", "lea").rule == "input.needed"


def test_no_event_has_a_field_for_contact_data() -> None:
    schemas = [model.model_json_schema() for model in KINDS.values()]
    models = [part for schema in schemas for part in (schema, *schema.get("$defs", {}).values())]
    fields = {name for model in models for name in model.get("properties", {})}
    assert fields.isdisjoint(
        {*SHAPES, "e_mail", "mail", "telephone", "mobile", "iban", "account", "address", "contact"}
    )


@pytest.mark.parametrize("name", ["Lea <lea@secret.example>", "Lea +49 30 5550199", "0305550199"])
def test_a_person_is_added_by_a_name_and_not_by_an_address_or_a_number(label: Label, name: str) -> None:
    said = label.refuses(2, "user", "add", name, "--role", "producer")
    assert said.rule == "person.name"
    assert "takesheet user contact" in said.err


def test_no_export_has_it_and_a_backup_only_until_it_is_erased(
    label: Label, tmp_path_factory: pytest.TempPathFactory
) -> None:
    out = tmp_path_factory.mktemp("out")

    def made(name: str) -> bytes:
        label.does("log", "export", out / f"{name}.jsonl")
        label.does("store", "backup", out / f"{name}.takesheet")
        exported, backup = ((out / f"{name}.{suffix}").read_bytes() for suffix in ("jsonl", "takesheet"))
        assert not any(value.encode() in exported for value in KNOWN.values())
        return backup

    label.does("user", "contact", "lea", *OPTIONS)
    before = made("before")
    assert all(value.encode() in before for value in KNOWN.values()), "a backup is the store as it was"
    label.does("user", "erase", "lea", "--yes")
    after = made("after")
    assert not any(value.encode() in after for value in KNOWN.values())
