import os
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from domain.core.refusal import Misused, NotFound, Refused
from orchestrator.log.proof.signing import make_key, public_key, signer


@pytest.fixture
def key(tmp_path: Path) -> Path:
    make_key(tmp_path / "label.key")
    return tmp_path / "label.key"


def test_the_private_half_is_for_its_owner_alone_whatever_the_umask_says(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        public, _ = make_key(tmp_path / "key")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert public == tmp_path / "key.pub"
    assert "PRIVATE" not in public.read_text()


def test_the_two_halves_belong_together(key: Path) -> None:
    assert public_key(key.with_name("label.key.pub")) == signer(key).public_key().public_bytes_raw()


@pytest.mark.parametrize("taken", ["label.key", "label.key.pub"])
def test_a_key_is_never_made_over_another_and_neither_half_alone(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).write_text("mine")
    with pytest.raises(Refused, match=r"file\.exists"):
        make_key(tmp_path / "label.key")
    assert [entry.name for entry in tmp_path.iterdir()] == [taken]
    assert (tmp_path / taken).read_text() == "mine"


def test_a_key_never_lies_in_a_store(tmp_path: Path) -> None:
    inside = tmp_path / ".takesheet" / "deeper"
    inside.mkdir(parents=True)
    (tmp_path / "way in").symlink_to(inside)
    for place in (inside / "key", tmp_path / "way in" / "key"):
        with pytest.raises(Refused, match=r"key\.place"):
            make_key(place)
    assert list(inside.iterdir()) == []


def test_what_is_no_key_of_ours_is_told(tmp_path: Path, key: Path) -> None:
    rsa = generate_private_key(public_exponent=65537, key_size=2048)
    locked = load_pem_private_key(key.read_bytes(), None)
    files = {
        "text": b"no key",
        "rsa": rsa.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")),
        "locked": locked.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")),
        "rsa.pub": rsa.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(Misused, match=r"key\.file"):
            (public_key if name.endswith(".pub") else signer)(tmp_path / name)
    for take in (signer, public_key):
        with pytest.raises(NotFound, match="no key at"):
            take(tmp_path / "none")
        with pytest.raises(Misused):
            take(key if take is public_key else key.with_name("label.key.pub"))
