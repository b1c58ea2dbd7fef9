"""What protects people in the database: keyed hashes in place of addresses, sealed texts in place of clear ones."""

import hashlib
import hmac
from base64 import b64decode, b64encode
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MIN_KEY_LENGTH = 32
"""Characters of the operator's key, so that trying all of them is out of reach."""

PSEUDONYM_BYTES = 16
NONCE_BYTES = 12
"""Drawn for each text (NIST SP 800-38D, 8.2.2): one key seals some four thousand million of them safely."""


class Secrecy:
    """Two keys derived from the operator's one (HKDF, RFC 5869): one to hash with, one to seal with (AES-GCM)."""

    def __init__(self, key: str) -> None:
        if len(key) < MIN_KEY_LENGTH:
            raise ValueError(f"a key has at least {MIN_KEY_LENGTH} characters")
        self._hashing = _derive(key, b"pseudonyms")
        self._box = AESGCM(_derive(key, b"sealing"))

    def pseudonym(self, *parts: str) -> str:
        """Return what stands for an address: always the same, and nothing without the key tells whose it is."""
        said = "\0".join(parts).encode(errors="surrogatepass")
        return hmac.digest(self._hashing, said, hashlib.sha256)[:PSEUDONYM_BYTES].hex()

    def seal(self, text: str) -> str:
        """Return the text so that it can only be opened with the key."""
        nonce = token_bytes(NONCE_BYTES)
        return b64encode(nonce + self._box.encrypt(nonce, text.encode(errors="surrogatepass"), None)).decode()

    def open(self, sealed: str) -> str:
        """Return a sealed text. Raises `SceauInconnu`."""
        try:
            whole = b64decode(sealed, validate=True)
            text = self._box.decrypt(whole[:NONCE_BYTES], whole[NONCE_BYTES:], None)
        except (InvalidTag, ValueError):
            raise SceauInconnu from None
        return text.decode(errors="surrogatepass")


class SceauInconnu(Exception):
    """Sealed with another key, or damaged."""


def _derive(key: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"aiguilleur " + purpose).derive(key.encode())
