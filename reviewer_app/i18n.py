"""Languages: translations are loaded when there are some, right-to-left mirrors the window."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from core.paths import resources_folder

_FOLDER: Final = resources_folder() / "i18n"


def install_language(app: QApplication, locale: QLocale, *, folder: Path = _FOLDER) -> bool:
    """Load Qt's own and our translations of `locale`; tell whether ours exist.

    Our texts are English in the source, so without a translation everything stays English,
    and the window is mirrored only where its texts are in a right-to-left language.
    """
    ours = QTranslator(app)
    if not ours.load(locale, "asclepius", "_", str(folder)):
        return False
    app.installTranslator(ours)
    base = QTranslator(app)
    if base.load(
        locale, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    ):
        app.installTranslator(base)
    app.setLayoutDirection(locale.textDirection())
    return True
