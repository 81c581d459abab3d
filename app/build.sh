# Sourced by ./warmfront: what a build makes besides jars. Nothing here is needed to run; what fails is done without.
# shellcheck shell=bash disable=SC2154 # home, lib, cache and the functions used are the caller's

# Fetches the tables of countries and of autonomous systems by address, once per version; the program says what is missing
# without them.
fetch_tables() {
  local from=$home/app/src/main/npm into=$home/.build/tables
  cmp -s "$from/package.json" "$into/fetched.json" && return
  say "fetching the tables of countries and systems"
  mkdir -p "$into"
  cp "$from/package.json" "$into/package.json"
  if command -v npm >/dev/null && (cd "$into" && npm install --ignore-scripts --no-audit --no-fund) >"$into/npm.log" 2>&1; then
    cp "$into"/node_modules/@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb "$into/countries.mmdb"
    (cd "$into"/node_modules/@ip-location-db/asn && cut -d, -f1-3 asn-ipv4.csv asn-ipv6.csv) >"$into/systems.csv"
    cp "$from/package.json" "$into/fetched.json"
  else
    say "WARNING: no table of countries (npm or the network is missing; see $into/npm.log)."
    say "WARNING: viewers will be spread over all locations instead of going to the nearest. Going on without."
  fi
}

# Fetches what the long tests take from npm, players for browsers, tests of caches and an SDK, once per version.
fetch_players() {
  local from=$home/app/src/test/npm into=$home/app/target/players
  cmp -s "$from/package.json" "$into/fetched.json" && return
  say "fetching players for browsers, tests of caches and an SDK"
  mkdir -p "$into"
  cp "$from/package.json" "$into/package.json"
  if command -v npm >/dev/null && (cd "$into" && npm install --ignore-scripts --no-audit --no-fund) >"$into/npm.log" 2>&1; then
    cp "$from/package.json" "$into/fetched.json"
  else
    say "no players for browsers, tests of caches and SDK (npm or the network is missing; see $into/npm.log); tests that need them are skipped by name"
  fi
}

# Client programs that tests know, each with Debian's package of it; the long tests know more of them.
clients=(aws:awscli curl:curl dig:bind9-dnsutils ffmpeg:ffmpeg ffprobe:ffmpeg openssl:openssl)
more_clients=(chromium:chromium dnsperf:dnsperf drill:ldnsutils h2load:nghttp2-client ip:iproute2 kdig:knot-dnsutils mpv:mpv
  nghttp:nghttp2-client rtmpdump:rtmpdump unbound:unbound)

# Prints those of the named pairs whose program is not found.
missing_of() {
  local pair
  for pair; do PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%:*}" >/dev/null || echo "$pair"; done
}

