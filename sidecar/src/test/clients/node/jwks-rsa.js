// Verifies the tokens on standard input, one a line: jwks-rsa.js KEY_SET ISSUER AUDIENCE
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import jwt from 'jsonwebtoken';
import jwksRsa from 'jwks-rsa';

// http://127.0.0.1:8090/main/jwks.json https://idp.example/realms/main api
const [jwksUri, issuer, audience] = process.argv.slice(2);
const client = jwksRsa({ jwksUri }); // once for the process: it holds the cache

function keyOf(header, done) {
  client.getSigningKey(header.kid, (failure, key) => done(failure, key?.getPublicKey()));
}

function verify(token) {
  return promisify(jwt.verify)(token, keyOf, { algorithms: ['RS256', 'ES256'], issuer, audience });
}

for await (const line of createInterface({ input: process.stdin })) {
  try {
    console.log('accepted', (await verify(line)).sub);
  } catch (refusal) {
    console.log('refused', refusal.message);
  }
}
