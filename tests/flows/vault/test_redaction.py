from time import process_time

import pytest

from flows.vault.redaction import holds_secret, redacted, redacted_text

pytestmark = pytest.mark.waits

CASES = [
    ("postgresql+psycopg://pat:s3cret@db:5432/label", "postgresql+psycopg://pat@db:5432/label"),
    ("postgresql://pat:s%40x@h1:5432,h2:5433/label?target_session_attrs=read-write&password=s3cret",
     "postgresql://pat@h1:5432,h2:5433/label?target_session_attrs=read-write"),
    ("s3://KEY:s3cret@bucket/vault", "s3://KEY@bucket/vault"),
    ("https://host/vault?sig=s3cret&sv=2026#s3cret", "https://host/vault"),
    ("ftp://pat:a@b:s3cret@host/x", "ftp://pat@host/x"),
    ("memory://vault", "memory://vault"),
    ("vault", "vault"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "said"), CASES)
def test_a_url_is_said_without_its_secrets(url: str, said: str) -> None:
    assert redacted(url) == said
    assert redacted(said) == said
    assert holds_secret(url) is (url != said)
    assert redacted_text(f"cannot open '{url}': refused") == f"cannot open '{said}': refused"


@pytest.mark.parametrize("password", ["pa/ss", "p#ss", "p?ss", "pa'ss", 'pa"ss', "<pass>", "a@b/c:d"])
def test_a_password_that_nobody_escaped_is_said_in_no_part(password: str) -> None:
    url = f"s3://key:{password}@bucket/vault"
    assert redacted(url) == "s3://key@bucket/vault"
    assert holds_secret(url)
    assert redacted_text(f"cannot open '{url}': refused") == "cannot open 's3://key@bucket/vault': refused"


@pytest.mark.parametrize(
    "url", ["http://host:8080/a@b", "http://[::1]:8080/a@b", "s3://bucket/a@b", "ftp://h:1,k:2/a@b"]
)
def test_a_path_with_an_at_sign_is_said_whole(url: str) -> None:
    assert redacted(url) == url
    assert not holds_secret(url)


def test_a_long_text_without_a_url_takes_time_by_its_length() -> None:
    text = "y" * 400_000
    before = process_time()
    assert redacted_text(text) == text
    assert process_time() - before < 20, "by the square of its length it would be hours"
