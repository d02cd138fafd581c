"""The pages and end points of the outside world.

None checks a CSRF token: the middleware is not installed, since scripts and other sites post here.
"""
