"""Verifies the tokens on standard input, one a line: discover.py METADATA AUDIENCE"""

import json
import sys
import urllib.request

import jwt

metadata, audience = sys.argv[1:]  # http://127.0.0.1:8090/main/.well-known/openid-configuration api
with urllib.request.urlopen(metadata) as answer:
    provider = json.load(answer)
keys = jwt.PyJWKClient(provider["jwks_uri"])  # of the sidecar; the issuer is still the provider's


def verify(token):
    key = keys.get_signing_key_from_jwt(token)
    issuer = provider["issuer"]
    return jwt.decode(token, key.key, algorithms=["RS256", "ES256", "EdDSA"], issuer=issuer, audience=audience)


for line in sys.stdin:
    try:
        print("accepted", verify(line.strip())["sub"], flush=True)
    except jwt.PyJWTError as refusal:
        print("refused", refusal, flush=True)
