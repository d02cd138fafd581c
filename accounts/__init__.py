"""Who you are: IC number, codes, secret phrase, password."""
