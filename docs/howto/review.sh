#!/usr/bin/env bash
# What a change lets send that could not before, where its author is not trusted. For any CI: review-a-pull-request.md
#
#   review.sh synthesize SOURCE ZIP    runs the code in SOURCE: on a machine of its own, without credentials
#   review.sh judge BEFORE AFTER       compares two such zips: on a machine that never gets the code
#
# `judge` writes change.md and findings.md, and ends with 0 where it passes, with 1 where somebody has to approve it, and
# with 2 where there is no verdict.
set -Eeuo pipefail
trap 'exit 2' ERR

WHEEL="ses-sending-policy==0.1.0 --hash=sha256:THE-HASH-OF-ITS-WHEEL"

# Where work is done; it goes with the script.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

synthesize() {  # SOURCE ZIP
  zip=$(realpath "$2")
  cd "$1"
  pip install --quiet --requirement requirements.txt
  npm ci
  npx cdk synth --quiet --output="$work/assembly" || test -f "$work/assembly/manifest.json"
  find "$work/assembly" -type f ! -name '*.json' -delete
  cd "$work/assembly"
  python3 -I -m zipfile --create "$zip" .
}

judge() {  # BEFORE AFTER
  for zip in "$@"; do
    test "$(wc -c < "$zip")" -lt 50000000 || { echo "$zip has 50 MB or more" >&2; exit 2; }
  done
  echo "$WHEEL" > "$work/requirements.txt"
  python3 -m venv "$work/tool"
  "$work/tool/bin/pip" install --quiet --no-deps --only-binary=:all: --require-hashes --requirement="$work/requirements.txt"
  ulimit -f 100000  # KiB: a file may be small only as long as it is packed
  python3 -I -m zipfile --extract "$1" "$work/before"  # writes no links, and nothing outside
  python3 -I -m zipfile --extract "$2" "$work/after"

  # A command that could not read all of it exits with 2 and writes the rest, or nothing: then there is no verdict.
  code=0
  command=$work/tool/bin/sending-policy
  "$command" diff "$work/before" "$work/after" --format=markdown > change.md || code=1
  "$command" check "$work/after" --format=markdown > findings.md || code=1
  cat change.md findings.md
  test -s change.md
  test -s findings.md
  # Who writes what is not read may accept it as well: that is no approval.
  "$command" diff "$work/before" "$work/after" --format=json --fail-on=never > "$work/change.json" || test $? = 2
  python3 -I -c '
import json, sys
with open(sys.argv[1], encoding="utf-8") as change:
    parts = json.load(change)["unread"]
sys.exit(any(part["acknowledged"] and part["after"] and not part["before"] for part in parts))
' "$work/change.json" || code=1
  exit "$code"
}

case $#-${1-} in
  3-synthesize) synthesize "$2" "$3" ;;
  3-judge) judge "$2" "$3" ;;
  *) sed -n '4,5s/^# *//p' "$0" >&2; exit 2 ;;
esac
