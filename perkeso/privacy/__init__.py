"""What a person may ask of us about himself: a copy of everything, and the end of his account.

It sees every app, and so lies at the top.
"""
