# Words, paths and processes.

: "${HOME:=$(getent passwd "$(id -u)" | cut -d: -f6)}"
CACHE=${TRESTLE_CACHE:-$HOME/.cache/trestle}
TOOLS=$CACHE/tools
RUN=$ROOT/.run

export HOME
export CARGO_TARGET_DIR=$CACHE/target
export PATH="$TOOLS/bin:$TOOLS/npm/node_modules/.bin:$PATH:$HOME/.cargo/bin"

if [[ -t 1 ]]; then
  BOLD=$'\e[1m' RED=$'\e[31m' PLAIN=$'\e[0m' COLOR=always
else
  BOLD='' RED='' PLAIN='' COLOR=never
fi

say() {
  printf '%s==>%s %s\n' "$BOLD" "$PLAIN" "$*"
}

fail() {
  printf '%s==> %s%s\n' "$RED" "$*" "$PLAIN" >&2
  exit 1
}

# Ends the script when somebody interrupts it; its EXIT trap then cleans up.
heed_signals() {
  trap 'say "Interrupted by Ctrl-C."; exit 130' INT
  trap 'say "Interrupted by SIGTERM."; exit 143' TERM
  trap 'say "Interrupted by SIGHUP."; exit 129' HUP
}

# Runs a long command: in full view on a terminal, else with its output kept back until it fails.
patiently() {
  if [[ -t 2 ]]; then
    "$@" </dev/null
    return
  fi
  local log status=0
  log=$(mktemp)
  "$@" </dev/null >"$log" 2>&1 || status=$?
  ((status == 0)) || tail -n 60 "$log" >&2
  rm -f "$log"
  return "$status"
}

# Runs a function in a subshell, one at a time among all clones that share the cache: name, function.
alone() (
  name=$1
  shift
  mkdir -p "$CACHE"
  exec {lock}>"$CACHE/$name.lock"
  if ! flock --nonblock "$lock"; then
    say "Another $name is under way on this machine: waiting for it."
    flock "$lock"
  fi
  "$@"
)

# Writes standard input to a file that only its owner may read.
keep_secret() {
  (umask 077 && cat >"$1.new" && mv "$1.new" "$1")
}

random_hex() {
  od -An -tx1 -N "$1" /dev/urandom | tr -d ' \n'
}

# Makes .run, afresh when it came along with a copied or moved clone: its services belong to the original.
make_run_folder() {
  if [[ -f $RUN/clone && $(<"$RUN/clone") != "$ROOT" ]]; then
    say "This clone was copied from $(<"$RUN/clone"): starting with an empty .run."
    rm -rf "$RUN"
  fi
  mkdir -p "$RUN"
  printf '%s\n' "$ROOT" >"$RUN/clone"
}

# Marks the values in .env that scripts/setup --dev wrote: they name this clone's own services.
PRIVATE_MARK=' # private'

# Takes from .env what the environment does not say already, except what is private.
load_env_file() {
  local line key quoted='^"(.*)"$'
  [[ -f $ROOT/.env ]] || return 0
  while IFS= read -r line || [[ -n $line ]]; do
    [[ $line =~ ^([A-Z_][A-Z0-9_]*)=(.+)$ && $line != *"$PRIVATE_MARK" ]] || continue
    key=${BASH_REMATCH[1]} line=${BASH_REMATCH[2]}
    [[ ! $line =~ $quoted ]] || line=${BASH_REMATCH[1]}
    [[ -n ${!key:-} ]] || export "$key=$line"
  done <"$ROOT/.env"
}

# When a process began, in clock ticks since boot; nothing when it is gone.
birth_of() {
  local stat
  { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
  local -a fields
  read -ra fields <<<"${stat##*) }"
  [[ ${fields[0]} != Z ]] || return 1
  printf '%s\n' "${fields[19]}"
}

# Remembers a process in a file, by its birth too, since numbers are used again.
remember_process() {
  printf '%s %s\n' "$2" "$(birth_of "$2")" >"$1"
}

# Prints the number of a remembered process, or fails when that very process is gone.
living_process() {
  local pid birth
  [[ -f $1 ]] || return 1
  read -r pid birth <"$1" || return 1
  [[ $(birth_of "$pid") == "$birth" ]] && printf '%s\n' "$pid"
}

# Ends a remembered process with the signal that means "finish cleanly" to it; fails when there was none.
end_process() {
  local file=$1 signal=$2 pid
  pid=$(living_process "$file") || {
    rm -f "$file"
    return 1
  }
  kill -s "$signal" "$pid"
  for _ in {1..300}; do
    living_process "$file" >/dev/null || break
    sleep 0.1
  done
  if living_process "$file" >/dev/null; then
    kill -s KILL "$pid"
  fi
  rm -f "$file"
}

port_is_taken() {
  (: <>"/dev/tcp/$1/$2") 2>/dev/null
}

# A free port below the range from which the kernel hands out ports for outgoing connections.
free_port() {
  local port
  for _ in {1..100}; do
    port=$((20000 + RANDOM % 12000))
    if ! port_is_taken 127.0.0.1 "$port"; then
      printf '%s\n' "$port"
      return
    fi
  done
  fail 'No free port between 20000 and 32000.'
}
