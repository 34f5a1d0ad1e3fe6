import { TLS_CIPHER } from '../../../wire/tls.ts';

export interface CipherSuite {
  /** As node:crypto names them. */
  readonly cipher: 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305';
  readonly hash: 'sha256' | 'sha384';
  /** Bytes. */
  readonly keyLength: number;
  readonly hashLength: number;
}

/** RFC 8446 appendix B.4; undefined for suites that were not offered. */
export function findSuite(number: number): CipherSuite | undefined {
  switch (number) {
    case TLS_CIPHER.aes128GcmSha256:
      return { cipher: 'aes-128-gcm', hash: 'sha256', keyLength: 16, hashLength: 32 };
    case TLS_CIPHER.aes256GcmSha384:
      return { cipher: 'aes-256-gcm', hash: 'sha384', keyLength: 32, hashLength: 48 };
    case TLS_CIPHER.chacha20Poly1305Sha256:
      return { cipher: 'chacha20-poly1305', hash: 'sha256', keyLength: 32, hashLength: 32 };
    default:
      return undefined;
  }
}
