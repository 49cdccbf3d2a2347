# Everything that must be on the machine: Debian packages, Rust, cargo and npm tools.

CARGO_LEPTOS_VERSION=0.3.11

# The version of a crate in Cargo.lock: a tool that must match it is installed in that version.
locked_version() {
  awk -v name="name = \"$1\"" '$0 == name { getline; gsub(/version = |"/, ""); print; exit }' Cargo.lock
}

postgres_folder() {
  local folders
  mapfile -t folders < <(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -V)
  [[ -x ${folders[-1]} ]] && dirname "${folders[-1]}"
}

chromium_path() {
  if [[ -n ${CHROMIUM:-} ]]; then
    command -v "$CHROMIUM"
  else
    command -v chromium
  fi
}

# Installs what is missing of: compiler, postgres, psql, redis, python, chromium.
need_debian() {
  local need missing=()
  for need in "$@"; do
    case $need in
      compiler) command -v cc >/dev/null || missing+=(build-essential) ;;
      postgres) postgres_folder >/dev/null || missing+=(postgresql) ;;
      psql) command -v psql >/dev/null || missing+=(postgresql-client) ;;
      redis) command -v redis-server >/dev/null || missing+=(redis-server) ;;
      python) python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv) ;;
      chromium) chromium_path >/dev/null || missing+=(chromium) ;;
    esac
  done
  ((${#missing[@]} == 0)) || install_debian "${missing[@]}"
}

install_debian() {
  local root=()
  command -v apt-get >/dev/null || fail "Please install these first, there is no apt-get here: $*"
  if ((EUID != 0)); then
    command -v sudo >/dev/null || fail "Please have an administrator run: apt-get install $*"
    sudo --non-interactive true 2>/dev/null || { [[ -t 0 ]] && sudo --validate; } ||
      fail "Please run this first, sudo asks for a password: sudo apt-get install $*"
    root=(sudo)
  fi
  say "Installing Debian's packages $*: a minute or two."
  patiently "${root[@]}" bash "$ROOT/scripts/lib/install-debian.sh" "$@" || fail "apt-get could not install: $*"
}

need_rust() {
  local channel sysroot
  command -v cargo >/dev/null || fail 'Rust is missing. Install it from https://rustup.rs, then run this again.'
  need_debian compiler
  channel=$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)
  if command -v rustup >/dev/null && ! rustup toolchain list | grep -q "^$channel-"; then
    say "Installing Rust $channel: a minute or two."
    patiently rustup toolchain install "$channel" --profile minimal --component rustfmt,clippy
  fi
  sysroot=$(rustc --print sysroot)
  if [[ ! -d $sysroot/lib/rustlib/wasm32-unknown-unknown ]]; then
    say 'Adding the wasm target to Rust: seconds.'
    patiently rustup target add wasm32-unknown-unknown
  fi
  if [[ ! -x $sysroot/bin/cargo-clippy || ! -x $sysroot/bin/rustfmt ]]; then
    say 'Adding clippy and rustfmt to Rust: seconds.'
    patiently rustup component add clippy rustfmt
  fi
}

need_node() {
  command -v npm >/dev/null || fail 'Node is missing. Install version 20 or newer from https://nodejs.org, then run this again.'
  node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || fail "Node $(node --version) is too old: version 20 or newer is needed."
}

# Builds a tool from crates.io unless the right version is there: name, its command, version, duration, flags.
need_cargo_tool() {
  local name=$1 command=$2 version=$3 duration=$4 status=0
  shift 4
  [[ $("$command" --version 2>/dev/null) == *" $version" ]] && return
  say "Building $name $version, once on this machine: about $duration."
  install_from_crates_io "$name" --version "$version" --locked "$@" || status=$?
  ((status != 0)) || return 0
  ((status < 128)) || fail "Building $name was interrupted."
  say 'That did not work with the exact dependencies it was released with: trying those that fit.'
  CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS=fallback install_from_crates_io "$name" --version "$version" "$@" ||
    fail "$name could not be built; the reason is above."
}

# Unoptimised, because building an optimised cargo-leptos takes half an hour and using it saves seconds.
install_from_crates_io() {
  patiently env --unset=RUSTFLAGS CARGO_TARGET_DIR="$TOOLS/target" \
    CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    cargo install "$@" --force --root "$TOOLS"
}

# Installs the packages of a package-lock.json into a folder: from, to.
need_npm_packages() {
  local from=$1 to=$2
  cmp --silent "$from/package-lock.json" "$to/node_modules/.installed" && return
  say "Installing the npm packages of $(basename "$from"): a minute."
  mkdir -p "$to"
  [[ $from -ef $to ]] || cp "$from/package.json" "$from/package-lock.json" "$to"
  patiently npm ci --prefix "$to" --no-audit --no-fund --loglevel=error
  cp "$from/package-lock.json" "$to/node_modules/.installed"
}

# What an optimised build takes.
need_build_tools() {
  need_rust
  need_node
  # Its dependencies ask for a newer Rust than they use.
  need_cargo_tool cargo-leptos cargo-leptos "$CARGO_LEPTOS_VERSION" '6 minutes' --ignore-rust-version --features no_downloads
  need_cargo_tool wasm-bindgen-cli wasm-bindgen "$(locked_version wasm-bindgen)" '2 minutes'
  rm -rf "$TOOLS/target"
  need_npm_packages "$ROOT/scripts/wasm-opt" "$TOOLS/npm"
}

# What talking to a database takes.
need_psql() {
  need_debian psql
}

# What asking the API at random takes.
need_schemathesis() {
  local home=$TOOLS/schemathesis packages=$ROOT/tests/contract/requirements.txt
  need_node
  need_debian python
  cmp --silent "$packages" "$home/.installed" && return
  say 'Installing Schemathesis: a minute.'
  rm -rf "$home"
  patiently python3 -m venv "$home"
  patiently "$home/bin/pip" install --quiet --disable-pip-version-check --requirement "$packages"
  cp "$packages" "$home/.installed"
}

need_browser_packages() {
  need_node
  need_npm_packages "$ROOT/end2end" "$ROOT/end2end"
}

# What driving a browser takes.
need_browser() {
  need_browser_packages
  need_debian chromium
}
