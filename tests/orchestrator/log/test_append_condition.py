import os
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from orchestrator.log.append_condition import uuid7

SECOND_US = 1_000_000


def ids(count: int) -> list[bytes]:
    return [uuid7(SECOND_US) for _ in range(count)]


def test_an_id_holds_its_time_and_is_of_version_7() -> None:
    made = [UUID(bytes=id_) for id_ in ids(1000)]
    assert {(id_.version, id_.variant, id_.int >> 80) for id_ in made} == {(7, "specified in RFC 4122", 1000)}


def test_every_bit_of_an_id_that_is_random_varies() -> None:
    made = [UUID(bytes=id_).int & (1 << 80) - 1 for id_ in ids(1000)]
    ever, always = 0, (1 << 80) - 1
    for number in made:
        ever, always = ever | number, always & number
    assert (ever ^ always).bit_count() == 80 - 4 - 2  # all but the version and the variant


def test_no_two_threads_get_the_same_id() -> None:
    with ThreadPoolExecutor(8) as threads:
        made = [id_ for some in threads.map(ids, [2000] * 16) for id_ in some]
    assert len(set(made)) == len(made)


def test_a_child_process_gets_other_ids_than_its_parent() -> None:
    ids(1)  # so that random numbers are in store
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, b"".join(ids(100)))
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as file:
        drawn = file.read()
    of_child = {drawn[first : first + 16] for first in range(0, len(drawn), 16)}
    assert len(of_child) == 100
    assert of_child.isdisjoint(ids(300))
