"""What protects people in the database: keyed hashes in place of addresses, sealed texts in place of clear ones."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MIN_KEY_LENGTH = 32
"""Characters of the operator's key, so that trying all of them is out of reach."""

PSEUDONYM_BYTES = 16


class Secrecy:
    """Two keys derived from the operator's one (HKDF, RFC 5869): one to hash with, one to seal with (Fernet)."""

    def __init__(self, key: str) -> None:
        if len(key) < MIN_KEY_LENGTH:
            raise ValueError(f"a key has at least {MIN_KEY_LENGTH} characters")
        self._hashing = _derive(key, b"pseudonyms")
        self._box = Fernet(urlsafe_b64encode(_derive(key, b"sealing")))

    def pseudonym(self, *parts: str) -> str:
        """Return what stands for an address: always the same, and nothing without the key tells whose it is."""
        said = "\0".join(parts).encode(errors="surrogatepass")
        return hmac.digest(self._hashing, said, hashlib.sha256)[:PSEUDONYM_BYTES].hex()

    def seal(self, text: str) -> str:
        """Return the text so that it can only be opened with the key."""
        return self._box.encrypt(text.encode(errors="surrogatepass")).decode()

    def open(self, sealed: str) -> str:
        """Return a sealed text. Raises `SceauInconnu`."""
        try:
            return self._box.decrypt(sealed.encode()).decode(errors="surrogatepass")
        except InvalidToken:
            raise SceauInconnu from None


class SceauInconnu(Exception):
    """Sealed with another key, or damaged."""


def _derive(key: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"aiguilleur " + purpose).derive(key.encode())
