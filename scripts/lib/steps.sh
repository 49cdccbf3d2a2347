# The steps of scripts/test. Each has a name, a line about it, what must be set up for it, and a function.
#
# Steps that share compiled artefacts follow one another, the quick ones first.

STEPS=()
declare -A ABOUT NEEDS

# Declares the step that the function step_NAME carries out: name, about, needs.
step() {
  STEPS+=("$1")
  ABOUT[$1]=$2
  NEEDS[$1]=$3
}

step format 'rustfmt finds nothing to change' 'need_rust'
step_format() {
  cargo fmt --all --check -- --color "$COLOR"
}

step shell 'the scripts parse, and ShellCheck is content where it is installed' ''
step_shell() {
  local script scripts
  mapfile -t scripts < <(grep --recursive --files-with-matches --max-count=1 '^#!/usr/bin/env bash' scripts .ci)
  for script in "${scripts[@]}" scripts/lib.sh scripts/lib/*.sh; do
    bash -n "$script"
  done
  if command -v shellcheck >/dev/null; then
    shellcheck "${scripts[@]}"
  fi
}

step compose 'docker-compose.yml fits together' 'need_browser_packages'
step_compose() {
  node scripts/lib/check-compose.mjs docker-compose.yml
}

step types 'the browser tests have sound types' 'need_browser_packages'
step_types() {
  (cd end2end && npx --no-install tsc)
}

step clippy 'clippy, for the machine this runs on' 'need_rust claim_artefacts'
step_clippy() {
  SQLX_OFFLINE=true cargo clippy --locked --workspace --all-targets -- -D warnings
}

step clippy-wasm 'clippy, for the browser' 'need_rust claim_artefacts'
step_clippy_wasm() {
  cargo clippy --locked --package frontend --target wasm32-unknown-unknown -- -D warnings
}

step docs 'the documentation builds without warnings' 'need_rust claim_artefacts'
step_docs() {
  SQLX_OFFLINE=true RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps --workspace
}

step queries '.sqlx says what a freshly migrated database says' 'need_rust need_psql claim_artefacts use_services'
step_queries() {
  local url found=$HOME_OF_TESTS/sqlx migration
  url=$(database_named queries)
  make_database "$url"
  for migration in migrations/*.sql; do
    ask "$url" --single-transaction --file "$migration"
  done
  rm -rf "$found"
  mkdir "$found"
  # The queries are checked, and what the database says of them is written down, as they are compiled.
  touch server/backend/src/lib.rs
  DATABASE_URL=$url SQLX_OFFLINE=false SQLX_OFFLINE_DIR=$found cargo check --locked --workspace --all-targets
  drop_database "$url"
  diff --recursive .sqlx "$found" || fail "What it says now is in $found: let that take the place of .sqlx."
}

step tests 'unit, property, database and integration tests' 'need_rust claim_artefacts use_services'
step_tests() {
  SQLX_OFFLINE=true cargo test --locked --workspace --no-fail-fast
}

step build 'the optimised build' 'need_build_tools'
step_build() {
  build_release
}

step size 'what a first visit loads is small' 'need_build_tools'
step_size() {
  build_release
  node scripts/lib/check-size.mjs "$BUILD/site/pkg"
}

step contract 'the API keeps to its document, whatever it is asked' 'need_build_tools need_psql need_schemathesis use_services'
step_contract() {
  serve_tests contract
  local status=0
  PATH="$TOOLS/schemathesis/bin:$BUILD:$PATH" tests/contract/run "$TRESTLE_PUBLIC_URL" "$HOME_OF_TESTS/demo.json" || status=$?
  stop_serving
  return "$status"
}

step browser 'every flow, in Chromium' 'need_build_tools need_psql need_browser use_services'
step_browser() {
  # As for everybody, so that somebody is asked to wait.
  serve_tests browser '10 per hour'
  local status=0
  (cd end2end && BASE_URL=$TRESTLE_PUBLIC_URL DEMO_JSON=$HOME_OF_TESTS/demo.json MAIL_DIR=$TRESTLE_MAIL__DIR \
    CHROMIUM=$(chromium_path) npx --no-install playwright test) || status=$?
  stop_serving
  return "$status"
}

# Serves the demo from the optimised build, on a database of this name; one address is sent so many letters.
serve_tests() {
  build_release
  DATABASE_URL=$(database_named "$1")
  export DATABASE_URL
  make_database "$DATABASE_URL"
  unset "${!TRESTLE_@}"
  describe_server "$HOME_OF_TESTS" "127.0.0.1:$(free_port)"
  set_limits '1000000 per minute'
  export TRESTLE_LIMITS__LETTERS=${2:-$TRESTLE_LIMITS__LETTERS}
  fill_database "$HOME_OF_TESTS"
  start_server "$HOME_OF_TESTS"
}

stop_serving() {
  end_process "$HOME_OF_TESTS/server.pid" TERM || true
  drop_database "$DATABASE_URL"
}

# The URL of a database of ours beside the one of DATABASE_URL.
database_named() {
  beside "$DATABASE_URL" "trestle_$1"
}

# The URL of another database of the same PostgreSQL: URL, name.
beside() {
  local base=${1%%\?*} options=''
  [[ $1 != *\?* ]] || options="?${1#*\?}"
  printf '%s/%s%s\n' "${base%/*}" "$2" "$options"
}

# Makes an empty database: its URL.
make_database() {
  local name=${1%%\?*}
  drop_database "$1"
  ask "$(beside "$1" postgres)" --command "create database ${name##*/}"
}

drop_database() {
  local name=${1%%\?*}
  ask "$(beside "$1" postgres)" --command "drop database if exists ${name##*/} with (force)"
}

# Runs SQL and stops where it fails: URL, what psql takes.
ask() {
  PGOPTIONS='-c client_min_messages=warning' psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 "$@"
}
