"""A HEIC of many tiles, as phones make them, put together of one picture shown again and again."""

import struct

GRID = 1000  # the item of the grid; tiles are counted from 1


def box(name, *content):
    """A box of ISO base media: its length, its name, what it holds."""
    inside = b"".join(content)
    return struct.pack(">L4s", len(inside) + 8, name) + inside


def full(name, *content, version=0, flags=0):
    """A box with a version."""
    return box(name, bytes([version]), flags.to_bytes(3), *content)


def find(content, name):
    """The box of this name, whole; only names that no other bytes spell are asked for."""
    at = content.index(name) - 4
    return content[at : at + int.from_bytes(content[at : at + 4])]


def grid(tile, columns, rows):
    """`tile`, a HEIC of one picture, so many times side by side."""
    hvcc, ispe, mdat = (find(tile, name) for name in (b"hvcC", b"ispe", b"mdat"))
    width, height = struct.unpack(">LL", ispe[12:20])
    size = columns * width, rows * height
    said = struct.pack(">BBBBLL", 0, 1, rows - 1, columns - 1, *size)
    tiles = range(1, columns * rows + 1)
    whole = full(b"ispe", struct.pack(">LL", *size))
    facts = hvcc, ispe, whole
    head = box(b"ftyp", b"heic", bytes(4), b"mif1", b"heic")
    unplaced = _meta(tiles, facts, 0, len(mdat) - 8, len(said))
    at = len(head) + len(unplaced) + 8
    meta = _meta(tiles, facts, at, len(mdat) - 8, len(said))
    return head + meta + box(b"mdat", mdat[8:], said)


def _meta(tiles, facts, at, length, said):
    """What there is and where: the tiles at `at`, what the grid says behind them."""
    count = struct.pack(">H", len(tiles) + 1)
    places = [(GRID, at + length, said), *((tile, at, length) for tile in tiles)]
    iloc = b"".join(struct.pack(">HHHLL", item, 0, 1, *place) for item, *place in places)
    kinds = [(GRID, b"grid"), *((tile, b"hvc1") for tile in tiles)]
    infe = [full(b"infe", struct.pack(">HH4sB", *kind_of(kind)), version=2) for kind in kinds]
    uses = [(GRID, 1, 3), *((tile, 2, 0x81, 2) for tile in tiles)]
    ipma = b"".join(struct.pack(">H", item) + bytes(rest) for item, *rest in uses)
    parts = struct.pack(f">HH{len(tiles)}H", GRID, len(tiles), *tiles)
    return full(
        b"meta",
        full(b"hdlr", bytes(4), b"pict", bytes(13)),
        full(b"pitm", struct.pack(">H", GRID)),
        full(b"iloc", b"\x44\0", count, iloc),
        full(b"iinf", count, *infe),
        full(b"iref", box(b"dimg", parts)),
        box(b"iprp", box(b"ipco", *facts), full(b"ipma", struct.pack(">L", len(uses)), ipma)),
    )


def kind_of(kind):
    """An item's number and kind as its entry says them; without protection and name."""
    item, name = kind
    return item, 0, name, 0
