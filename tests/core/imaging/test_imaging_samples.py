"""Samples: files of the installed pydicom package, never the network, never another folder."""

import socket

import pytest

from core.errors import ImageError
from core.imaging.samples import sample_bytes


def test_sample_is_a_dicom_file():
    assert sample_bytes("CT_small.dcm")[128:132] == b"DICM"


def test_sample_in_a_folder_is_found():
    assert sample_bytes("dicomdirtests/77654033/CR1/6154")[128:132] == b"DICM"


@pytest.mark.parametrize("name", ["", "/etc/hostname", "../__init__.py", "dicomdirtests"])
def test_anything_but_a_sample_file_is_refused(name):
    with pytest.raises(ImageError):
        sample_bytes(name)


def test_sample_that_pydicom_would_download_is_refused_without_network(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "create_connection", refuse)

    with pytest.raises(ImageError, match=r"emri_small\.dcm"):
        sample_bytes("emri_small.dcm")
