"""Decode text files that spreadsheets wrote: UTF-8, UTF-16 or Windows-1252. Free of PyTorch."""

import codecs

UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
NOT_UTF_8 = "Read as Windows-1252, for it is no UTF-8: save it as UTF-8 if names look wrong."


def encoding_of(content: bytes) -> str:
    """The encoding of a text: UTF-16 by its first two bytes (Excel's "Unicode text"), else "utf-8-sig" if
    all of it is UTF-8, else "cp1252" (Excel's "CSV" in Western Europe). UnicodeDecodeError if it is none of them.
    """
    if content.startswith(UTF_16_MARKS):
        content.decode("utf-16")
        return "utf-16"
    try:
        content.decode("utf-8-sig")
        return "utf-8-sig"
    except UnicodeDecodeError:
        content.decode("cp1252")
        return "cp1252"
