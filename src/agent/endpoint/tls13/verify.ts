import { X509Certificate, constants, verify } from 'node:crypto';
import type { PeerCertificate } from 'node:tls';
import { concatBytes, fromLatin1 } from '../../../wire/bytes.ts';
import { TLS_SIGNATURE } from '../../../wire/tls.ts';
import type { CertificateVerify } from '../../../wire/tls-server.ts';
import { ALERT, TlsFault, malformed } from './tls-fault.ts';

/** Says what is wrong with a server's certificate for the name that was wished. */
export type JudgeCertificate = (certificate: PeerCertificate) => Error | undefined;

export function readChain(der: readonly Uint8Array[]): X509Certificate[] {
  try {
    return der.map((bytes) => new X509Certificate(bytes));
  } catch {
    throw malformed('certificate');
  }
}

/** Throws a `TlsFault` unless the chain leads to an authority of `trust` (PEM), all of it is valid now and `judge` is content. */
export function verifyChain(
  chain: readonly X509Certificate[],
  trust: string,
  judge: JudgeCertificate,
  now: Date,
): void {
  const [leaf] = chain;
  if (!leaf) throw malformed('certificate');
  const authorities = [new X509Certificate(trust)];
  for (let current = leaf, depth = 0; ; depth += 1) {
    verifyValidity(current, now);
    if (authorities.some((authority) => isIssuedBy(current, authority))) break;
    const next = chain[depth + 1];
    if (!next || !next.ca || !isIssuedBy(current, next))
      throw new TlsFault(
        'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
        'unable to verify the first certificate',
        ALERT.unknownCa,
      );
    current = next;
  }
  const fault = judge(leaf.toLegacyObject());
  if (fault)
    throw new TlsFault('ERR_TLS_CERT_ALTNAME_INVALID', fault.message, ALERT.badCertificate);
}

const isIssuedBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

function verifyValidity(certificate: X509Certificate, now: Date): void {
  if (new Date(certificate.validFrom) > now)
    throw new TlsFault('CERT_NOT_YET_VALID', 'certificate is not yet valid', ALERT.badCertificate);
  if (new Date(certificate.validTo) < now)
    throw new TlsFault('CERT_HAS_EXPIRED', 'certificate has expired', ALERT.certificateExpired);
}

/** What a server signs: RFC 8446 section 4.4.3. */
const signedContent = (transcript: Uint8Array): Uint8Array =>
  concatBytes(
    new Uint8Array(64).fill(0x20),
    fromLatin1('TLS 1.3, server CertificateVerify\0'),
    transcript,
  );

/** Throws a `TlsFault` unless the server has the key of its certificate. */
export function verifySignature(
  certificate: X509Certificate,
  { scheme, signature }: CertificateVerify,
  transcript: Uint8Array,
): void {
  const content = signedContent(transcript);
  const { publicKey } = certificate;
  const pss = {
    key: publicKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  };
  const isRight = (): boolean => {
    switch (scheme) {
      case TLS_SIGNATURE.ecdsaSecp256r1Sha256:
        return isOf(certificate, 'ec') && verify('sha256', content, publicKey, signature);
      case TLS_SIGNATURE.ecdsaSecp384r1Sha384:
        return isOf(certificate, 'ec') && verify('sha384', content, publicKey, signature);
      case TLS_SIGNATURE.rsaPssRsaeSha256:
        return isOf(certificate, 'rsa') && verify('sha256', content, pss, signature);
      case TLS_SIGNATURE.rsaPssRsaeSha384:
        return isOf(certificate, 'rsa') && verify('sha384', content, pss, signature);
      case TLS_SIGNATURE.rsaPssRsaeSha512:
        return isOf(certificate, 'rsa') && verify('sha512', content, pss, signature);
      case TLS_SIGNATURE.ed25519:
        return isOf(certificate, 'ed25519') && verify(null, content, publicKey, signature);
      default:
        return false;
    }
  };
  if (!isRight())
    throw new TlsFault(
      'ERR_SSL_BAD_SIGNATURE',
      'The signature of the server is not that of its certificate',
      ALERT.decryptError,
    );
}

const isOf = ({ publicKey }: X509Certificate, type: 'ec' | 'rsa' | 'ed25519'): boolean =>
  publicKey.asymmetricKeyType === type;
