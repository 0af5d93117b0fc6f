#!/usr/bin/env bash
# setup.sh [--screen]: make .venv with exactly what requirements.lock names, and the system libraries that Qt needs.
#
# As root on Debian or Ubuntu it installs what the system lacks; as anyone else, or elsewhere, it says what is missing
# and how to get it, and stops. It can be run any number of times: when nothing changed it does nothing, in well under a
# second. --screen asks for a virtual screen as well (make demo without a display, make screenshots).
set -euo pipefail
cd "$(dirname "$0")/.."

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
missing=()  # packages, by their Debian and Ubuntu names
"$python" -c 'import ensurepip, venv' 2>/dev/null || missing+=("python$version-venv")

if [ "$(uname)" = Linux ]; then
  libraries=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p)
  while read -r library package; do
    case $libraries in *"$library "*) ;; *) missing+=("$package") ;; esac
  done < <(grep -v "^#" packaging/qt-libraries.txt)
  # Root installs the virtual screen with the rest; someone who must ask for packages is asked only for what is used.
  if ! command -v Xvfb >/dev/null && { [ "${1:-}" = --screen ] || [ "$(id -u)" = 0 ]; }; then missing+=(xvfb); fi
fi

if [ ${#missing[@]} -gt 0 ]; then
  install=(apt-get install --yes --no-install-recommends "${missing[@]}")
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
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
# The stamp says for which lock, project file, place and Python the environment was made.
stamp=.venv/.set-up-for
wanted=$(cat requirements.lock pyproject.toml packaging/setup.sh | "$python" -c '
import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest(), *sys.argv[1:])' "$version" "$PWD")
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
  say "making .venv with Python $version (some minutes the first time)"
  export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore
  [ -x .venv/bin/python ] && [ "$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')" = "$version" ] ||
    "$python" -m venv --clear .venv
  .venv/bin/python -m pip install --quiet --require-hashes -r requirements.lock
  .venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
  printf '%s\n' "$wanted" >"$stamp"
fi
