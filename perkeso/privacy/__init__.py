"""What a person may ask of us about themselves: a copy of everything, and the end of the account.

It sees every app, and so lies at the top.
"""
