# The private PostgreSQL and Redis of a home folder (.run, or .run/test for the tests).
#
# Each keeps a folder of data, NAME.url (how to reach it, password included) and NAME.pid in its home.
# They listen on 127.0.0.1 only. Debian's own clusters are never touched.

# Whom the services belong to. PostgreSQL refuses to run as root, so those of root belong to somebody else.
service_user() {
  if ((EUID != 0)); then
    id -un
  elif id postgres &>/dev/null; then
    printf 'postgres\n'
  else
    printf 'nobody\n'
  fi
}

# What this very script started.
STARTED=()

# Runs a command as that user. The locks, files 8 and 9, stay behind: a server would hold them for ever.
as_service() {
  if ((EUID == 0)); then
    (cd / && runuser -u "$(service_user)" -- "$@" 8>&- 9>&-)
  else
    (cd / && "$@" 8>&- 9>&-)
  fi
}

# Prints the folder where a service keeps its data. A link leads to it when the clone is somewhere the service
# may not look, as in /root.
service_folder() {
  local link=$1 parent elsewhere
  if [[ ! -e $link ]]; then
    rm -f "$link"
    mkdir -m 700 "$link"
  fi
  if ((EUID == 0)) && [[ $(stat --dereference --format=%U "$link") != "$(service_user)" ]]; then
    chown -R "$(service_user):" "$(realpath "$link")"
  fi
  if ! as_service test -w "$(realpath "$link")"; then
    parent=$(getent passwd "$(service_user)" | cut -d: -f6)
    as_service test -w "$parent" || parent=/var/tmp
    elsewhere=$(as_service mktemp -d "$parent/trestle-XXXXXXXX")
    cp -a "$link/." "$elsewhere"
    rm -rf "$link"
    ln -s "$elsewhere" "$link"
  fi
  realpath "$link"
}

