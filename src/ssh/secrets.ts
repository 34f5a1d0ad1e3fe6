// What a person has typed: asked for once, kept in memory for as long as whoever asks lives, so that a connection that was
// lost can be made again without asking again.
import { createHash } from 'node:crypto';
import type { ParsedKey } from 'ssh2';
import { parseKey } from './parse-key.ts';
import type { Ask } from './ssh.ts';

export interface Secrets {
  /** The private key in a file's text; asks for its passphrase, three times at most. Rejects with what stands in the way. */
  unlock(path: string, text: string): Promise<ParsedKey>;
  /** The answer to a question; null where nobody can be asked. `isFresh`: what was typed before did not do. */
  answer(question: string, isFresh: boolean): Promise<string | null>;
}

const MOST_TRIES = 3;
const remembered = new WeakMap<Ask, Secrets>();

/** The secrets that `ask` has got so far. */
export function secretsOf(ask: Ask): Secrets {
  const known = remembered.get(ask);
  if (known !== undefined) return known;
  const keys = new Map<string, Promise<ParsedKey>>();
  const answers = new Map<string, Promise<string | null>>();
  const secrets: Secrets = {
    unlock: (path, text) => {
      const id = createHash('sha256').update(path).update('\0').update(text).digest('hex');
      const key = keys.get(id) ?? unlock(path, text, ask);
      keys.set(id, key);
      // A person who was mistaken is asked again the next time.
      key.catch(() => keys.delete(id));
      return key;
    },
    answer: (question, isFresh) => {
      const answer = (isFresh ? undefined : answers.get(question)) ?? ask(question);
      answers.set(question, answer);
      return answer;
    },
  };
  remembered.set(ask, secrets);
  return secrets;
}

async function unlock(path: string, text: string, ask: Ask): Promise<ParsedKey> {
  const open = parse(text);
  if (!(open instanceof Error)) return open;
  if (!/encrypted|passphrase/i.test(open.message))
    throw new Error(
      `${open.message}: "ssh-keygen -p -f ${path}" writes it in the format of OpenSSH`,
    );
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const passphrase = await ask(
      `${tries === 0 ? 'Passphrase' : 'Wrong passphrase. Passphrase'} of key "${path}": `,
    );
    if (passphrase === null)
      throw new Error(
        'it has a passphrase, and there is no terminal to ask for it: "ssh-add" gives it to the agent',
      );
    const key = parse(text, passphrase);
    if (!(key instanceof Error)) return key;
  }
  throw new Error(`the passphrase was wrong ${MOST_TRIES} times`);
}

function parse(text: string, passphrase?: string): ParsedKey | Error {
  const key = parseKey(text, passphrase);
  if (key instanceof Error || key.isPrivateKey()) return key;
  return new Error('there is no private key in it');
}
