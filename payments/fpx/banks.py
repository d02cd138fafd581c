"""Names of the banks: FPX's list has ids only, and may hold new ones without notice."""

_NAMES = {
    "ABB0233": "Affin Bank",
    "ABMB0212": "Alliance Bank (Personal)",
    "AGRO01": "AGRONet",
    "AMBB0209": "AmBank",
    "BCBB0235": "CIMB Clicks",
    "BIMB0340": "Bank Islam",
    "BKRM0602": "Bank Rakyat",
    "BMMB0341": "Bank Muamalat",
    "BOCM01": "Bank Of China",
    "BSN0601": "BSN",
    "CIT0219": "Citibank",
    "HLB0224": "Hong Leong Bank",
    "HSBC0223": "HSBC Bank",
    "KFH0346": "KFH",
    "MB2U0227": "Maybank2U",
    "MBB0228": "Maybank2E",
    "MBSB001": "MBSB Bank",
    "OCBC0229": "OCBC Bank",
    "PBB0233": "Public Bank",
    "RHB0218": "RHB Bank",
    "SCB0216": "Standard Chartered",
    "UOB0226": "UOB Bank",
    # PayNet's test banks; its production list never has them.
    "ABB0234": "Affin B2C - Test ID",
    "LOAD001": "Load Bank",
    "MBBM2U2": "M2U Test",
    "TEST0001": "Test 0001",
    "TEST0002": "Test 0002",
    "TEST0003": "Test 0003",
    "TEST0004": "Test 0004",
    "TEST0005": "Test 0005",
    "TEST0021": "SBI Bank A",
    "TEST0022": "SBI Bank B",
    "TEST0023": "SBI Bank C",
    "UOB0229": "UOB Bank - Test ID",
}


# The five largest of the country: most payers need not look further.
_POPULAR = {"BCBB0235", "HLB0224", "MB2U0227", "PBB0233", "RHB0218"}


def is_popular(bank_id: str) -> bool:
    """True for a bank that many payers have."""
    return bank_id in _POPULAR


def is_known(bank_id: str) -> bool:
    return bank_id in _NAMES


def name_of(bank_id: str) -> str:
    """The name that its customers know; the bare id of an unknown one."""
    return _NAMES.get(bank_id, bank_id)
