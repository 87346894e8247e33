#!/usr/bin/env bash
# Charges a car in containers: builds the image, starts docker-compose.yml under a name of its own, plugs in, shows a card, sees energy
# flow at the CSMS, unplugs; then a module is killed and has to return, and the manager, after which everything has to be ready again.
# Leaves nothing behind but the image. Exit code 0 where all of it held, else 1.
#
# The image is built on the host's network: behind a registry or proxy that only the host reaches, a build has no other way.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly PROJECT=chargemesh-test-$$
readonly READY_WITHIN_S=60 STEP_WITHIN_S=30
export CHARGEMESH_IMAGE=${CHARGEMESH_IMAGE:-chargemesh:test}

say() { printf '%4d s  %s\n' "$SECONDS" "$*"; }
die() {
  say "FAILED: $*"
  exit 1
}
compose() { docker compose -p "$PROJECT" "$@"; }
mesh() { compose exec -T manager chargemesh "$@"; }
csms() { compose exec -T csms chargemesh csms "$@"; }

# Reads JSON on standard input and prints a JavaScript expression of it, which is called `it`. Needs no Node.js on the host.
pick() { docker run --rm -i --entrypoint node "$CHARGEMESH_IMAGE" -p "const it = JSON.parse(require('fs').readFileSync(0, 'utf8')); $1"; }

# within <seconds> <what> <command…>: tries until the command succeeds.
within() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || die "$what: not within the time"
    sleep 0.5
  done
}

clean_up() {
  local code=$?
  trap - EXIT
  if [ "$code" -ne 0 ]; then
    compose ps 2>&1 | tail -n 40 || true
    compose logs --no-color --tail 15 2>&1 | tail -n 200 || true
  fi
  say 'removing containers, network and volumes'
  compose down -v --timeout 5 >/dev/null 2>&1 || true
  [ "$code" -eq 0 ] || code=1
  exit "$code"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

accepted() { [ "$(mesh status --json 2>/dev/null | pick 'it.ready && it.csms.boot' 2>/dev/null)" = Accepted ]; }
ledger() { csms ledger --json 2>/dev/null; }
charges() { [ "$(ledger | pick "$1" 2>/dev/null)" = true ]; }
is_back() { [ "$(mesh status --json 2>/dev/null | pick "it.ready && it.modules.every(({ state }) => state === 'ready')" 2>/dev/null)" = true ]; }
restarts() { docker inspect --format '{{.RestartCount}} {{.State.Running}}' "$(compose ps -q "$1")"; }

say "building $CHARGEMESH_IMAGE"
docker build --quiet --network host -t "$CHARGEMESH_IMAGE" . >/dev/null || die 'the image does not build'
