"""A person as a report or a page may show them: enough to know one's own case, not to learn a NIK."""

from __future__ import annotations

DOT = "•"


def masked_nik(nik: str) -> str:
    """The NIK with its middle hidden: 3275••••••••0001. What is not 16 characters long is hidden wholly."""
    return f"{nik[:4]}{DOT * 8}{nik[-4:]}" if len(nik) == 16 else DOT * len(nik)


def masked_name(name: str) -> str:
    """Initials and lengths: "SITI NUR AISYAH" is "S••• N•• A•••••"."""
    return " ".join(word[0] + DOT * (len(word) - 1) for word in name.split())


def shape(value: str) -> str:
    """The value's shape without its content: "3.17E+15" is "9.99A+99"; enough to see how it was damaged."""

    def kind(sign: str) -> str:
        if sign.isdigit():
            return "9"
        if sign.isalpha():
            return "A" if sign.isupper() else "a"
        return sign

    return "".join(kind(sign) for sign in value)
