import pytest

from flows.redaction import holds_secret, redacted, redacted_text

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
