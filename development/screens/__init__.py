"""`make screens`: takes the pictures that README.md shows, anew."""
