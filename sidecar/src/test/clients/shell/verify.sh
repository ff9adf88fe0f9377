#!/bin/sh
# Verifies the RS256 signatures of the tokens on standard input, one a line: verify.sh KEYS
# Signatures only: compare iss, aud and exp of what it prints before you rely on a token.
set -eu
keys=$1 # http://127.0.0.1:8090/main/keys

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

decode() {
    text=$(printf %s "$1" | tr -- -_ +/)
    while [ $((${#text} % 4)) -ne 0 ]; do text=$text=; done
    printf %s "$text" | openssl base64 -d -A
}

# A member of a JSON object whose text needs no escaping in JSON, nor in an address.
member() {
    printf %s "$2" | sed -n "s/.*\"$1\" *: *\"\([A-Za-z0-9_-]*\)\".*/\1/p"
}

verify() {
    header=$(decode "${1%%.*}")
    [ "$(member alg "$header")" = RS256 ] || { echo "not RS256"; return 1; }
    kid=$(member kid "$header")
    curl -sSf "$keys/$kid.pem" -o "$work/key.pem" 2>&1 || return 1
    decode "${1##*.}" >"$work/signature"
    printf %s "${1%.*}" | openssl dgst -sha256 -verify "$work/key.pem" -signature "$work/signature" 2>/dev/null >&2 ||
        { echo "the signature is wrong"; return 1; }
    payload=${1#*.}
    decode "${payload%%.*}"
}

while read -r token; do
    if text=$(verify "$token"); then
        echo "accepted $text"
    else
        echo "refused $text"
    fi
done
