"""The stories of a payment: begun, told of, settled, asked about, given up."""
