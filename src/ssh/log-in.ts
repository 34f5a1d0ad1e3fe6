// One hop: handshake, host key, login. What comes back is an ssh2 client that is ready and watched.
import type { Duplex } from 'node:stream';
import ssh2 from 'ssh2';
import type { Client } from 'ssh2';
import type { Fault } from '../base/fault.ts';
import { algorithms } from './algorithms.ts';
import { startLogin } from './authenticate.ts';
import { nameOf, readKnownHosts, refuseHostKey } from './check-host-key.ts';
import type { Deadline } from './deadline.ts';
import { explainHandshake, refuseLogin } from './explain-login.ts';
import { orderAlgorithms, readHostKey } from './host-key.ts';
import { knownTypes } from './known-hosts.ts';
import type { Secrets } from './secrets.ts';
import { watchSilence } from './watch-silence.ts';
import type { Where } from './where.ts';

export interface LoggedIn {
  readonly client: Client;
  /** Settles when the connection is gone, with why. */
  readonly lost: Promise<string>;
  /** Says goodbye; the connection is gone soon, whether the other side answers or not. */
  end(): void;
}

/** Milliseconds for the other side to close, too. */
const FAREWELL_MS = 1000;

/** Logs in over a stream to the hop's sshd. Throws a machine fault; the stream is gone then. */
export async function logIn(
  where: Where,
  stream: Duplex,
  options: { readonly secrets: Secrets; readonly deadline: Deadline },
): Promise<LoggedIn> {
  const { hop } = where;
  const { signal } = options.deadline;
  const entries = await readKnownHosts(hop);
  const client = new ssh2.Client();
  let reason: string | null = null;
  const lost = new Promise<string>((resolve) => {
    client.on('close', () => resolve(reason ?? 'the other side closed it'));
  });
  let refusal: Fault | null = null;
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error): void => {
      signal.removeEventListener('abort', abort);
      reject(error);
      client.destroy();
      stream.destroy();
    };
    const abort = (): void =>
      fail(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
    const login = startLogin(hop, options.secrets, (error) =>
      fail(error ?? refuseLogin(where, login, null)),
    );
    client.on('ready', () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
    client.on('error', (error) => {
      // A key that cannot sign: the next one is tried.
      if (error.level === 'agent') return;
      reason ??= error.message;
      fail(refusal ?? explainHandshake(error, where, login));
    });
    client.on('close', () =>
      fail(explainHandshake(new Error(reason ?? 'the connection was closed'), where, login)),
    );
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) {
      abort();
      return;
    }
    client.connect({
      sock: stream,
      username: hop.user,
      readyTimeout: 0,
      // ssh2 asks whether the other side is there; how long it may be silent is watchSilence()'s.
      keepaliveInterval: hop.aliveInterval,
      keepaliveCountMax: Number.MAX_SAFE_INTEGER,
      algorithms: algorithms(orderAlgorithms(knownTypes(entries, nameOf(hop)))),
      hostVerifier: (blob: Buffer) => {
        refusal = refuseHostKey(entries, readHostKey(blob), where);
        return refusal === null;
      },
      authHandler: login.handler,
    });
  });
  watchSilence(stream, hop, (silence) => {
    reason ??= silence;
    stream.destroy();
  });
  return {
    client,
    lost,
    end: () => {
      client.end();
      const timer = setTimeout(() => stream.destroy(), FAREWELL_MS);
      void lost.then(() => clearTimeout(timer));
    },
  };
}
