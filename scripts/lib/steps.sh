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

step queries '.sqlx says what a freshly migrated database says' 'need_sqlx claim_artefacts use_services'
step_queries() {
  local url
  url=$(database_named queries)
  sqlx database drop -y --database-url "$url"
  sqlx database create --database-url "$url"
  sqlx migrate run --source migrations --database-url "$url"
  DATABASE_URL=$url SQLX_OFFLINE=false cargo sqlx prepare --check --workspace -- --all-targets
  sqlx database drop -y --database-url "$url"
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

step contract 'the API keeps to its document, whatever it is asked' 'need_build_tools need_sqlx need_schemathesis use_services'
step_contract() {
  serve_tests contract
  local status=0
  PATH="$TOOLS/schemathesis/bin:$BUILD:$PATH" tests/contract/run "$TRESTLE_PUBLIC_URL" "$HOME_OF_TESTS/demo.json" || status=$?
  stop_serving
  return "$status"
}

step browser 'every flow, in Chromium' 'need_build_tools need_sqlx need_browser use_services'
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
  sqlx database drop -y
  sqlx database create
  unset "${!TRESTLE_@}"
  describe_server "$HOME_OF_TESTS" "127.0.0.1:$(free_port)"
  set_limits '1000000 per minute'
  export TRESTLE_LIMITS__LETTERS=${2:-$TRESTLE_LIMITS__LETTERS}
  fill_database "$HOME_OF_TESTS"
  start_server "$HOME_OF_TESTS"
}

stop_serving() {
  end_process "$HOME_OF_TESTS/server.pid" TERM || true
  sqlx database drop -y
}

# The URL of another database beside the one of DATABASE_URL.
database_named() {
  local base=${DATABASE_URL%%\?*} options=''
  [[ $DATABASE_URL != *\?* ]] || options="?${DATABASE_URL#*\?}"
  printf '%s/trestle_%s%s\n' "${base%/*}" "$1" "$options"
}
