// Verifies the tokens on standard input, one a line: discover.js METADATA AUDIENCE
import { createInterface } from 'node:readline';
import { createRemoteJWKSet, jwtVerify } from 'jose';

// http://127.0.0.1:8090/main/.well-known/openid-configuration api
const [metadata, audience] = process.argv.slice(2);
const { issuer, jwks_uri } = await (await fetch(metadata)).json();
const keys = createRemoteJWKSet(new URL(jwks_uri)); // of the sidecar; the issuer is still the provider's

async function verify(token) {
  const algorithms = ['RS256', 'ES256', 'EdDSA'];
  const { payload } = await jwtVerify(token, keys, { algorithms, issuer, audience });
  return payload;
}

for await (const line of createInterface({ input: process.stdin })) {
  try {
    console.log('accepted', (await verify(line)).sub);
  } catch (refusal) {
    console.log('refused', refusal.message);
  }
}
