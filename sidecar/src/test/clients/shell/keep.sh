#!/bin/sh
# Keeps a file with the newest key set, for a program that reads its keys from a file: keep.sh KEY_SET FILE
# Asks with the ETag of what it has, and prints the status of the answer: 304 where that is still the newest.
set -eu
[ -f "$2" ] || rm -f "$2.etag"
rm -f "$2.new"
curl -sSf --etag-compare "$2.etag" --etag-save "$2.new-etag" -o "$2.new" -w '%{http_code}\n' "$1"
# Renamed when it is complete, so that nobody ever reads half a set. After a 304 or an error the old file stays.
if [ -s "$2.new" ]; then
    mv "$2.new" "$2"
    mv "$2.new-etag" "$2.etag"
fi
