// Credentials for registries, from where "docker login" puts them (docker-login(1)): the settings file itself, or a program
// that keeps them. They are handed to the engine and never shown.
import { spawn } from 'node:child_process';
import { dockerConfig } from './docker-context.ts';

/** What the engine takes in X-Registry-Auth. */
export interface RegistryAuth {
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly serveraddress: string;
}

const HELPER_MS = 10_000;
/** What Docker Hub is called in the settings. */
const HUB_KEY = 'https://index.docker.io/v1/';
/** A username that says that the secret is a token. */
const TOKEN_USER = '<token>';

/** Undefined when nobody logged in there: then the engine asks as anybody. */
export async function registryAuth(
  environment: NodeJS.ProcessEnv,
  registry: string,
): Promise<RegistryAuth | undefined> {
  const config = await dockerConfig(environment);
  const key = registry === 'docker.io' ? HUB_KEY : registry;
  const helper = text(ownMember(config['credHelpers'], key)) ?? text(config['credsStore']);
  if (helper !== undefined) return askHelper(helper, key, environment);
  const entry =
    ownMember(config['auths'], key) ??
    ownMember(config['auths'], `https://${key}`) ??
    ownMember(config['auths'], `https://${key}/v1/`);
  return fromEntry(entry, key);
}

/** By server, for the base images of a build. */
export async function allRegistryAuths(
  environment: NodeJS.ProcessEnv,
): Promise<Record<string, RegistryAuth & { username: string; password: string }>> {
  const config = await dockerConfig(environment);
  const keys = new Set([...names(config['auths']), ...names(config['credHelpers'])]);
  const found = await Promise.all(
    [...keys].map(async (key) => {
      const registry = key === HUB_KEY ? 'docker.io' : key;
      return [key, await registryAuth(environment, registry)] as const;
    }),
  );
  return Object.fromEntries(
    found.flatMap(([key, auth]) => (auth ? [[key, { username: '', password: '', ...auth }]] : [])),
  );
}

export function fromEntry(entry: unknown, serveraddress: string): RegistryAuth | undefined {
  const identitytoken = text(ownMember(entry, 'identitytoken'));
  if (identitytoken !== undefined) return { identitytoken, serveraddress };
  const pair = Buffer.from(text(ownMember(entry, 'auth')) ?? '', 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  if (colon < 0) return undefined;
  return { username: pair.slice(0, colon), password: pair.slice(colon + 1), serveraddress };
}

/** docker-credential-helpers: the server on standard input, JSON on standard output; undefined when it knows none. */
function askHelper(
  helper: string,
  server: string,
  environment: NodeJS.ProcessEnv,
): Promise<RegistryAuth | undefined> {
  // A name, never a path to somewhere else.
  if (!/^[\w.-]+$/.test(helper)) return Promise.resolve(undefined);
  const child = spawn(`docker-credential-${helper}`, ['get'], {
    env: environment,
    timeout: HELPER_MS,
    killSignal: 'SIGKILL',
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => void (output += piece));
  child.stdin.on('error', () => undefined);
  child.stdin.end(server);
  return new Promise((resolve) => {
    child.on('error', () => {
      resolve(undefined);
    });
    child.on('close', (code) => {
      resolve(code === 0 ? fromHelper(output, server) : undefined);
    });
  });
}

export function fromHelper(output: string, serveraddress: string): RegistryAuth | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(output);
  } catch {
    return undefined;
  }
  const username = text(ownMember(answer, 'Username'));
  const secret = text(ownMember(answer, 'Secret'));
  if (username === undefined || secret === undefined) return undefined;
  return username === TOKEN_USER
    ? { identitytoken: secret, serveraddress }
    : { username, password: secret, serveraddress };
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const ownMember = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;

const names = (value: unknown): string[] =>
  typeof value === 'object' && value !== null ? Object.keys(value) : [];
