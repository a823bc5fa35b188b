"""The gateway's own key, once it has one: what it signs, nobody else can have made."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from agent.store.bundle import Signer

NAME = "gateway.key"


class KeyFileError(Exception):
    """There is a key file, but it cannot be used; the text names it and the cure."""


def signer_in(folder: Path) -> Signer | None:
    """The signer by ``gateway.key`` (PEM, PKCS 8, Ed25519) in `folder`; None when there is none.

    Raises `KeyFileError`: a key that is there and cannot be used must not pass for one that was never made.
    """
    path = folder / NAME
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        why = error.strerror if isinstance(error, OSError) else "no private key in PEM without a password"
        raise KeyFileError(f"{path}: {why}; put the gateway's key back, or run this as the daemon's user") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError(f"{path}: not an Ed25519 key; make one with: openssl genpkey -algorithm ed25519 -out {path}")
    return Signer(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex(), key.sign)
