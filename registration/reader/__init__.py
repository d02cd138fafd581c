"""Makes clean pictures, or a clean PDF, of an uploaded file. A program of its own, without Django.

Whatever a hostile file does to a decoder happens in that process, which has little memory, little
time, no secrets, and may open nothing more: no file, and no line to anywhere.
"""