# Forgets a service's data: home, name.
remove_service_data() {
  local link=$1/$2 elsewhere
  if [[ -L $link ]]; then
    elsewhere=$(readlink "$link")
    [[ ${elsewhere##*/} == trestle-???????? ]] && rm -rf "$elsewhere"
  fi
  rm -rf "$link" "$1/$2.url"
}

# The URL of a service that was started before: home, name.
private_url() {
  cat "$1/$2.url" 2>/dev/null || true
}

port_of() {
  local url=${1##*@127.0.0.1:}
  printf '%s\n' "${url%%/*}"
}

password_of() {
  local url=${1%@*}
  printf '%s\n' "${url##*:}"
}

# The URL with a port that is free now: the same as last time if it can be.
url_with_free_port() {
  local url=$1 port
  port=$(port_of "$url")
  if port_is_taken 127.0.0.1 "$port"; then
    port=$(free_port)
  fi
  printf '%s\n' "${url%%@*}@127.0.0.1:$port/${url##*/}"
}

start_postgres() {
  local home=$1 bin folder url
  living_process "$home/postgres.pid" >/dev/null && return
  bin=$(postgres_folder)
  folder=$(service_folder "$home/postgres")
  [[ -f $folder/data/PG_VERSION && -f $home/postgres.url ]] || create_cluster "$home" "$folder" "$bin"
  [[ $bin == */$(<"$folder/data/PG_VERSION")/* ]] || bin=/usr/lib/postgresql/$(<"$folder/data/PG_VERSION")/bin
  [[ -x $bin/pg_ctl ]] || fail "The data in $home/postgres is of a PostgreSQL that is gone. Start afresh with: scripts/stop --wipe"

  adopt_postgres "$home" "$folder" && return
  url=$(url_with_free_port "$(private_url "$home" postgres)")
  if ! as_service "$bin/pg_ctl" start --silent --wait --timeout 60 -D "$folder/data" --log "$folder/log" \
    -o "-p $(port_of "$url") -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200 ${POSTGRES_OPTIONS:-}" \
    </dev/null >/dev/null; then
    tail -n 20 "$folder/log" >&2
    fail 'The private PostgreSQL did not start; its last words are above.'
  fi
  remember_process "$home/postgres.pid" "$(head -n 1 "$folder/data/postmaster.pid")"
  keep_secret "$home/postgres.url" <<<"$url"
  STARTED+=(postgres)
  say "PostgreSQL runs on 127.0.0.1:$(port_of "$url"), for this clone alone."
}

# Remembers a PostgreSQL that runs here although its pid file is lost. Fails when none does, having removed the lock
# of one that died: its number may belong to another process by now, which would keep a new one from starting.
adopt_postgres() {
  local home=$1 folder=$2 lock=$2/data/postmaster.pid pid
  [[ -f $lock ]] || return
  for _ in {1..50}; do
    pid=$(processes_in "$folder/data")
    [[ -n $pid ]] || break
    if grep --quiet --line-regexp "$(head -n 1 "$lock")" <<<"$pid"; then
      remember_process "$home/postgres.pid" "$(head -n 1 "$lock")"
      return
    fi
    sleep 0.1
  done
  rm -f "$lock"
  return 1
}

processes_in() {
  local process
  for process in /proc/[0-9]*; do
    [[ $process/cwd -ef $1 ]] && birth_of "${process##*/}" >/dev/null && printf '%s\n' "${process##*/}"
  done
  return 0
}

# Makes the cluster, its one role and the database `trestle`.
create_cluster() {
  local home=$1 folder=$2 bin=$3 password
  say 'Making a private PostgreSQL cluster: seconds.'
  password=$(random_hex 24)
  rm -rf "$folder/data"
  as_service bash -c 'umask 077 && cat >"$1"' - "$folder/password" <<<"$password"
  as_service "$bin/initdb" -D "$folder/data" --username=trestle --pwfile="$folder/password" \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-instructions >/dev/null
  rm "$folder/password"
  as_service "$bin/postgres" --single -c log_checkpoints=off -D "$folder/data" postgres >/dev/null <<<'create database trestle'
  keep_secret "$home/postgres.url" <<<"postgres://trestle:$password@127.0.0.1:$(free_port)/trestle"
}

# Bounded in memory and never on disk: what Redis holds can always be found again in PostgreSQL.
start_redis() {
  local home=$1 folder url
  living_process "$home/redis.pid" >/dev/null && return
  folder=$(service_folder "$home/redis")
  url=$(private_url "$home" redis)
  url=$(url_with_free_port "${url:-redis://default:$(random_hex 24)@127.0.0.1:$(free_port)/}")
  rm -f "$folder/pid"
  as_service bash -c 'umask 077 && cat >"$1"' - "$folder/redis.conf" <<END
bind 127.0.0.1
port $(port_of "$url")
requirepass $(password_of "$url")
dir "$folder"
pidfile "$folder/pid"
logfile "$folder/log"
daemonize yes
save ""
appendonly no
maxmemory 64mb
maxmemory-policy allkeys-lru
END
  as_service redis-server "$folder/redis.conf" </dev/null >/dev/null
  for _ in {1..100}; do
    [[ -s $folder/pid ]] && port_is_taken 127.0.0.1 "$(port_of "$url")" && break
    sleep 0.1
  done
  if [[ ! -s $folder/pid ]]; then
    tail -n 20 "$folder/log" >&2
    fail 'The private Redis did not start; its last words are above.'
  fi
  remember_process "$home/redis.pid" "$(<"$folder/pid")"
  keep_secret "$home/redis.url" <<<"$url"
  STARTED+=(redis)
  say "Redis runs on 127.0.0.1:$(port_of "$url"), for this clone alone."
}

# Sets DATABASE_URL and REDIS_URL: to private services unless somebody named others.
use_services() {
  local home=$1
  mkdir -p "$home"
  if [[ -n ${DATABASE_URL:-} && $DATABASE_URL != "$(private_url "$home" postgres)" ]]; then
    say 'Using the PostgreSQL that DATABASE_URL names.'
  else
    need_debian postgres
    start_postgres "$home"
    DATABASE_URL=$(private_url "$home" postgres)
  fi
  if [[ -n ${REDIS_URL:-} && $REDIS_URL != "$(private_url "$home" redis)" ]]; then
    say 'Using the Redis that REDIS_URL names.'
  else
    need_debian redis
    start_redis "$home"
    REDIS_URL=$(private_url "$home" redis)
  fi
  export DATABASE_URL REDIS_URL
}

# Ends a private service cleanly; fails when it was not running: home, name.
stop_service() {
  case $2 in
    postgres) end_process "$1/postgres.pid" INT ;;
    redis) end_process "$1/redis.pid" TERM ;;
  esac
}

stop_started_services() {
  local name
  for name in "${STARTED[@]}"; do
    stop_service "$1" "$name" || true
  done
}
