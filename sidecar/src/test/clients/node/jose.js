// Verifies the tokens on standard input, one a line: jose.js KEY_SET ISSUER AUDIENCE
import { createInterface } from 'node:readline';
import { createRemoteJWKSet, jwtVerify } from 'jose';

// http://127.0.0.1:8090/main/jwks.json https://idp.example/realms/main api
const [keySet, issuer, audience] = process.argv.slice(2);
const keys = createRemoteJWKSet(new URL(keySet)); // once for the process: it holds the cache

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
