"""The stories of a receipt: issued, checked by anyone, corrected by an officer."""
