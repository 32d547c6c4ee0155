"""Units of measurement that convert into each other by a factor."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from core.scoring.text_forms import fold

_TABLE: Final = """
length       nm 0.000001 | um micron microns мкм 0.001 | mm millimeter millimeters millimetre \
millimetres мм 毫米 ミリ ミリメートル 밀리미터 مم मिमी 1 | \
cm centimeter centimeters centimetre centimetres \
см 厘米 公分 センチ センチメートル 센티미터 سم सेमी 10 | dm 100 | \
m meter meters metre metres 1000 | in inch inches 25.4
area         mm2 1 | cm2 100 | m2 1000000
volume       ul mm3 0.001 | ml cc cm3 milliliter milliliters millilitre millilitres \
мл 毫升 مل मिली 1 | \
cl 10 | dl 100 | l dm3 liter liters litre litres 1000
mass         pg 0.000000001 | ng 0.000001 | ug mcg 0.001 | mg мг 毫克 1 | g gram grams 1000 | \
kg kilogram kilograms кг 公斤 1000000
duration     ms 0.001 | s sec secs second seconds 1 | min mins minute minutes мин 60 | \
h hr hrs hour hours 3600 | d day days 86400 | wk week weeks 604800
age          mo month months 1 | y yr yrs year years 12
frequency    hz 1 | khz 1000 | mhz 1000000 | ghz 1000000000
rate         bpm /min 1/min min-1 beats/min beatsperminute 1
pressure     pa 1 | hpa mbar 100 | kpa 1000 | cmh2o 98.0665 | mmhg torr ммрт.ст 133.322387415
angle        ° deg degree degrees 1
temperature  °c celsius 1
voltage      uv 0.001 | mv 1 | v 1000 | kv kvp 1000000
density      hu 1
dose         mgy 1 | cgy 10 | gy 1000
equivalent   usv 0.001 | msv 1 | sv 1000
field        mt 0.001 | t tesla 1
velocity     mm/s 0.1 | cm/s 1 | m/s 100
mass_conc    ng/l pg/ml 0.000001 | ug/l ng/ml 0.001 | mg/l ug/ml 1 | mg/dl 10 | g/l mg/ml 1000 | \
g/dl g% 10000
amount_conc  nmol/l 0.001 | umol/l 1 | mmol/l 1000 | mol/l 1000000
share        % percent 1 | ‰ 0.1
"""
"""Dimension, then its units: names and how many of the dimension's base unit one of them is."""

_CASE_MATTERS: Final = ("D", "G", "M", "MPa", "MV", "Mm", "mHz", "mM", "mPa", "nM", "pM", "uM")
"""Names that another case turns into another unit (mM is not mm); they are left as written."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A known unit: `factor` of them make the base unit of `dimension`."""

    dimension: str
    factor: Decimal


def find_unit(name: str) -> Unit | None:
    """Return the unit of this name, or None when it is not known."""
    return _units().get(unit_form(name))


def unit_form(name: str) -> str:
    """Return the form in which names of units are compared: "µL", "ul" and "μl" are one."""
    written = "".join(name.split()).rstrip(".").replace("\u00b5", "u").replace("μ", "u")
    if written in _CASE_MATTERS:
        return written
    return fold(written).replace("^", "").replace("\u2212", "-")


@cache
def _units() -> dict[str, Unit]:
    return {name: unit for line in _TABLE.strip().splitlines() for name, unit in _read(line)}


def _read(line: str) -> Iterator[tuple[str, Unit]]:
    dimension, units = line.split(maxsplit=1)
    for entry in units.split("|"):
        *names, factor = entry.split()
        for name in names:
            yield name, Unit(dimension, Decimal(factor))
