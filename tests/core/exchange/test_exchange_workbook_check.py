"""A workbook of a few kilobytes cannot fill the memory."""

import io
import zipfile

import openpyxl
import pytest

from core.errors import ExchangeError
from core.exchange.table import read_question_table

END = b"</sheetData>"
DOCTYPE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><worksheet'


def cell(reference):
    return b'<c r="%s" t="inlineStr"><is><t>x</t></is></c>' % reference


def write(path, old, new):
    """Write a workbook of one question, with `old` replaced in its sheet."""
    book = openpyxl.Workbook()
    book.active.append(["stem", "format", "key"])
    book.active.append(["Is it axial?", "yes/no", "yes"])
    plain = io.BytesIO()
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for part in source.infolist():
            data = source.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                assert old in data
                data = data.replace(old, new)
            out.writestr(part.filename, data)
    return path


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (END, b'<row r="1000000000">' + cell(b"A1000000000") + b"</row>" + END),
        (END, b'<row r="1e9">' + cell(b"A1") + b"</row>" + END),
        (END, b"".join(b"<row>" + cell(b"XFD%d" % n) + b"</row>" for n in range(3, 1500)) + END),
        (END, b"".join(b'<row><c r="XFD%d"/></row>' % n for n in range(3, 1500)) + END),
        (END, b"<row>" + b"<c/>" * 20_000 + b"</row>" + END),
        (END, b"<row>" + b"<x/>" * 200_000 + b"</row>" + END),
        (END, b"<row/>" * 1_100_000 + END),
        (b"<worksheet", DOCTYPE),
    ],
    ids=["far", "far as float", "wide", "wide, empty", "cells", "others", "rows", "doctype"],
)
def test_workbook_without_end_is_refused_before_it_is_read(tmp_path, old, new):
    path = write(tmp_path / "bomb.xlsx", old, new)
    with pytest.raises(ExchangeError, match="too large once unpacked, or no plain workbook"):
        read_question_table(path)


def test_workbook_with_a_format_down_to_its_last_row_is_read(tmp_path):
    styled = b'<row r="1048576"><c r="XFD1048576" s="0"/></row>' + END
    read = read_question_table(write(tmp_path / "plain.xlsx", END, styled))
    assert [one.body.stem for one in read.questions] == ["Is it axial?"]


def test_workbook_with_an_encrypted_part_is_not_readable(tmp_path):
    path = write(tmp_path / "locked.xlsx", END, END)
    data = bytearray(path.read_bytes())
    for start, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(start)
        while place >= 0:
            data[place + flags] |= 1
            place = data.find(start, place + 4)
    path.write_bytes(data)
    with pytest.raises(ExchangeError, match="not readable as an Excel workbook"):
        read_question_table(path)
