# What the scripts share. Sourced, never run: `source "$(dirname "$0")/lib.sh"`.
#
#   lib/base.sh      words, paths, processes
#   lib/tools.sh     Debian packages, Rust, cargo and npm tools
#   lib/services.sh  the private PostgreSQL and Redis
#   lib/app.sh       the optimised build and the running server

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$ROOT"

source "$ROOT/scripts/lib/base.sh"
source "$ROOT/scripts/lib/tools.sh"
source "$ROOT/scripts/lib/services.sh"
source "$ROOT/scripts/lib/app.sh"
