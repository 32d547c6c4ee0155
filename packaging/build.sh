#!/usr/bin/env bash
# Build the one-folder program for this system and try it out away from the checkout.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=${ASCLEPIUS_VENV:-.venv}
case "$(uname -s)" in
    Linux) spec=linux ;;
    Darwin) spec=macos ;;
    *) spec=windows ;;
esac
command -v objdump >/dev/null || [ "$spec" != linux ] || {
    [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null \
        && apt-get install -y -qq --no-install-recommends binutils >/dev/null
} || { echo "asclepius: binutils is missing (sudo apt-get install binutils)." >&2; exit 1; }

"$venv/bin/python" -m PyInstaller --noconfirm --log-level WARN \
    --distpath dist --workpath build/pyinstaller "packaging/$spec.spec"

away=$(mktemp -d)
trap 'rm -rf "$away"' EXIT
cp -r dist/asclepius "$away/program"
cd "$away"
env -i HOME="$away" PATH=/usr/bin:/bin "$away/program/asclepius" demo --headless --folder "$away/demo"
env -i HOME="$away" PATH=/usr/bin:/bin "$away/program/asclepius" check "$away/demo/demo.asclepius"
echo "asclepius: dist/asclepius works on its own ($(du -sh program | cut -f1))."
