"""Write dcmtk_hashes.json: what dcmtk makes of every picture in pydicom's package.

Needs the Debian packages dcmtk and libgdcm-tools (JPEG 2000 is made raw by GDCM first, because
dcmtk 3.6.7 has no JPEG 2000). Run it with the
project's Python.
Only hashes are kept: where some of the pictures come from is unclear.
"""

import base64
import hashlib
import json
import math
import shutil
import subprocess
import sys
import tempfile
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from PIL import Image

HASHES = Path(__file__).with_name("dcmtk_hashes.json")
FOLDER = Path(pydicom.__file__).parent / "data"
PROGRAMS = {"1.2.840.10008.1.2.4.8": "dcml2pnm", "1.2.840.10008.1.2.4.": "dcmj2pnm"}
OVERLAYS = ("test_files/examples_overlay.dcm",)
JPEG_2000 = ("1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91")


def is_installed() -> bool:
    return all(shutil.which(name) for name in ("dcm2pnm", "dcmj2pnm", "dcml2pnm", "gdcmconv"))


def picture_files() -> list[str]:
    """Return the names of all files of pydicom's package that hold pixel data."""
    found = []
    for path in sorted(FOLDER.rglob("*")):
        data = path.read_bytes() if path.is_file() else b""
        if path.suffix != ".py" and data[128:132] == b"DICM":
            dataset = pydicom.dcmread(BytesIO(data))
            if "PixelData" in dataset and "Rows" in dataset:
                found.append(path.relative_to(FOLDER).as_posix())
    return found


def dcmtk_picture(path: Path, frame: int, *, windowed: tuple[str, ...] = ()) -> NDArray[np.uint8]:
    """Return what dcmtk shows; the file's window, else its VOI table, else its range."""
    dataset = pydicom.dcmread(path, stop_before_pixels=True)
    how = windowed or window_options(dataset)
    syntax = dataset.file_meta.TransferSyntaxUID
    program = next(
        (name for start, name in PROGRAMS.items() if syntax.startswith(start)), "dcm2pnm"
    )
    with tempfile.TemporaryDirectory() as folder:
        if syntax in JPEG_2000:
            raw = Path(folder) / "raw.dcm"
            subprocess.run(["gdcmconv", "--raw", path, raw], check=True, capture_output=True)
            path, program = raw, "dcm2pnm"
        out = Path(folder) / "out.pnm"
        command = [program, "-q", "-O", "+F", str(frame + 1), *how, str(path), str(out)]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        return np.asarray(Image.open(out))


def window_options(dataset: pydicom.Dataset) -> tuple[str, ...]:
    if dataset.get("SamplesPerPixel") == 3 or "PALETTE" in dataset.get(
        "PhotometricInterpretation", ""
    ):
        return ()
    if dataset.get("WindowCenter") is not None:
        return ("+Wi", "1")
    return ("+Wl", "1") if "VOILUTSequence" in dataset else ("+Wm",)


def our_picture(path: Path, frame: int) -> NDArray[np.uint8]:
    from core.domain.media import View
    from core.imaging.load import open_image

    image = open_image(path.read_bytes(), name=path.name)
    return image.frame(frame).render(View())


def measure(name: str, frame: int) -> dict[str, Any]:
    """Compare one frame; `difference` is the largest, in grays, over all pixels."""
    path = FOLDER / name
    try:
        theirs = dcmtk_picture(path, frame)
    except (subprocess.SubprocessError, OSError):
        return {"file": name, "frame": frame, "dcmtk": "cannot show it"}
    entry: dict[str, Any] = {
        "file": name,
        "frame": frame,
        "dcmtk": hashlib.sha256(theirs.tobytes()).hexdigest(),
    }
    try:
        ours = our_picture(path, frame)
    except Exception as error:  # noqa: BLE001 - the report must go on
        return entry | {"difference": str(error)}
    if ours.shape != theirs.shape:
        return entry | {"difference": f"{ours.shape} {theirs.shape}"}
    signed = theirs.astype(int) - ours
    apart = np.abs(signed)
    entry |= {"difference": int(apart.max()), "mean": round(float(apart.mean()), 4)}
    return entry | ({"apart": packed_difference(signed)} if apart.max() == 1 else {})


def packed_difference(signed: NDArray[np.int_]) -> str:
    """Return where dcmtk is one gray above and one below, as few characters."""
    bits = np.packbits(np.stack([signed == 1, signed == -1]))
    return base64.b64encode(zlib.compress(bits.tobytes(), 9)).decode()


def unpacked_difference(text: str, shape: tuple[int, ...]) -> NDArray[np.int_]:
    """Undo `packed_difference`."""
    bits = np.unpackbits(np.frombuffer(zlib.decompress(base64.b64decode(text)), np.uint8))
    above, below = bits[: 2 * math.prod(shape)].reshape(2, *shape).astype(int)
    return above - below


def overlay_entry(name: str) -> dict[str, Any]:
    """Return what dcmtk shows of a file with its overlay drawn."""
    path = FOLDER / name
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.pnm"
        command = ["dcm2pnm", "-q", "+O", "0", "+Wi", "1", str(path), str(out)]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        drawn = np.asarray(Image.open(out))
    return {"file": name, "overlay": hashlib.sha256(drawn.tobytes()).hexdigest()}


def main() -> None:
    entries = []
    for name in picture_files():
        try:
            frames = int(
                pydicom.dcmread(FOLDER / name, stop_before_pixels=True).get("NumberOfFrames", 1)
                or 1
            )
        except (TypeError, ValueError):
            continue
        entries += [measure(name, frame) for frame in sorted({0, frames - 1})]
    entries += [overlay_entry(name) for name in OVERLAYS]
    HASHES.write_text(json.dumps(entries, indent=0) + "\n")
    for entry in entries:
        if "overlay" not in entry and entry.get("difference") != 0:
            print(entry)
    print(len(entries), "pictures,", sum(e.get("difference") == 0 for e in entries), "identical")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main()
