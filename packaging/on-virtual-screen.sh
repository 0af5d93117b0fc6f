#!/usr/bin/env bash
# on-virtual-screen.sh COMMAND...: run COMMAND with an X display of its own that nobody sees, and end with its status.
set -euo pipefail
[ $# -gt 0 ] || { echo "use: on-virtual-screen.sh COMMAND..." >&2; exit 2; }
folder=$(mktemp -d)
# -displayfd lets the server choose a free number and say so once it is ready, so there is nothing to guess or wait for.
mkfifo "$folder/number"
Xvfb -displayfd 3 -screen 0 "${SCREEN_SIZE:-1920x1080}x24" -nolisten tcp 3>"$folder/number" 2>"$folder/log" &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
read -r number <"$folder/number" || { cat "$folder/log" >&2; echo "the virtual screen did not start" >&2; exit 2; }
status=0
env -u WAYLAND_DISPLAY DISPLAY=":$number" QT_QPA_PLATFORM=xcb "$@" || status=$?
exit "$status"
