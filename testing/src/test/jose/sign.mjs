// Prints, for each algorithm, a public key and tokens signed with its private part, as JSON.
// The device's id is the only argument; the algorithm is the name of the key.
import { webcrypto } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

// Node 18 has it, but under another name.
globalThis.crypto ??= webcrypto;

const deviceId = process.argv[2];
const ALGORITHMS = ['ES256', 'EdDSA', 'RS256'];

function sign(algorithm, privateKey, { audience = 'fleetwell', life = '1h' } = {}) {
  return new SignJWT({})
    .setProtectedHeader({ alg: algorithm, kid: algorithm, typ: 'JWT' })
    .setIssuer(deviceId)
    .setSubject(deviceId)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(life)
    .sign(privateKey);
}

async function device(algorithm) {
  const { publicKey, privateKey } = await generateKeyPair(algorithm);
  const other = await generateKeyPair(algorithm);
  return {
    kid: algorithm,
    jwk: await exportJWK(publicKey),
    good: await sign(algorithm, privateKey),
    bad: {
      'another audience': await sign(algorithm, privateKey, { audience: 'another' }),
      'a life of 25 hours': await sign(algorithm, privateKey, { life: '25h' }),
      'another key': await sign(algorithm, other.privateKey),
    },
  };
}

console.log(JSON.stringify(await Promise.all(ALGORITHMS.map(device))));