# Installs what the long tests want, where that is possible; tests skip by name what is not there.
install_clients() {
  local missing root=()
  mapfile -t missing < <(missing_of "${clients[@]}" "${more_clients[@]}")
  [ ${#missing[@]} -gt 0 ] && command -v apt-get >/dev/null || return 0
  [ "$(id -u)" = 0 ] || { sudo -n true 2>/dev/null && root=(sudo -n); } || return 0
  say "installing ${missing[*]#*:}"
  { "${root[@]}" apt-get update -q && "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -qy --no-install-recommends "${missing[@]#*:}"; } >"$home/.build/clients.log" 2>&1 ||
    say "not all could be installed; see $home/.build/clients.log"
}

install_tables() {
  local table
  fetch_tables
  for table in countries.mmdb systems.csv; do
    [ ! -f "$home/.build/tables/$table" ] || { mkdir -p "$home/app/target" &&
      cp -u "$home/.build/tables/$table" "$home/app/target/$table"; }
  done
}

# Packs the table of systems, so that who makes maps does not have to read its half a million lines.
pack_systems() {
  [ ! -f "$home/app/target/systems.csv" ] ||
    (main=warmfront.app.PackedTables run "$home/app/target/systems.csv" "$home/app/target") >>"$home/.build/training.log" 2>&1 ||
    say "the table of systems is not packed (see .build/training.log); the first start of a control plane takes longer"
}

# Bouncy Castle's jars are signed; checking that at each start costs as much as opening the store, and keeps their classes
# out of the cache. They came through Maven, which checked them.
unsign() {
  local jar folder
  for jar in "$lib"/bc*.jar; do
    folder=$(mktemp -d)
    (cd "$folder" && "$JAVA_HOME/bin/jar" xf "$jar" && rm -f META-INF/*.SF META-INF/*.DSA META-INF/*.RSA &&
      sed -i '/^\r*$/,$d' META-INF/MANIFEST.MF && "$JAVA_HOME/bin/jar" cfM "$jar" .)
    rm -rf "$folder"
  done
}

# Lays Netty's native libraries for this machine beside the jars: a start that finds them there need not unpack 10 MB into a
# temporary file first.
unpack_natives() {
  local jar system=${OSTYPE%%-*} machine
  machine=$(uname -m)
  mkdir -p "$lib/native"
  for jar in "$lib"/netty-*-"$system-${machine/aarch64/aarch_64}.jar"; do
    [ ! -f "$jar" ] ||
      (cd "$lib/native" && "$JAVA_HOME/bin/jar" xf "$jar" META-INF/native && mv META-INF/native/* . && rm -r META-INF) ||
      say "the native libraries of ${jar##*/} are not unpacked; each start does that"
  done
}

# Prints the first of nine ports in a row that nobody listens at.
free_ports() {
  local first port
  for _ in {1..50}; do
    first=$((20000 + RANDOM % 10000))
    for ((port = first; port < first + 9; port++)); do
      ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || continue 2
    done
    echo "$first"
    return
  done
  return 1
}

# Starts a role in the background with its standard output in file $1, until it is ready or ended.
started() {
  local out=$1 tries
  shift
  (run "$@") >"$out" 2>>"$out.err" 9>&- &
  for ((tries = 0; tries < 1800; tries++)); do
    ! grep -q ready "$out" || return 0
    kill -0 $! 2>/dev/null || return 1
    sleep 0.1
  done
  kill $!
  return 1
}

# Loads the edge of the fleet in folder $1 at port $2, so that its cache has the profiles of what is hot.
rehearse() {
  touch "$1/hosts"
  (main=warmfront.app.bench.Rehearsal WARMFRONT_JAVA_OPTS=-Djdk.net.hosts.file=$1/hosts
    run "http://127.0.0.1:$2" "$1/all" 127.0.0.7 "$2" $(($2 + 1)) "$1/hosts")
}

# One training run for each of the two caches: everything in one process, and an edge in a fleet of its own, under load.
train() {
  local scratch=$1 p up edge token
  p=$(free_ports) || return 1
  cat >"$scratch/up.yaml" <<Y
api: {listen: "127.0.0.1:$p"}
s3: {listen: "127.0.0.1:$((p + 1))"}
link: {listen: "127.0.0.1:$((p + 2))"}
operator: {listen: "127.0.0.1:$((p + 3))"}
dns: {listen: ["127.0.0.1:$((p + 5))"], heartbeat: "127.0.0.1:$((p + 6))"}
viewers: {http: $((p + 7)), https: $((p + 8))}
Y
  cat >"$scratch/edge.yaml" <<Y
operator: {listen: "127.0.0.1:$((p + 4))"}
origins: {privateAllowed: ["127.0.0.0/8"]}
Y
  WARMFRONT_TRAIN=$cache/up.aot started "$scratch/up" up --config "$scratch/up.yaml" --data "$scratch/all" || return 1
  up=$!
  cp "$scratch/all/countries.ranges" "$home/app/target/" 2>/dev/null || true
  token=$(run server add trainee --role edge --location FRA --listen "http://127.0.0.7:$p,https://127.0.0.7:$((p + 1))" \
    --advertise 127.0.0.7 --data "$scratch/all" --api "http://127.0.0.1:$p") || { kill $up; return 1; }
  WARMFRONT_TRAIN=$cache/edge.aot started "$scratch/edge" edge --config "$scratch/edge.yaml" --data "$scratch/one" \
    --join "$token" && { edge=$! && rehearse "$scratch" "$p"; kill $edge; }
  kill $up
  wait
}

# Makes starts quick: unsigned jars, native libraries as files, the country table's ranges beside it, a cache of loaded classes
# for each kind of process.
quicken() {
  local scratch
  say "training the start-up caches"
  unsign
  unpack_natives
  rm -rf "$cache" && mkdir -p "$cache"
  scratch=$(mktemp -d)
  train "$scratch" >"$home/.build/training.log" 2>&1 || say "no start-up caches (see .build/training.log); starts take longer"
  rm -rf "$scratch"
  pack_systems
}
