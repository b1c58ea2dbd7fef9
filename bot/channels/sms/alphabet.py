"""Octets of the GSM 7-bit alphabet (3GPP TS 23.038, one septet an octet), as some operators hand them over."""

ESCAPE = 0x1B
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""Each character stands at its code."""

EXTENSION = dict(zip(b"\x0a\x14\x28\x29\x2f\x3c\x3d\x3e\x40\x65", "\f^{}\\[~]|€", strict=True))
"""What follows an escape. Where nothing is defined, the standard wants the character of the basic table."""


def decode_gsm(octets: bytes) -> str:
    """Return the text of unpacked septets; an octet over 127, which no septet is, becomes "\ufffd"."""
    text, escaped = [], False
    for octet in octets:
        if octet == ESCAPE and not escaped:
            escaped = True
            continue
        basic = BASIC[octet] if octet < len(BASIC) else "\ufffd"
        text.append(EXTENSION.get(octet, basic) if escaped else basic)
        escaped = False
    return "".join(text)
