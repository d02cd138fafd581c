"""The stories of a payment: begun, told of, credited, asked about, given up."""
