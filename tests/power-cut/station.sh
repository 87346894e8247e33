#!/usr/bin/env bash
# Runs in the virtual machine, until its power is cut: a station whose state is on the machine's disk, and that does what it is told through
# the folder $OUT, which the machine shares with the world outside. $1 is the number of this start.
set -u
cd "$(dirname "$0")/../.."
export CHARGEMESH_STATE=/run/vm-disk/state XDG_STATE_HOME=/run/vm-disk/user
port=9100
box=$OUT/$1
mkdir -p "$box" "$OUT/wire"
: >"$box/wire.log"

# Without a process for each look, which is dear here.
mkfifo /run/never
exec {never}<>/run/never
nap() { read -rt 0.2 -u "$never"; }

# The processor is emulated. What is compiled for it here has to be translated once more, so nothing is; nor does the launcher look through the
# sources first.
node() { "$NODE" --jitless --conditions=development "$@"; }
mesh() { node "$PROGRAM" "$@"; }

node "$OUT/wire.cjs" "$OUT/wire" $port "$1" >"$box/wire.log" 2>&1 &
until [[ $(<"$box/wire.log") == listening* ]]; do nap; done
{
  mesh up --evses 1 --csms ws://127.0.0.1:$port --state "$CHARGEMESH_STATE" >"$box/up.log" 2>&1
  echo $? >"$box/up.end"
} &

# Commands come as files 1, 2, …; how each ended is in 1.end, 2.end, …
for ((count = 1; ; count++)); do
  until [ -f "$box/$count" ]; do nap; done
  read -ra words <"$box/$count"
  mesh "${words[@]}" >"$box/$count.log" 2>&1
  echo $? >"$box/$count.status" && mv "$box/$count.status" "$box/$count.end"
done
