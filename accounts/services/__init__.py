"""The stories of accounts: sign-up, opening, log-in, devices, forgotten password, officers."""
