// X.509 v3 certificates (RFC 5280) with ECDSA P-256 and SHA-256 signatures: the lab's authority and its servers' leaves.
// Builds bytes only; keys, randomness and signing are the caller's.
import { parseIp } from '../base/addresses.ts';
import {
  bitString,
  booleanTrue,
  explicit,
  implicit,
  objectIdentifier,
  octetString,
  sequence,
  setOfOne,
  time,
  unsignedInteger,
  utf8String,
} from './der.ts';

export interface CertificateTemplate {
  /** Common names of the holder and of who signs; the same for a self-signed authority. At most 64 characters count. */
  readonly subject: string;
  readonly issuer: string;
  /** Up to 20 bytes, big-endian, not all zero (RFC 5280 section 4.1.2.2). */
  readonly serial: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** The holder's public key as a DER SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  /** Any bytes that identify the key of the holder, and of who signs. */
  readonly subjectKeyId: Uint8Array;
  readonly authorityKeyId: Uint8Array;
  readonly use: { readonly kind: 'authority' } | ServerUse;
}

interface ServerUse {
  readonly kind: 'server';
  /** Host names (a leading `*.` label is a wildcard) and IP addresses that the certificate speaks for. */
  readonly names: readonly string[];
}

/** Signs bytes with ECDSA and SHA-256; the signature is the DER `Ecdsa-Sig-Value` (RFC 3279 section 2.2.3). */
export type Sign = (bytes: Uint8Array) => Uint8Array;

const OID = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;

/** Length limit of a common name: ub-common-name, RFC 5280 appendix A. */
const COMMON_NAME_LIMIT = 64;
const VERSION_3 = Uint8Array.of(2);

/** The certificate in DER. */
export function buildCertificate(template: CertificateTemplate, sign: Sign): Uint8Array {
  const algorithm = sequence(objectIdentifier(OID.ecdsaWithSha256));
  const body = sequence(
    explicit(0, unsignedInteger(VERSION_3)),
    unsignedInteger(template.serial),
    algorithm,
    distinguishedName(template.issuer),
    sequence(time(template.notBefore), time(template.notAfter)),
    distinguishedName(template.subject),
    template.publicKey,
    explicit(3, sequence(...extensions(template))),
  );
  return sequence(body, algorithm, bitString(sign(body)));
}

function distinguishedName(commonName: string): Uint8Array {
  const attribute = (type: string, value: string): Uint8Array =>
    setOfOne(sequence(objectIdentifier(type), utf8String(value)));
  return sequence(
    attribute(OID.organization, 'netscenario'),
    attribute(OID.commonName, commonName.slice(0, COMMON_NAME_LIMIT)),
  );
}

function extensions(template: CertificateTemplate): Uint8Array[] {
  const keys = [
    extension(OID.subjectKeyIdentifier, octetString(template.subjectKeyId)),
    extension(OID.authorityKeyIdentifier, sequence(implicit(0, template.authorityKeyId))),
  ];
  if (template.use.kind === 'authority')
    return [
      critical(OID.basicConstraints, sequence(booleanTrue())),
      // keyCertSign (bit 5) and cRLSign (bit 6).
      critical(OID.keyUsage, bitString(Uint8Array.of(0b0000_0110), 1)),
      ...keys,
    ];
  return [
    critical(OID.basicConstraints, sequence()),
    // digitalSignature (bit 0).
    critical(OID.keyUsage, bitString(Uint8Array.of(0b1000_0000), 7)),
    extension(OID.extKeyUsage, sequence(objectIdentifier(OID.serverAuth))),
    extension(OID.subjectAltName, sequence(...template.use.names.map(generalName))),
    ...keys,
  ];
}

const extension = (id: string, value: Uint8Array): Uint8Array =>
  sequence(objectIdentifier(id), octetString(value));

const critical = (id: string, value: Uint8Array): Uint8Array =>
  sequence(objectIdentifier(id), booleanTrue(), octetString(value));

/** iPAddress [7] or dNSName [2] (RFC 5280 section 4.2.1.6). */
function generalName(name: string): Uint8Array {
  const address = parseIp(name);
  return address.ok
    ? implicit(7, address.value.bytes)
    : implicit(2, new TextEncoder().encode(name));
}

/** PEM (RFC 7468) of a DER certificate. */
export function certificatePem(der: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...der));
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
