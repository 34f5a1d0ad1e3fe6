/** What authentication needs of cryptography. It comes in as functions, as this folder imports none. */
export interface PostgresCrypto {
  /** 16 bytes. */
  readonly md5: (bytes: Uint8Array) => Uint8Array;
  /** SHA-256, 32 bytes. */
  readonly sha256: (bytes: Uint8Array) => Uint8Array;
  /** HMAC with SHA-256 (RFC 2104), 32 bytes. */
  readonly hmac: (key: Uint8Array, bytes: Uint8Array) => Uint8Array;
  /** PBKDF2 with HMAC-SHA-256 (RFC 8018), 32 bytes. */
  readonly pbkdf2: (password: Uint8Array, salt: Uint8Array, iterations: number) => Uint8Array;
  /** Printable characters that nobody can foresee, for the nonce of a SCRAM client. */
  readonly nonce: () => string;
}
