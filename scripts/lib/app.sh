# The optimised build and the server that runs from it.

# What the optimised build is made of, as one hash.
release_stamp() {
  local parts=(app frontend migrations server style Cargo.toml Cargo.lock rust-toolchain.toml)
  [[ ! -d .sqlx ]] || parts+=(.sqlx)
  find "${parts[@]}" -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c 1-16
}

# Builds the server and the browser's part unless nothing changed, and sets BUILD to the folder that holds them.
# A copy, so that the next build does not pull files away from under a running server.
build_release() {
  local stamp
  stamp=$(release_stamp)
  BUILD=$RUN/builds/$stamp
  if [[ -x $BUILD/trestle ]]; then
    say 'The optimised build is up to date.'
    return
  fi
  say 'Trestle is not built yet, or has changed. On two cores all of this takes 15 to 25 minutes on a new machine.'
  alone set-up need_build_tools
  say 'Building the optimised server and pages: 6 to 12 minutes the first time, a minute or two after a change.'
  (
    claim_artefacts
    alone build cargo_leptos_build "$BUILD"
  )
  remove_old_builds
}

cargo_leptos_build() {
  local build=$1 site=$CARGO_TARGET_DIR/site
  SQLX_OFFLINE=true LEPTOS_SITE_ROOT=$site patiently cargo leptos build --release --precompress --cargo-locked ||
    fail 'The optimised build failed; the reason is above.'
  rm -rf "$build.partial"
  mkdir -p "$build.partial"
  cp -r "$site" "$build.partial/site"
  cp "$CARGO_TARGET_DIR/release/trestle" "$CARGO_TARGET_DIR/release/hash.txt" "$build.partial/"
  mv "$build.partial" "$build"
}

# Makes the artefacts that all clones share this clone's, until the script ends. Cargo judges by time whether a source
# changed: after a build in another clone an older edit in this one would look unchanged to it. So every source is made
# new when the artefacts change hands, and no other clone may take them while they are in use.
claim_artefacts() {
  local owner=$CARGO_TARGET_DIR/.clone
  mkdir -p "$CARGO_TARGET_DIR"
  exec 8>"$CARGO_TARGET_DIR/.claim"
  flock --shared 8
  while [[ ! -f $owner || $(<"$owner") != "$ROOT" ]]; do
    if ! flock --nonblock 8; then
      say "Waiting for the builds of $(<"$owner"), which uses the same artefacts."
      flock 8
    fi
    find app frontend server tests -name '*.rs' -exec touch --no-create {} +
    printf '%s\n' "$ROOT" >"$owner"
    flock --shared 8
  done
}

remove_old_builds() {
  local build pid used=''
  if pid=$(living_process "$RUN/server.pid"); then
    used=$(dirname "$(readlink "/proc/$pid/exe")")
  fi
  for build in "$RUN"/builds/*; do
    [[ $build == "$BUILD" || $build == "$used" ]] || rm -rf "$build"
  done
}

# Sets what the server wants to know: home folder, host:port.
describe_server() {
  local home=$1 addr=$2
  [[ -f $RUN/secret ]] || random_hex 32 | keep_secret "$RUN/secret"
  export TRESTLE_SECRET=${TRESTLE_SECRET:-$(<"$RUN/secret")}
  export TRESTLE_ADDR=$addr
  export TRESTLE_PUBLIC_URL=${TRESTLE_PUBLIC_URL:-$(url_of "$addr")}
  export TRESTLE_MAIL__DIR=${TRESTLE_MAIL__DIR:-$home/mail}
  export LEPTOS_OUTPUT_NAME=trestle
  export LEPTOS_SITE_ADDR=$addr
  export LEPTOS_SITE_ROOT=$BUILD/site
  export LEPTOS_SITE_PKG_DIR=pkg
  export LEPTOS_HASH_FILES=true
}

# Sets how much one client may ask for, of everything alike: "100 per minute", or off; over as many connections as it likes.
set_limits() {
  local rule
  for rule in API SEARCH BOOKING CHANGE SIGN_IN REGISTER TARGET LETTERS; do
    export "TRESTLE_LIMITS__$rule=$1"
  done
  export TRESTLE_HTTP__CONNECTIONS_PER_CLIENT=1000000
}

# The address to visit: a server that listens everywhere is visited on this machine.
url_of() {
  local host=${1%:*} port=${1##*:}
  case $host in
    0.0.0.0 | '') host=127.0.0.1 ;;
    '[::]') host='[::1]' ;;
  esac
  printf 'http://%s:%s\n' "$host" "$port"
}

# Sets HOST and PORT to where a URL leads.
read_url() {
  local place=${1#http://}
  PORT=${place##*:}
  HOST=${place%:*}
  HOST=${HOST#[}
  HOST=${HOST%]}
}

address_is_taken() {
  read_url "$(url_of "$1")"
  port_is_taken "$HOST" "$PORT"
}

# Migrates the database and fills in the demo, whose fresh sign-ins go to demo.json of the home folder.
fill_database() {
  local home=$1
  say 'Bringing the database up to date: seconds.'
  "$BUILD/trestle" migrate || fail 'The migrations failed; the reason is above.'
  say 'Filling in the demo: venues, floors and a month of bookings around today. Up to a minute.'
  (umask 077 && rm -f "$home/demo.json" && "$BUILD/trestle" demo --json "$home/demo.json") ||
    fail 'The demo could not be filled in; the reason is above.'
}

# Whether /readyz answers 200.
is_ready() {
  local status=''
  read_url "$1"
  {
    exec {web}<>"/dev/tcp/$HOST/$PORT" || return 1
  } 2>/dev/null
  printf 'GET /readyz HTTP/1.0\r\nHost: %s:%s\r\n\r\n' "$HOST" "$PORT" >&"$web"
  read -r -t 5 -u "$web" _ status _ || true
  exec {web}>&-
  [[ $status == 200 ]]
}

# Waits until the server answers, or fails when it has died or takes longer than a minute: pid file, URL.
wait_until_ready() {
  local file=$1 url=$2
  for _ in {1..300}; do
    living_process "$file" >/dev/null || return 1
    is_ready "$url" && return
    sleep 0.2
  done
  return 1
}

# Starts the server in the background, with its log in a file, and waits until it is ready: home folder.
start_server() {
  local home=$1
  (cd "$ROOT" && exec setsid "$BUILD/trestle" serve) </dev/null >"$home/server.log" 2>&1 8>&- 9>&- &
  remember_process "$home/server.pid" $!
  if ! wait_until_ready "$home/server.pid" "$(url_of "$TRESTLE_ADDR")"; then
    end_process "$home/server.pid" TERM || true
    tail -n 40 "$home/server.log" >&2
    fail "The server did not get ready; its last words are above, all of them are in $home/server.log."
  fi
}
