"""The banks of the exchange, by model, with their names and whether they are open."""

OPEN, BLOCKED = "A", "B"

# Ids come in no order, as they do from FPX; names never travel in the list.
B2C = {
    "MB2U0227": ("Maybank2U", OPEN),
    "ABMB0212": ("Alliance Bank (Personal)", OPEN),
    "TEST0022": ("SBI BANK B", OPEN),
    "CIT0219": ("Citibank", BLOCKED),
    "BIMB0340": ("Bank Islam", OPEN),
    "UOB0226": ("UOB Bank", OPEN),
    "BCBB0235": ("CIMB Clicks", OPEN),
    "HLB0224": ("Hong Leong Bank", OPEN),
    "TEST0021": ("SBI BANK A", OPEN),
    "BSN0601": ("BSN", OPEN),
    "AMBB0209": ("AmBank", OPEN),
    "ABB0233": ("Affin Bank", OPEN),
    "RHB0218": ("RHB Bank", OPEN),
    "SCB0216": ("Standard Chartered", OPEN),
    # No merchant knows it yet: new ids appear without notice.
    "NEWB0999": ("NEW BANK", OPEN),
    "BKRM0602": ("Bank Rakyat", OPEN),
    "HSBC0223": ("HSBC Bank", OPEN),
    "AGRO01": ("AGRONet", OPEN),
    "KFH0346": ("KFH", OPEN),
    "PBB0233": ("Public Bank", OPEN),
    "OCBC0229": ("OCBC Bank", OPEN),
    "BMMB0341": ("Bank Muamalat", OPEN),
    "BOCM01": ("Bank Of China", OPEN),
    "TEST0023": ("SBI BANK C", BLOCKED),
}
B2B1 = {
    "ABMB0213": ("Alliance Bank (Business)", OPEN),
    "TEST0022": ("SBI BANK B", OPEN),
    "MBB0228": ("Maybank2E", OPEN),
    "TEST0021": ("SBI BANK A", OPEN),
    "DBB0199": ("Deutsche Bank", BLOCKED),
    "PBB0234": ("Public Bank PB enterprise", OPEN),
}
BY_MODEL = {"01": B2C, "02": B2B1}


def bank_list(model: str) -> str:
    """The list as it travels: `ID~A` or `ID~B`, joined by commas."""
    return ",".join(f"{bank}~{state}" for bank, (_, state) in BY_MODEL[model].items())


def name_of(model: str, bank: str) -> str:
    """The bank's display name; empty for one that the exchange does not know."""
    return BY_MODEL.get(model, {}).get(bank, ("", BLOCKED))[0]


def is_known(model: str, bank: str) -> bool:
    """Whether the exchange has that bank."""
    return bank in BY_MODEL.get(model, {})


def is_open(model: str, bank: str) -> bool:
    """Whether that bank takes payments now."""
    return is_known(model, bank) and BY_MODEL[model][bank][1] == OPEN
