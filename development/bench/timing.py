"""CPU time of one act, and how it is printed beside its reference."""

import time
from collections.abc import Callable


def cpu_ms(act: Callable[[], object], times: int) -> float:
    """Mean CPU milliseconds of this process for one act."""
    started = time.process_time()
    for _number in range(times):
        act()
    return 1000 * (time.process_time() - started) / times


def compared(name: str, ms: float, reference: str, reference_ms: float) -> str:
    """A line of the table: what ours costs beside its reference, both in milliseconds."""
    return (
        f"{name:<22} {1000 / ms:8.1f} /s  {ms:6.2f} ms CPU each"
        f"   {reference}: {reference_ms:.2f} ms, ratio {ms / reference_ms:.2f}"
    )
