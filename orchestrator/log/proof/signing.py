"""Ed25519 keys (RFC 8032) in PEM files, by ``cryptography``; made and kept outside every store."""

from __future__ import annotations

import os
from shlex import quote
from typing import TYPE_CHECKING

from domain.core.refusal import Misused, NotFound, Refused
from orchestrator.new_file import new_file

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PUBLIC = ".pub"
_STORE = ".takesheet"


def make_key(file: Path) -> tuple[Path, bytes]:
    """Create a key pair: the private half in *file*, readable by its owner alone, the public half beside it.

    Returns:
        The file of the public half, and its 32 bytes.

    Raises:
        Refused: ``key.place``, *file* is within a store; ``file.exists``.
        Misused: ``key.place``, *file* has no name.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

    if not file.name:
        raise Misused("key.place", f"{str(file)!r} is no name of a file", next="name a file outside every store")
    keep_outside(file, "key.place", "a key in the store would be lost with it, and signs for whoever took it")
    private, public = Ed25519PrivateKey.generate(), file.with_name(file.name + PUBLIC)
    with new_file(file) as draft, new_file(public) as beside:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as half:
            half.write(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        beside.write_bytes(private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return public, private.public_key().public_bytes_raw()


def signer(file: Path) -> Ed25519PrivateKey:
    """Read the private key in *file*.

    Raises:
        NotFound: ``key.file``.
        Misused: ``key.file``; it holds no Ed25519 private key, or is protected by a password.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(_bytes(file), password=None)
    except (ValueError, TypeError):
        raise Misused("key.file", f"{file} holds no private key of log keygen") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise Misused("key.file", f"{file} holds a key of another kind than Ed25519")
    return key


def public_key(file: Path) -> bytes:
    """Read the public key in *file*, 32 bytes.

    Raises:
        NotFound: ``key.file``.
        Misused: ``key.file``; it holds no Ed25519 public key.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(_bytes(file))
    except ValueError:
        raise Misused("key.file", f"{file} holds no public key of log keygen") from None
    if not isinstance(key, Ed25519PublicKey):
        raise Misused("key.file", f"{file} holds a key of another kind than Ed25519")
    return key.public_bytes_raw()


def is_signed(key: bytes, signature: bytes, message: bytes) -> bool:
    """True if *signature* over *message* was made with the private half of *key*.

    Anybody can make a key, and a few public keys of small order, such as 32 zeros, accept forged signatures.  So a
    signature identifies its signer only if the owner of the key is known.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def keep_outside(file: Path, rule: str, reason: str) -> None:
    """Refuse a *file* within a store.  Raises: Refused *rule*, with *reason*."""
    if _STORE in file.resolve().parts:
        raise Refused(rule, f"{file} lies in a store: {reason}", next="name a file outside, best on another machine")


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise NotFound("key.file", f"no key at {file}", next=f"takesheet log keygen {quote(str(file))}") from None
