"""The worker gets its drawing things ready; receipts forgotten in the queue the outbox sweeps.

Celery loads this module in the worker only: the library is there before it forks, fonts and style
sheet are each child's own.
"""

import gc
from typing import Any

from celery.signals import worker_process_init

from receipts import pdf


@worker_process_init.connect
def prepare_to_draw(**signal: Any) -> None:
    """Loads fonts and style sheet, so that no driver waits for them.

    What is loaded by then stays, so the garbage collector is told to leave it alone: walking it
    again and again was a quarter of the drawing.
    """
    pdf.studio()
    gc.freeze()
