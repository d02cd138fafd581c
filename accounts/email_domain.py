"""Domains of mail as fingers miss them: what somebody probably meant, to be asked about."""

_ENDINGS = {
    **dict.fromkeys(("con", "cmo", "ocm", "comm", "coom", "cim", "vom", "xom", "cpm"), "com"),
    **dict.fromkeys(("com.mt", "com.ny", "con.my", "vom.my", "cim.my"), "com.my"),
}
_DOMAINS = {
    **dict.fromkeys(
        ("gmial.com", "gmai.com", "gmal.com", "gmali.com", "gamil.com", "gnail.com", "gmil.com"),
        "gmail.com",
    ),
    **dict.fromkeys(("gmail.co", "gmail.cm", "gmail.om", "gmail.my", "gmail.com.my"), "gmail.com"),
    **dict.fromkeys(("hotmial.com", "hotmai.com", "hotmal.com", "hotmail.co"), "hotmail.com"),
    **dict.fromkeys(("yaho.com", "yhoo.com", "yahooo.com", "yahoo.co"), "yahoo.com"),
    **dict.fromkeys(("outlok.com", "outloo.com", "outlook.co"), "outlook.com"),
    **dict.fromkeys(("iclod.com", "icloud.co"), "icloud.com"),
}


def meant(address: str) -> str:
    """The address that somebody probably meant, or "" where nothing speaks for another."""
    name, _at, domain = address.rpartition("@")
    right = domain = domain.lower()
    for wrong, ending in _ENDINGS.items():
        if domain.endswith(f".{wrong}"):
            right = domain.removesuffix(wrong) + ending
            break
    right = _DOMAINS.get(right, right)
    return "" if right == domain else f"{name}@{right}"
