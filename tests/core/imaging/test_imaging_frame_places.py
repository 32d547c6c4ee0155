"""Which bytes of a packed DICOM file belong to a frame, and what is refused when they lie."""

import struct
from io import BytesIO

import numpy as np
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import JPEGLSLossless

from core.imaging.dicom.frames import FramePlaces
from core.imaging.dicom.header import read_first_part
from core.imaging.extent import extent_of
from tests.core.imaging.imaging_files import as_bytes, make_dataset

STREAMS = [bytes([0xA0 + number]) * (40 + 10 * number) for number in range(3)]


def packed(streams, *, fragments=1, has_table=True):
    dataset = make_dataset(np.zeros((4, 4), np.int16), NumberOfFrames=len(streams))
    dataset.file_meta.TransferSyntaxUID = JPEGLSLossless
    dataset.PixelData = encapsulate(streams, fragments_per_frame=fragments, has_bot=has_table)
    dataset["PixelData"].VR = "OB"
    return as_bytes(dataset)


def places_of(data, count):
    file = BytesIO(data)
    header = read_first_part(file, data[:4096], name="x")
    return FramePlaces(header, extent_of(data), file.tell(), count, frame_bytes=0)


def start_of(data, stream):
    """Return where the item begins that holds a stream of one fragment."""
    return data.index(stream) - 8


@pytest.mark.parametrize(("fragments", "has_table"), [(1, True), (1, False), (2, True)])
def test_every_frame_is_found_by_a_table_or_by_looking(fragments, has_table):
    places = places_of(packed(STREAMS, fragments=fragments, has_table=has_table), 3)

    assert [places.read(index) for index in (2, 0, 1)] == [STREAMS[2], STREAMS[0], STREAMS[1]]


def test_all_fragments_belong_to_the_only_frame_without_a_table():
    assert places_of(packed(STREAMS[:1], fragments=4, has_table=False), 1).read(0) == STREAMS[0]


def test_fragments_that_could_belong_to_any_frame_are_refused():
    with pytest.raises(ValueError, match="is not said"):
        places_of(packed(STREAMS, fragments=2, has_table=False), 3).find()


@pytest.mark.parametrize("index", [-1, 3])
def test_a_frame_that_is_not_there_is_refused(index):
    with pytest.raises(ValueError, match="no such frame"):
        places_of(packed(STREAMS), 3).read(index)


def test_a_fragment_that_reaches_into_the_next_frame_is_refused():
    data = bytearray(packed(STREAMS))
    at = start_of(data, STREAMS[0])
    data[at + 4 : at + 8] = struct.pack("<I", len(STREAMS[0]) + 20)

    with pytest.raises(ValueError, match="longer than"):
        places_of(bytes(data), 3).read(0)


def test_more_frames_than_a_file_has_room_for_are_refused_at_once():
    data = packed(STREAMS)

    with pytest.raises(ValueError, match="cannot hold so many"):
        places_of(data, len(data))
