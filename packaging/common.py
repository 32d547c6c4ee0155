"""What the frozen builds of all three systems share; read by the .spec files."""

from pathlib import Path

from PyInstaller.utils.hooks import collect_data_files, collect_submodules, copy_metadata

ROOT = Path(__file__).resolve().parent.parent

# Pages, codecs, tokenizers and migrations are found by name at run time: PyInstaller cannot
# see them.
HIDDEN_IMPORTS = [
    *collect_submodules("core"),
    *collect_submodules("reviewer_app"),
    *collect_submodules("imagecodecs"),
    *collect_submodules("keyring.backends"),
    *collect_submodules("sacrebleu.tokenizers"),
    "logging.config",
]

DATAS = [
    (str(ROOT / "resources"), "resources"),
    (str(ROOT / "core" / "db" / "migrations"), "core/db/migrations"),
    *collect_data_files("pydicom", includes=["data/**"]),
    *collect_data_files("qtawesome"),
    # Both are looked up by name at run time.
    *copy_metadata("aiohttp"),
    *copy_metadata("keyring"),
]

# Qt modules that the program does not use; Qt Quick Timeline is not under the LGPL.
EXCLUDES = [
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "PySide6.QtQuickWidgets",
    "PySide6.QtQuickControls2",
    "PySide6.QtSql",
    "PySide6.QtTest",
    "PySide6.QtDesigner",
    "PySide6.QtHelp",
    "PySide6.QtOpenGL",
    "PySide6.QtOpenGLWidgets",
    "PySide6.QtUiTools",
    "PySide6.QtConcurrent",
    "matplotlib",
    "tkinter",
    "IPython",
    "pytest",
    "mypy",
    "PyInstaller",
]

# File name beginnings of Qt libraries and plug-ins that hooks bring along all the same.
UNUSED_QT = (
    "libQt6Qml",
    "libQt6Quick",
    "libQt6VirtualKeyboard",
    "libQt6Pdf",
    "libQt6Sql",
    "libQt6Test",
    "libQt6Designer",
    "libQt6Lottie",
    "libQt6WaylandCompositor",
    "Qt6Qml",
    "Qt6Quick",
    "Qt6VirtualKeyboard",
    "Qt6Pdf",
    "QtQml",
    "QtQuick",
    "QtVirtualKeyboard",
    "QtPdf",
    "libqtvirtualkeyboardplugin",
    "qtvirtualkeyboardplugin",
)


def without_unused_qt(entries: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Return the collected files but for the Qt libraries that nothing uses."""
    return [one for one in entries if not Path(one[0]).name.startswith(UNUSED_QT)]
