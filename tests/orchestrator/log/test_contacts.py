"""Contact data on both databases: kept by person, replaced as a whole, absent once erased."""

from contextlib import closing
from pathlib import Path

from orchestrator.log.proof.verify import verify
from orchestrator.log.side_tables.contacts import change_contact, contact_of, keep_contact, told_in_the_log
from orchestrator.log.store import Log
from tests.orchestrator.log.given import drafted, take

EMAIL = 'lea"\\@secret.example'


def test_each_person_has_their_own_and_what_is_left_out_is_gone(log: Log) -> None:
    log.append(drafted(take()))
    keep_contact(log, "lea", {"email": EMAIL, "phone": "+49 30 5550199"})
    keep_contact(log, "pat", {"email": "pat@example.org"})
    keep_contact(log, "lea", {"email": EMAIL})
    assert contact_of(log, "lea") == {"email": EMAIL}
    keep_contact(log, "lea", {})
    assert (contact_of(log, "lea"), contact_of(log, "pat")) == ({}, {"email": "pat@example.org"})
    assert verify(log).sound


def test_a_change_keeps_the_other_fields_and_drops_what_is_empty(log: Log) -> None:
    keep_contact(log, "lea", {"email": EMAIL, "phone": "+49 30 5550199"})
    known = {"email": EMAIL, "ipi": "00123456789"}
    assert change_contact(log, "lea", {"phone": "", "ipi": "00123456789"}) == contact_of(log, "lea") == known


def test_the_table_that_held_it_is_another_file_afterwards(postgres_log: Log) -> None:
    def lies() -> str:
        with closing(postgres_log.database.connect()) as connection:
            ((path,),) = connection.execute("SELECT pg_relation_filepath('contacts')").fetchall()
            return str(path)

    keep_contact(postgres_log, "lea", {"email": EMAIL})
    before = lies()
    keep_contact(postgres_log, "lea", {})
    assert lies() != before


def test_nothing_of_it_is_in_any_file(sqlite_log: Log, tmp_path: Path) -> None:
    keep_contact(sqlite_log, "lea", {"email": EMAIL})
    keep_contact(sqlite_log, "lea", {})
    assert not any(EMAIL.encode() in file.read_bytes() for file in tmp_path.iterdir())


def test_what_somebody_wrote_into_free_text_is_found_also_where_json_escapes_it(log: Log) -> None:
    log.append(drafted(take(), take(note=f"ask {EMAIL}")))
    log.append(drafted(take(), why=f"{EMAIL} said so"))
    assert told_in_the_log(log, [EMAIL]) == [2, 3]
