"""Photographs without the place where they were taken: the pixels are not touched.

Cameras and phones write the position in the EXIF block, some write it again in XMP. The first is
blanked where it is, so that the rest (orientation, date, maker's notes) stays readable; any other
block that speaks of GPS is dropped. What follows the end of the image goes too: phones append a
video there, which has its own position, and nothing honest needs it.
"""

import struct
import zlib
from collections.abc import Callable, Iterator

EXIF_HEADER = b"Exif\0\0"
GPS_TAG = 0x8825
GPS_WORD = b"gps"
TIFF_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}
TIFF_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
MAX_IFD = 1_000  # entries
JPEG_KEPT = {0xE0, 0xE2, 0xEE}  # JFIF, colour profile and depth maps, Adobe: never a position
JPEG_END = 0xD9
JPEG_SCAN = 0xDA
PNG_MARK = b"\x89PNG\r\n\x1a\n"
PNG_TEXTS = (b"tEXt", b"zTXt", b"iTXt")
Blocks = Iterator[bytes | memoryview]


class Unreadable(Exception):
    """Not the structure that this format has."""


def without_position(content: bytes) -> bytes:
    """The same image without its position; the same object when there is nothing to take away.

    Raises Unreadable if the image is damaged. A content that is no JPEG, PNG nor WebP is returned
    as it is.
    """
    for mark, read in READERS.items():
        if content.startswith(mark):
            try:
                cleaned = b"".join(read(memoryview(content)))
            except (struct.error, IndexError, zlib.error) as error:
                raise Unreadable from error
            return content if cleaned == content else cleaned
    return content


# --- JPEG ----------------------------------------------------------------------------------------
def _jpeg(data: memoryview) -> Blocks:
    yield data[:2]
    position = 2
    while True:
        if data[position] != 0xFF:
            raise Unreadable
        marker = data[position + 1]
        if marker == 0xFF:  # padding
            position += 1
            continue
        if marker == JPEG_END:
            yield data[position : position + 2]
            return
        (length,) = struct.unpack_from(">H", data, position + 2)
        end = position + 2 + length
        yield from _jpeg_segment(marker, data[position:end])
        if marker == JPEG_SCAN:
            after = _end_of_scan(data, end)
            yield data[end:after]
            end = after
        position = end


def _end_of_scan(data: memoryview, start: int) -> int:
    """Where the next marker is: in compressed pixels, FF is followed by 00 or by a restart mark."""
    content = data.obj
    assert isinstance(content, bytes)
    position = content.find(b"\xff", start)
    while position >= 0:
        following = content[position + 1]
        if following and not 0xD0 <= following <= 0xD7:
            return position
        position = content.find(b"\xff", position + 2)
    raise Unreadable


def _jpeg_segment(marker: int, segment: memoryview) -> Blocks:
    if not (0xE0 <= marker <= 0xEF or marker == 0xFE) or marker in JPEG_KEPT:
        yield segment
        return
    body = bytes(segment[4:])
    if body.startswith(EXIF_HEADER):
        blanked = EXIF_HEADER + _blank(body[len(EXIF_HEADER) :])
        yield segment[:4]
        yield blanked
    elif GPS_WORD not in body.lower():
        yield segment


# --- PNG -----------------------------------------------------------------------------------------
def _png(data: memoryview) -> Blocks:
    yield PNG_MARK
    position = len(PNG_MARK)
    kind = b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        if end > len(data):
            raise Unreadable
        body = data[position + 8 : end - 4]
        if kind == b"eXIf":
            yield _png_chunk(kind, _blank(bytes(body)))
        elif kind not in PNG_TEXTS or not _tells_position(kind, bytes(body)):
            yield data[position:end]
        position = end


def _png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _tells_position(kind: bytes, body: bytes) -> bool:
    """Texts may be compressed, or be the EXIF block written in hexadecimal."""
    keyword, _, text = body.partition(b"\0")
    if b"exif" in keyword.lower() or keyword == b"Raw profile type APP1":
        return True
    packed = kind == b"zTXt" or (kind == b"iTXt" and text[:1] == b"\1")
    if not packed:
        return GPS_WORD in body.lower()
    start = text[1:] if kind == b"zTXt" else text[2:].split(b"\0", 2)[-1]
    unpacker = zlib.decompressobj()
    try:
        read = unpacker.decompress(start, 1 << 20)
    except zlib.error:
        return True
    return bool(unpacker.unconsumed_tail) or GPS_WORD in read.lower()


# --- WebP ----------------------------------------------------------------------------------------
def _webp(data: memoryview) -> Blocks:
    if bytes(data[8:12]) != b"WEBP":
        raise Unreadable
    end = min(len(data), 8 + struct.unpack_from("<I", data, 4)[0])
    chunks = []
    position = 12
    while position < end:
        kind, length = struct.unpack_from("<4sI", data, position)
        following = position + 8 + length + length % 2
        body = bytes(data[position + 8 : position + 8 + length])
        if kind == b"EXIF":
            prefix = EXIF_HEADER if body.startswith(EXIF_HEADER) else b""
            blanked = prefix + _blank(body.removeprefix(EXIF_HEADER))
            chunks.append(struct.pack("<4sI", kind, len(blanked)) + blanked + b"\0" * (length % 2))
        elif kind == b"XMP " and GPS_WORD in body.lower():
            # In its place, so that the header's flag stays true.
            chunks.append(struct.pack("<4sI", kind, 0))
        else:
            chunks.append(bytes(data[position:following]))
        position = following
    yield b"RIFF" + struct.pack("<I", 4 + sum(map(len, chunks))) + b"WEBP"
    yield from chunks


READERS: dict[bytes, Callable[[memoryview], Blocks]] = {
    b"\xff\xd8\xff": _jpeg,
    PNG_MARK: _png,
    b"RIFF": _webp,
}


# --- EXIF ----------------------------------------------------------------------------------------
def _blank(tiff: bytes) -> bytes:
    """The same block, of the same length, without its GPS directory; all zeros if unreadable."""
    order = TIFF_ORDERS.get(tiff[:4])
    if order is None:
        return bytes(len(tiff))
    data = bytearray(tiff)
    try:
        (position,) = struct.unpack_from(f"{order}I", data, 4)
        _remove_gps(data, order, position)
    except (struct.error, IndexError):
        return bytes(len(tiff))
    return bytes(data)


def _remove_gps(data: bytearray, order: str, position: int) -> None:
    """From the main directory, wherever it is named in it; what follows it moves up."""
    (count,) = struct.unpack_from(f"{order}H", data, position)
    if count > MAX_IFD:
        raise IndexError
    rank = 0
    while rank < count:
        entry = position + 2 + 12 * rank
        tag, _, _, value = struct.unpack_from(f"{order}HHII", data, entry)
        if tag != GPS_TAG:
            rank += 1
            continue
        _erase_directory(data, order, value)
        end = position + 2 + 12 * count + 4
        data[entry:end] = data[entry + 12 : end] + bytes(12)
        count -= 1
        struct.pack_into(f"{order}H", data, position, count)


def _erase_directory(data: bytearray, order: str, position: int) -> None:
    (count,) = struct.unpack_from(f"{order}H", data, position)
    if count > MAX_IFD:
        raise IndexError
    for entry in range(position + 2, position + 2 + 12 * count, 12):
        _, kind, number, value = struct.unpack_from(f"{order}HHII", data, entry)
        size = TIFF_SIZES.get(kind, 1) * number
        if size > 4:
            end = min(len(data), value + size)
            data[value:end] = bytes(max(0, end - value))
    end = min(len(data), position + 2 + 12 * count)
    data[position:end] = bytes(end - position)
