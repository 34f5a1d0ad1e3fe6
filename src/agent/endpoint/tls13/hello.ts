import { randomBytes } from 'node:crypto';
import { buildEchGrease, echPayloadLength } from '../../../wire/ech.ts';
import { TLS_EXTENSION, TLS_GROUP } from '../../../wire/tls.ts';
import { buildBrowserHello } from '../../../wire/tls-build.ts';
import type { KeyShare, TlsExtension } from '../../../wire/tls-build.ts';
import { createKeyExchange } from './key-exchange.ts';

export interface HelloOptions {
  /** Empty sends none. */
  readonly serverName: string;
  readonly alpn: readonly string[];
}

/** What is the same in a client's first and second hello (RFC 8446 section 4.1.2, RFC 9849 section 6.2). */
export interface HelloMaker {
  /** `cookie` is what a server that asks for another hello wants back. */
  make(share: KeyShare, cookie: Uint8Array | null): Uint8Array;
}

export function createHelloMaker({ serverName, alpn }: HelloOptions): HelloMaker {
  const random = randomBytes(32);
  // Middleboxes let pass what looks like the resumption of a session (RFC 8446 appendix D.4).
  const sessionId = randomBytes(32);
  const ech = randomEch();
  return {
    make: (share, cookie) =>
      buildBrowserHello({
        ...{ serverName: serverName === '' ? null : serverName, alpn, random, sessionId },
        keyShares: [share],
        extensions: [...(cookie ? [{ type: TLS_EXTENSION.cookie, data: cookie }] : []), ech],
      }),
  };
}

function randomEch(): TlsExtension {
  const [configId = 0, choice = 0] = randomBytes(2);
  const key = createKeyExchange(TLS_GROUP.x25519)?.share.key ?? randomBytes(32);
  const payload = randomBytes(echPayloadLength(choice));
  return buildEchGrease({ configId, encapsulatedKey: key, payload });
}
