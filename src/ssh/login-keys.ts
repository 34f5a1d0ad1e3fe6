// The keys with which a login is tried: those of the agent and those in files. What a server would not accept is not
// decrypted: the public half is shown first.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import ssh2 from 'ssh2';
import type { BaseAgent, ParsedKey, SigningRequestOptions } from 'ssh2';
import { strangeKeys } from './agent-identities.ts';
import type { Hop } from './hop.ts';
import { publicHalf } from './public-half.ts';
import type { Secrets } from './secrets.ts';

export interface LoginKey {
  /** For messages. */
  readonly name: string;
  readonly public: ParsedKey;
  /** Rejects with what stands in the way. `hash` is what the server wishes for RSA, else undefined. */
  sign(data: Buffer, hash: string | undefined): Promise<Buffer>;
}

/** A key, or why there is none. */
export type KeyCandidate =
  | { readonly kind: 'key'; readonly key: LoginKey }
  | { readonly kind: 'unusable'; readonly name: string; readonly why: string };

/**
 * In the order in which they are tried: files that were named (signed for by the agent when it has them), the agent's other
 * keys, the files where ssh looks by default. A server lets one try only a few, mostly 6.
 */
export async function listLoginKeys(
  hop: Pick<Hop, 'agent' | 'identities' | 'defaultIdentities' | 'identitiesOnly'>,
  secrets: Secrets,
): Promise<KeyCandidate[]> {
  const agent = hop.agent === null ? [] : await everythingOfAgent(hop.agent);
  const agentKeys = agent.flatMap((candidate) => (candidate.kind === 'key' ? [candidate.key] : []));
  const inFiles = async (paths: readonly string[], isNamed: boolean): Promise<KeyCandidate[]> =>
    (await Promise.all(paths.map((path) => keyOfFile(path, isNamed, agentKeys, secrets)))).flat();
  const named = await inFiles(hop.identities, true);
  const usual = await inFiles(hop.defaultIdentities, false);
  const isInFile = (key: LoginKey): boolean =>
    [...named, ...usual].some((file) => file.kind === 'key' && isSameKey(file.key, key));
  const others = agent.filter(
    (candidate) =>
      candidate.kind === 'unusable' || (!hop.identitiesOnly && !isInFile(candidate.key)),
  );
  return [...named, ...others, ...usual];
}

const isSameKey = (one: LoginKey, other: LoginKey): boolean =>
  one.public.getPublicSSH().equals(other.public.getPublicSSH());

/** Those that it has and we cannot use are worth a word, too. */
async function everythingOfAgent(socket: string): Promise<KeyCandidate[]> {
  const [keys, strange] = await Promise.all([keysOfAgent(socket), strangeKeys(socket)]);
  const unusable = strange.map(({ type, comment }): KeyCandidate => {
    const what = type.startsWith('sk-') ? 'keys on a security key (FIDO)' : 'keys of this type';
    const name = `key "${comment}" (${type}) of the agent`;
    return { kind: 'unusable', name, why: `runner cannot use ${what}` };
  });
  return [...keys, ...unusable];
}

async function keysOfAgent(socket: string): Promise<KeyCandidate[]> {
  const agent = ssh2.createAgent(socket);
  return new Promise((resolve) => {
    agent.getIdentities((error, keys) => {
      if (error instanceof Error) {
        resolve([{ kind: 'unusable', name: `agent at "${socket}"`, why: error.message }]);
        return;
      }
      resolve(
        (keys ?? []).flatMap((identity) => {
          // The agent of a socket gives parsed keys; the types know other agents, too.
          const isParsed = typeof identity === 'object' && 'getPublicSSH' in identity;
          return isParsed ? [{ kind: 'key', key: agentKey(agent, identity) }] : [];
        }),
      );
    });
  });
}

const agentKey = (agent: BaseAgent, key: ParsedKey): LoginKey => ({
  name: `key "${key.comment}" (${key.type}) of the agent`,
  public: key,
  sign: (data, hash) =>
    new Promise((resolve, reject) => {
      const options: SigningRequestOptions = hash === 'sha256' || hash === 'sha512' ? { hash } : {};
      agent.sign(key, data, options, (error, signature) => {
        if (signature === undefined) reject(error ?? new Error('The agent gave no signature'));
        else resolve(signature);
      });
    }),
});

async function keyOfFile(
  path: string,
  isNamed: boolean,
  agentKeys: readonly LoginKey[],
  secrets: Secrets,
): Promise<KeyCandidate[]> {
  const [text, written, certificate] = await Promise.all([
    readText(path),
    readText(`${path}.pub`),
    readText(`${path}-cert.pub`),
  ]);
  // ssh2 signs for plain keys only.
  const lack =
    certificate instanceof Error ? '' : ' (without its certificate, which runner cannot show)';
  const name = `key file "${path}"${lack}`;
  const unusable = (why: string): KeyCandidate[] => [{ kind: 'unusable', name, why }];
  if (text instanceof Error && written instanceof Error) {
    const isMissing = 'code' in text && text.code === 'ENOENT';
    if (isMissing) return isNamed ? unusable('there is no such file') : [];
    return unusable(text.message);
  }
  const half = publicHalf(
    text instanceof Error ? null : text,
    written instanceof Error ? null : written,
  );
  const held = half === null ? undefined : agentKeys.find((key) => key.public.equals(half));
  if (held !== undefined)
    return [{ kind: 'key', key: { ...held, name: `${name} (in the agent)` } }];
  if (text instanceof Error)
    return unusable(`only ${basename(path)}.pub is there, and the agent does not have this key`);
  if (half !== null)
    return [
      {
        kind: 'key',
        key: {
          name,
          public: half,
          sign: async (data, hash) => (await secrets.unlock(path, text)).sign(data, hash),
        },
      },
    ];
  // An encrypted key of an old format does not tell its public half.
  try {
    const key = await secrets.unlock(path, text);
    return [
      {
        kind: 'key',
        key: { name, public: key, sign: (data, hash) => Promise.resolve(key.sign(data, hash)) },
      },
    ];
  } catch (error) {
    return unusable(error instanceof Error ? error.message : String(error));
  }
}

async function readText(path: string): Promise<string | Error> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
