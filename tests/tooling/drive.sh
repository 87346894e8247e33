#!/usr/bin/env bash
# Drives `manager` as tools written for EVerest do, with nothing but Debian's mosquitto_pub and mosquitto_sub and a named pipe: starts it in
# an installation folder with no CSMS there, charges with a card, lets a CSMS come and hear of it, ends the manager in the next charge, and
# starts it again by the same command line. Exit code 0 where all of it held, else 1; 77 where Mosquitto is not installed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

for program in mosquitto mosquitto_pub mosquitto_sub; do
  command -v "$program" >/dev/null || { echo "skipped: $program is not installed" && exit 77; }
done

readonly ROOT=$PWD
work=$(mktemp -d)
readonly PREFIX=$work/dist FIFO=$work/status DB=$work/manager.db CONFIG=$work/station.yaml CSMS_STATE=$work/csms
readonly EXTERNAL=drive_x
manager= broker= csms= listener= reader=

say() { printf '%s  %s\n' "$(date +%T)" "$*"; }
die() {
  say "FAILED: $*"
  sed 's/^/  manager: /' "$work/manager.err" 2>/dev/null | tail -n 30
  sed 's/^/  event: /' "$work/events" 2>/dev/null | cut -c1-300 | tail -n 20
  exit 1
}
clean_up() {
  local code=$? pid
  trap - EXIT
  for pid in $manager $listener $reader $csms $broker; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
  exit "$code"
}
trap clean_up EXIT

