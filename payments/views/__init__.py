"""Pages of a payment, and the two addresses that FPX calls."""
