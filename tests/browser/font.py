# SPDX-License-Identifier: Apache-2.0
"""The smallest font that browsers accept: TrueType, one empty glyph, no character."""

import struct


def font():
    tables = {
        b"OS/2": struct.pack(">HhHHH", 4, 500, 400, 5, 0)
        + struct.pack(">10h", *[100] * 10)
        + struct.pack(">h", 0)
        + bytes(10)
        + bytes(16)
        + b"test"
        + struct.pack(">HHHhhhHH", 64, 32, 32, 800, -200, 0, 800, 200)
        + bytes(8)
        + struct.pack(">hhHHH", 500, 700, 0, 32, 0),
        b"cmap": struct.pack(">HH", 0, 1)
        + struct.pack(">HHI", 3, 1, 12)
        + struct.pack(">HHHHHHH", 4, 24, 0, 2, 2, 0, 0)
        + struct.pack(">HHHhH", 0xFFFF, 0, 0xFFFF, 1, 0),
        b"glyf": bytes(4),
        b"head": struct.pack(">IIIIHHqq", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0, 1000, 0, 0)
        + struct.pack(">hhhhHHhhh", 0, 0, 0, 0, 0, 8, 2, 0, 0),
        b"hhea": struct.pack(">IhhhH11hH", 0x10000, 800, -200, 0, 500, *(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0), 1),
        b"hmtx": struct.pack(">Hh", 500, 0),
        b"loca": struct.pack(">HH", 0, 0),
        b"maxp": struct.pack(">IH", 0x10000, 1) + struct.pack(">13H", 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0),
        b"name": struct.pack(">HHH", 0, 0, 6),
        b"post": struct.pack(">IIhhIIIII", 0x30000, 0, 0, 0, 0, 0, 0, 0, 0),
    }
    return assembled(tables)


def assembled(tables):
    offset = 12 + 16 * len(tables)
    directory, body = struct.pack(">IHHHH", 0x10000, len(tables), 128, 3, 32), b""
    for tag, data in sorted(tables.items()):
        padded = data + bytes(-len(data) % 4)
        directory += tag + struct.pack(">III", checksum(padded), offset + len(body), len(data))
        body += padded
    return directory + body


def checksum(padded):
    return sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
