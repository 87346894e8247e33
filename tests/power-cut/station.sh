#!/usr/bin/env bash
# Runs in the virtual machine, until its power is cut: a station whose state is on the machine's disk, and that does what it is told through
# the folder $OUT, which the machine shares with the world outside. $1 is the number of this start.
set -u
cd "$(dirname "$0")/../.."
export CHARGEMESH_STATE=/run/vm-disk/state XDG_STATE_HOME=/run/vm-disk/user NODE_COMPILE_CACHE=$OUT/v8
port=9100
box=$OUT/$1
mkdir -p "$box" "$OUT/wire"

# Without a process for each look, which is dear here.
mkfifo /run/never
exec {never}<>/run/never
nap() { read -rt 0.2 -u "$never"; }

# Without the launcher, which looks through the sources first: the processor here is emulated.
mesh() { "$NODE" --conditions=development "$PROGRAM" "$@"; }

"$NODE" --conditions=development tests/power-cut/station-wire.ts "$OUT/wire" $port "$1" >"$box/wire.log" 2>&1 &
until [ -s "$box/wire.log" ]; do nap; done
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
