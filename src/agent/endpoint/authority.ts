// The lab's own certificate authority. Its key is made for one run and is nowhere but in the memory of the lab's agents.
import { createHash, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { buildCertificate, certificatePem } from '../../traffic/certificate.ts';
import type { CertificateTemplate } from '../../traffic/certificate.ts';
import type { AuthorityKey } from '../../model/rpc.ts';
import type { Credentials } from './protocol.ts';

export interface Authority {
  /** The authority's own certificate in PEM: what programs and probes are told to trust. */
  readonly certificate: string;
  /** With which another agent issues certificates of the same authority. */
  readonly key: AuthorityKey;
  /** A new key and a certificate for a server that goes by `names`: host names and addresses. */
  issue(subject: string, names: readonly string[]): Credentials;
}

/** Wide enough for machines whose clock is wrong. */
const VALIDITY = {
  notBefore: new Date('2000-01-01T00:00:00Z'),
  notAfter: new Date('2099-12-31T23:59:59Z'),
};

/** A new authority, or one that another agent made. `name` is how issuers begin. */
export function createAuthority(shared?: AuthorityKey, name = 'Lab authority'): Authority {
  const own = shared === undefined ? newKey() : readKey(shared.privateKey);
  const issuer = `${name} ${own.id.subarray(0, 4).toString('hex')}`;
  const certify = (template: Pick<CertificateTemplate, 'subject' | 'use'>, key: Key): string =>
    certificatePem(
      buildCertificate(
        {
          ...template,
          ...VALIDITY,
          issuer,
          serial: newSerial(),
          publicKey: key.publicKey,
          subjectKeyId: key.id,
          authorityKeyId: own.id,
        },
        (bytes) => sign('sha256', bytes, own.privateKey),
      ),
    );
  const certificate =
    shared?.certificate ?? certify({ subject: issuer, use: { kind: 'authority' } }, own);
  return {
    certificate,
    key: { certificate, privateKey: own.privateKey },
    issue: (subject, names) => {
      const key = newKey();
      return {
        key: key.privateKey,
        certificate: certify({ subject, use: { kind: 'server', names } }, key),
      };
    },
  };
}

interface Key {
  /** PKCS #8, PEM. */
  readonly privateKey: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Buffer;
  /** 160 bits of a hash of the public key (RFC 7093 section 2). */
  readonly id: Buffer;
}

function newKey(): Key {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'der' },
  });
  return { privateKey, publicKey, id: identify(publicKey) };
}

function readKey(privateKey: string): Key {
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return { privateKey, publicKey, id: identify(publicKey) };
}

const identify = (publicKey: Buffer): Buffer =>
  createHash('sha256').update(publicKey).digest().subarray(0, 20);

/** 127 random bits, the top one set, so that it is neither zero nor padded. */
function newSerial(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}
