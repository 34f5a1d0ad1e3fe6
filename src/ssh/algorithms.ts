// What is proposed to a server, the best first.
import type { Algorithms } from 'ssh2';
import type { HostKeyAlgorithm } from './host-key.ts';

/**
 * AES-GCM first: with the processor's instructions it carried most of what was measured here (300 MB in 1.05 s, ChaCha20 in
 * 1.38 s). Elliptic curves first: a group exchange costs a round trip and tens of milliseconds of arithmetic.
 */
export const algorithms = (serverHostKey: readonly HostKeyAlgorithm[]): Algorithms => ({
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group14-sha256',
  ],
  serverHostKey: [...serverHostKey],
  cipher: [
    'aes128-gcm@openssh.com',
    'aes256-gcm@openssh.com',
    'chacha20-poly1305@openssh.com',
    'aes128-ctr',
    'aes192-ctr',
    'aes256-ctr',
  ],
  hmac: [
    'hmac-sha2-256-etm@openssh.com',
    'hmac-sha2-512-etm@openssh.com',
    'hmac-sha2-256',
    'hmac-sha2-512',
  ],
  compress: ['none'],
});