# within <seconds> <what> <command…>: tries until the command succeeds.
within() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    [ "$SECONDS" -le "$end" ] || die "not within the time: $what"
    sleep 0.1
  done
  say "$what"
}
publish() { mosquitto_pub -V mqttv5 -h 127.0.0.1 -p "$MQTT_PORT" -t "$1" -m "$2"; }
car() { publish "${EXTERNAL}everest_external/nodered/1/carsim/cmd/$1" "$2"; }
card() {
  publish "${EXTERNAL}everest_api/dummy_token_provider/cmd/provide" \
    '{"id_token":{"value":"DEADBEEF","type":"ISO14443"},"authorization_type":"RFID","connectors":[1]}'
}
# How often the bus has told of such an event.
told() { [ "$(grep -c "\"event\":\"$1\"" "$work/events")" -ge "$2" ]; }
heard() { grep -qx "$1" "$work/lines"; }
mesh() { ./mesh "$@" 2>/dev/null; }
# What a JavaScript expression makes of `it`, the JSON that a command prints.
ask() {
  local expression=$1
  shift
  mesh "$@" --json | "$node" 2>/dev/null -p "const it = JSON.parse(require('fs').readFileSync(0, 'utf8')); $expression"
}
ledger() { [ "$(ask "$1" csms ledger --state "$CSMS_STATE")" = "$2" ]; }
connected() { ask 'it.find(({ station }) => station === "cp001")?.connected' csms list --state "$CSMS_STATE" | grep -q true; }
unavailable() {
  ask 'it[0].connectors.find(({ connectorId }) => connectorId === 2)?.status' csms list --state "$CSMS_STATE" | grep -q Unavailable
}

# The bundle is made before the clock runs.
packages/cli/bin/manager --version >/dev/null
node=$(./mesh --node)
read -r MQTT_PORT CSMS_PORT < <("$node" -e '
  const servers = [0, 1].map(() => require("net").createServer().listen(0, "127.0.0.1"));
  setTimeout(() => { console.log(servers.map((each) => each.address().port).join(" ")); servers.map((each) => each.close()); }, 50);')
readonly MQTT_PORT CSMS_PORT

printf '%s\n' "listener $MQTT_PORT 127.0.0.1" 'allow_anonymous true' 'set_tcp_nodelay true' 'max_inflight_messages 0' \
  'max_queued_messages 0' >"$work/mosquitto.conf"
mosquitto -c "$work/mosquitto.conf" >/dev/null 2>&1 &
broker=$!

mesh make-prefix "$PREFIX" >/dev/null
# A CSMS by name, without a scheme, and with the id of the station at its end already.
sed -e "s|ws://127.0.0.1:9000/|localhost:$CSMS_PORT/cp001|" \
  -e 's|"MeterType": "AC",|"MeterType": "AC", "RetryBackoffWaitMinimum": 1, "RetryBackoffRandomRange": 0,|' \
  config/ocpp/config.json >"$PREFIX/share/everest/modules/OCPP/drive.json"
{
  printf 'settings: {mqtt_everest_prefix: drive, mqtt_external_prefix: %s, controller_port: 8849}\n' "$EXTERNAL"
  sed -e 's|ChargePointConfigPath: .*|ChargePointConfigPath: drive.json\n      UserConfigPath: drive-user.json|' config-sil-ocpp.yaml
} >"$CONFIG"
grep -q 'drive.json' "$CONFIG" || die 'the configuration of this test lacks its OCPP configuration'
mkfifo "$FIFO"

start() {
  : >"$work/lines"
  cat "$FIFO" >>"$work/lines" &
  reader=$!
  # As a shell does for what it starts in the background: SIGINT ignored. Nobody reads standard output.
  (
    cd "$PREFIX"
    trap '' INT
    export MQTT_SERVER_ADDRESS=127.0.0.1 MQTT_SERVER_PORT=$MQTT_PORT
    exec "$PREFIX/bin/manager" --config "$CONFIG" --db "$DB" --status-fifo "$FIFO" --prefix "$PREFIX" --retain-topics \
      --graceful-shutdown
  ) >"$work/manager.out" 2>>"$work/manager.err" &
  manager=$!
}
stop() {
  local at=$(($(date +%s%N) / 1000000)) code=0
  kill -INT "$manager"
  wait "$manager" || code=$?
  local took=$(($(date +%s%N) / 1000000 - at))
  [ "$code" = 0 ] || die "the manager ended with $code"
  [ "$took" -lt 3000 ] || die "the manager took $took ms to end"
  wait "$reader"
  pgrep -f -- "--prefix $PREFIX" >/dev/null && die 'a process of the manager is left'
  [ -s "$work/manager.out" ] && die 'the manager wrote to standard output'
  for line in SIGINT_RECEIVED ALL_MODULES_STOPPED_CLEAN MANAGER_EXITING; do
    heard "$line" || die "the status FIFO lacks $line: $(tr '\n' ' ' <"$work/lines")"
  done
  say "the manager ended within $took ms, with 0, and left no process"
}

: >"$work/events"
stdbuf -oL mosquitto_sub -V mqttv5 -h 127.0.0.1 -p "$MQTT_PORT" -q 2 -t 'drive/modules/evse_manager_1/impl/evse/var/session_event' \
  >"$work/events" 2>/dev/null &
listener=$!

start
within 5 'all modules are ready, without a CSMS' heard ALL_MODULES_STARTED
# By the line, everybody listens.
car enable true
car execute_charging_session 'sleep 1;iec_wait_pwr_ready;sleep 1;draw_power_regulated 32,1;sleep 200;unplug'
card
within 15 'a transaction began by card, without a CSMS' told TransactionStarted 1
car modify_charging_session unplug
within 15 'the car left and ended it' told TransactionFinished 1
mesh status --state "$DB.state" | grep -q 'evse_manager_1' || die '"./mesh status" does not find the mesh'

./mesh csms serve --port "$CSMS_PORT" --state "$CSMS_STATE" --tags config/tags.yaml >/dev/null 2>&1 &
csms=$!
within 20 'a CSMS came and was found' connected
within 20 'it was told of the transaction that was over' ledger 'it[0]?.transactions.filter(({ reason }) => reason !== null).length' 1
mesh csms call cp001 ChangeConfiguration '{"key":"MeterValueSampleInterval","value":"271"}' --state "$CSMS_STATE" | grep -q Accepted ||
  die 'the CSMS could not change a configuration key'
mesh csms call cp001 ChangeAvailability '{"connectorId":2,"type":"Inoperative"}' --state "$CSMS_STATE" | grep -q Accepted ||
  die 'the CSMS could not change the availability'

car execute_charging_session 'sleep 1;iec_wait_pwr_ready;sleep 1;draw_power_regulated 32,1;sleep 200;unplug'
card
within 15 'the next transaction began' told TransactionStarted 2
within 15 'the CSMS knows of it' ledger 'it[0]?.transactions.length' 2
stop

start
within 5 'the same command line starts it again' heard ALL_MODULES_STARTED
within 20 'the transaction that was open is over, with PowerLoss' ledger 'it[0]?.transactions[1]?.reason' PowerLoss
mesh csms call cp001 GetConfiguration '{"key":["MeterValueSampleInterval"]}' --state "$CSMS_STATE" | grep -q 271 ||
  die 'the configuration key was not kept'
grep -q 271 "$PREFIX/share/everest/modules/OCPP/drive-user.json" || die 'the key is not where UserConfigPath says'
within 15 'the connector that was taken out of service still is' unavailable
stop
say 'done'
