// What an agent holds that ssh2 passes over without a word: keys of types that it cannot show to a server.
import { once } from 'node:events';
import { connect } from 'node:net';
import { readHostKey } from './host-key.ts';
import { parseKey } from './parse-key.ts';

/** A key of the agent that cannot be used here. */
export interface StrangeKey {
  /** As on the wire: `sk-ssh-ed25519@openssh.com`. */
  readonly type: string;
  readonly comment: string;
}

/** draft-ietf-sshm-ssh-agent section 6.1. */
const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;
/** Bytes of an answer, and milliseconds for it: what is more is no agent's. */
const MOST_BYTES = 1 << 20;
const ANSWER_MS = 2_000;

/** Asks the agent at a socket; none where it does not answer as one, which those say who ask it for its other keys. */
export async function strangeKeys(path: string): Promise<StrangeKey[]> {
  const socket = connect(path);
  socket.setTimeout(ANSWER_MS, () => socket.destroy());
  try {
    await once(socket, 'connect');
    socket.write(Buffer.from([0, 0, 0, 1, REQUEST_IDENTITIES]));
    let answer = Buffer.alloc(0);
    for await (const chunk of socket) {
      answer = Buffer.concat([answer, chunk as Buffer]);
      const length = answer.length < 4 ? MOST_BYTES : answer.readUInt32BE(0);
      if (answer.length >= 4 + length) return readIdentities(answer.subarray(4, 4 + length));
      if (answer.length > MOST_BYTES) break;
    }
    return [];
  } catch {
    return [];
  } finally {
    socket.destroy();
  }
}

/** Throws a RangeError for what breaks off. */
function readIdentities(answer: Buffer): StrangeKey[] {
  if (answer[0] !== IDENTITIES_ANSWER) return [];
  let position = 1;
  const number = (): number => {
    const value = answer.readUInt32BE(position);
    position += 4;
    return value;
  };
  const bytes = (): Buffer => {
    const length = number();
    position += length;
    return answer.subarray(position - length, position);
  };
  return Array.from({ length: Math.min(number(), MOST_BYTES / 8) }, () => {
    const blob = bytes();
    return { blob, comment: bytes().toString('utf8') };
  })
    .filter(({ blob }) => parseKey(blob) instanceof Error)
    .map(({ blob, comment }) => ({ type: readHostKey(blob).type, comment }));
}
