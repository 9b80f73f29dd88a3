#!/usr/bin/env bash
# Builds pgvector for an installed PostgreSQL from Debian's source package and installs it beside the server's own
# extensions. For releases that ship no binary package of it.
# Usage: build-pgvector.sh <postgres major>   (as root; needs build-essential and postgresql-server-dev-<major>)
set -euo pipefail

major=$1
source_suite=trixie

exec 9>/run/lock/askwire-pgvector.lock
flock -w 900 9
[[ -e "/usr/share/postgresql/$major/extension/vector.control" ]] && exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"

# The mirror and its keyring are taken from what this machine already uses for its own release; lists and state are
# private, so the system's apt never sees the foreign suite.
release=$(. /etc/os-release && echo "$VERSION_CODENAME")
read -r mirror keyring < <(
  awk -v release="$release" '
    FILENAME ~ /\.sources$/ {
      if (/^URIs:/) uri = $2
      if (/^Suites:/) { found = 0; for (i = 2; i <= NF; i++) if ($i == release) found = 1 }
      if (/^Signed-By:/) key = $2
      if (/^$/) { if (found && uri) { print uri, (key ? key : "-"); exit } uri = key = ""; found = 0 }
      next
    }
    /^deb / {
      line = $0; key = "-"
      if (match(line, /signed-by=[^] ]+/)) key = substr(line, RSTART + 10, RLENGTH - 10)
      sub(/^deb +(\[[^]]*\] +)?/, "", line)
      n = split(line, field, / +/)
      if (n >= 2 && field[2] == release) { print field[1], key; exit }
    }
    END { if (found && uri) print uri, (key ? key : "-") }
  ' $(ls /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list /etc/apt/sources.list 2>/dev/null)
) || { echo "no Debian mirror for $release is configured on this machine" >&2; exit 1; }

mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/source"
signed=''
[[ $keyring != - ]] && signed="[signed-by=$keyring] "
echo "deb-src ${signed}$mirror $source_suite main" >"$work/sources.list"

options=(-q -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$work/lists"
  -o "Dir::Cache=$work/cache" -o Acquire::Languages=none -o Acquire::Retries=3 -o APT::Sandbox::User=root)
apt-get "${options[@]}" update
cd "$work/source"
apt-get "${options[@]}" source pgvector

# OPTFLAGS empty: without it the build is for this very CPU and may not run where the disk image goes next.
cd pgvector-*/
make -j2 OPTFLAGS= with_llvm=no PG_CONFIG="/usr/lib/postgresql/$major/bin/pg_config"
make install OPTFLAGS= with_llvm=no PG_CONFIG="/usr/lib/postgresql/$major/bin/pg_config"
