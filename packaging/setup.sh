#!/usr/bin/env bash
# setup.sh [--screen|--tests]: make .venv with exactly what requirements.lock names, and the system libraries Qt needs.
#
# As root on Debian or Ubuntu it installs what the system lacks; as anyone else, or elsewhere, it says what is missing
# and how to get it, and stops. It can be run any number of times: when nothing changed it does nothing, in well under a
# second.
#   --screen  a virtual screen as well (make demo without a display, make screenshots)
#   --tests   as root, also the screen, print service and key store of some tests, which are skipped without them
set -euo pipefail
cd "$(dirname "$0")/.."
self=packaging/setup.sh

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 2; }

# --- Python -----------------------------------------------------------------------------------------------------
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
python=
for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
  if command -v "$candidate" >/dev/null && new_enough "$candidate"; then python=$candidate; break; fi
done
[ -n "$python" ] || die "Python 3.11 or newer is needed; name one with PYTHON=/path/to/python3.x"
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')

# --- What the system lacks --------------------------------------------------------------------------------------
can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }
missing=()  # packages, by their Debian and Ubuntu names
"$python" -c 'import ensurepip, venv' 2>/dev/null || missing+=("python$version-venv")

if [ "$(uname)" = Linux ]; then
  libraries=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p)
  while read -r library package; do
    case $libraries in *"$library "*) ;; *) missing+=("$package") ;; esac
  done < <(grep -v "^#" packaging/qt-libraries.txt)
  case ${1:-} in
    --screen) programs="Xvfb:xvfb" ;;
    --tests)
      programs="Xvfb:xvfb cupsd:cups-daemon lp:cups-client dbus-run-session:dbus gnome-keyring-daemon:gnome-keyring"
      can_install || programs=
      ;;
    *) programs= ;;
  esac
  for program in $programs; do
    command -v "${program%:*}" >/dev/null || [ -x "/usr/sbin/${program%:*}" ] || missing+=("${program#*:}")
  done
fi

if [ ${#missing[@]} -gt 0 ]; then
  install=(apt-get install --yes --no-install-recommends "${missing[@]}")
  if can_install; then
    say "installing ${missing[*]}"
    log=$(mktemp)
    { apt-get update && DEBIAN_FRONTEND=noninteractive "${install[@]}"; } >"$log" 2>&1 || { tail -n 20 "$log" >&2; die "apt-get failed"; }
    rm -f "$log"
  elif command -v apt-get >/dev/null; then
    die "this machine lacks some system packages; ask for: sudo ${install[*]}"
  else
    die "this machine lacks what Debian calls: ${missing[*]}"
  fi
fi

# --- Python packages --------------------------------------------------------------------------------------------
# Two stamps: where and with which Python the environment was made (its scripts hold that path), and what is in it.
place=".venv/.made-for" contents=".venv/.holds"
here="$version $PWD"
wanted=$(cat requirements.lock pyproject.toml "$self" | "$python" -c '
import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())')
if [ "$(cat "$place" 2>/dev/null)" != "$here" ]; then
  say "making .venv with Python $version (some minutes the first time)"
  if [ -L .venv ]; then
    echo "setup: .venv is a link to another folder. Remove the link; nothing behind it is touched." >&2
    exit 2
  fi
  "$python" -m venv --clear .venv
  printf '%s\n' "$here" >"$place"
fi
if [ "$(cat "$contents" 2>/dev/null)" != "$wanted" ]; then
  export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore
  .venv/bin/python -m pip install --quiet --require-hashes -r requirements.lock
  .venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
  printf '%s\n' "$wanted" >"$contents"
fi
