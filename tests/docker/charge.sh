#!/usr/bin/env bash
# Charges a car in containers: builds the image, starts docker-compose.yml under a name of its own, plugs in, shows a card, sees energy
# flow at the CSMS, and unplugs. Then one module is killed, and after that the manager: each time all have to come back and charge again.
# Leaves nothing behind but the image. Exit code 0 where all of it held, else 1.
#
#     charge.sh [--build]     --build makes the image alone
#
# The image is built on the host's network: behind a registry or proxy that only the host reaches, a build has no other way.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly PROJECT=chargemesh-test-$$
export CHARGEMESH_IMAGE=${CHARGEMESH_IMAGE:-chargemesh:test}
# A client without buildx has the older builder only, and wants to be told so.
docker buildx version >/dev/null 2>&1 || export DOCKER_BUILDKIT=0

say() { printf '%4d s  %s\n' "$SECONDS" "$*"; }
die() {
  say "FAILED: $*"
  exit 1
}
compose() { docker compose -p "$PROJECT" "$@" </dev/null; }
mesh() { compose exec -T manager chargemesh "$@"; }

# ask <service> <expression> <command…>: what a JavaScript expression makes of `it`, the JSON that the command prints in that container.
ask() {
  local service=$1 expression=$2
  shift 2
  compose exec -T "$service" sh -c \
    'chargemesh "$@" --json | node -p "const it = JSON.parse(require(\"fs\").readFileSync(0, \"utf8\")); $0"' \
    "$expression" "$@" 2>/dev/null
}
# What the CSMS knows of a transaction, by its place: 0 is the first.
transaction() { ask csms "it[0]?.transactions[$1]?.$2" csms ledger; }
is() { [ "$("${@:2}")" = "$1" ]; }

# within <seconds> <what> <command…>: tries until the command succeeds.
within() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || die "not within the time: $what"
    sleep 0.5
  done
  say "$what"
}

clean_up() {
  local code=$?
  trap - EXIT
  if [ "$code" -ne 0 ]; then
    compose ps || true
    compose logs --no-color --tail 20 || true
    code=1
  fi
  say 'removing containers, network and volumes'
  compose kill >/dev/null 2>&1 || true
  # A container that was being started again just then may hold on to the network for a moment.
  local attempt
  for attempt in 1 2 3 4 5; do
    compose down -v >/dev/null 2>&1 && exit "$code"
    sleep "$attempt"
  done
  say 'the network could not be removed; the volumes are:'
  docker volume ls --quiet --filter "label=com.docker.compose.project=$PROJECT" | xargs -r docker volume rm || true
  exit "$code"
}

all_ready() { is true ask manager "it.ready && it.csms.boot === 'Accepted' && it.modules.every(({ state }) => state === 'ready')" status; }

# charge <n>: one whole charge at EVSE 1, which has to be the CSMS's transaction at that place.
charge() {
  mesh plug 1
  mesh swipe 1 DEADBEEF
  within 40 'energy flows' is true transaction "$1" 'energyWh > 0'
  local before
  before=$(transaction "$1" energyWh)
  within 40 "more of it than $before Wh" is true transaction "$1" "energyWh > $before"
  mesh unplug 1
  within 20 'the transaction ends with EVDisconnected' is EVDisconnected transaction "$1" reason
}

# Kills everything in a container but its first process, as a crash would; a container that is killed from outside is not started again.
crash() { compose exec -T "$1" sh -c 'kill -9 -1'; }
restarts() { docker inspect --format '{{.RestartCount}}' "$(compose ps -q "$1")"; }
all_restarted() {
  local counts
  counts=$(compose ps -q | xargs docker inspect --format '{{.RestartCount}}')
  # All but the broker and the CSMS, who need no manager.
  [ "$(grep -c '^0$' <<<"$counts")" = 2 ]
}

main() {
  trap clean_up EXIT
  trap 'exit 1' INT TERM
  say "starting the mesh as $PROJECT"
  compose up -d >/dev/null 2>&1 || die 'the containers do not start'
  within 120 'all modules are ready and the boot is accepted' all_ready

  say 'charging'
  charge 0

  say 'killing evse_manager_1'
  crash evse_manager_1 || true
  within 30 'its container was started again' is 1 restarts evse_manager_1
  within 30 'all modules are ready again' all_ready

  say 'killing the manager'
  crash manager || true
  within 120 'every module was started again for the new one' all_restarted
  within 120 'all modules are ready again' all_ready
  charge 1

  is 0 ask csms 'it[0].violations' csms ledger || die 'the CSMS saw a violation of OCPP'
  say 'all of it held'
}

say "building $CHARGEMESH_IMAGE"
docker build --quiet --network host -t "$CHARGEMESH_IMAGE" . >/dev/null || die 'the image does not build'
[ "${1-}" = --build ] || main
