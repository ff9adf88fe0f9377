"""Verifies the tokens on standard input, one a line: verify.py KEY_SET ISSUER AUDIENCE"""

import sys

import jwt

key_set, issuer, audience = sys.argv[1:]  # http://127.0.0.1:8090/main/jwks.json https://idp.example/realms/main api
keys = jwt.PyJWKClient(key_set)  # once for the process: it holds the cache


def verify(token):
    key = keys.get_signing_key_from_jwt(token)
    return jwt.decode(token, key.key, algorithms=["RS256", "ES256", "EdDSA"], issuer=issuer, audience=audience)


for line in sys.stdin:
    try:
        print("accepted", verify(line.strip())["sub"], flush=True)
    except jwt.PyJWTError as refusal:
        print("refused", refusal, flush=True)
