// Tells the kernel's WireGuard what to do, and asks it, with wg(8): keys go in by standard input.
import { spawn } from 'node:child_process';
import { inNamespace } from '../../kernel/namespace.ts';
import { Fault } from '../../base/fault.ts';
import { type WireguardConfiguration, toSetconf } from './configuration.ts';
import type { WireguardDevice, WireguardPlace } from './interface.ts';

const LIMIT_MS = 10_000;

/** wg(8) reads files alone, and cannot open a standard input that is a socket, as Node's are: cat(1) makes it a pipe. */
export const setconfArgv = (name: string): [string, ...string[]] => [
  ...(['sh', '-c', 'cat | wg setconf "$0" /dev/stdin', name] as const),
];

export const keepAliveArgv = (
  name: string,
  publicKey: string,
  seconds: number,
): [string, ...string[]] => [
  ...(['wg', 'set', name, 'peer', publicKey] as const),
  ...['persistent-keepalive', String(seconds)],
];

export const handshakesArgv = (name: string): [string, ...string[]] => [
  'wg',
  'show',
  name,
  'latest-handshakes',
];

export const controlKernelDevice = ({
  name,
  index,
  namespaces: { device: namespace },
}: WireguardPlace): WireguardDevice => ({
  implementation: 'kernel',
  index,
  ended: new Promise(() => undefined),
  configure: async (configuration: WireguardConfiguration) => {
    await runWg(setconfArgv(name), namespace, toSetconf(configuration));
  },
  keepAlive: async (publicKey, seconds) => {
    await runWg(keepAliveArgv(name, publicKey, seconds), namespace, '');
  },
  handshakes: async () => parseHandshakes(await runWg(handshakesArgv(name), namespace, '')),
});

/** Lines of a public key, a tab, and seconds since the epoch or 0. */
export const parseHandshakes = (text: string): Set<string> =>
  new Set<string>(
    text.split('\n').flatMap((line) => {
      const [key = '', seconds = '0'] = line.split('\t');
      return Number(seconds) > 0 ? [key] : [];
    }),
  );

/** Gives what it wrote; throws a Fault when it fails. */
function runWg(
  [program, ...rest]: readonly [string, ...string[]],
  namespace: number,
  input: string,
): Promise<string> {
  const child = inNamespace(namespace, () =>
    spawn(program, rest, { timeout: LIMIT_MS, killSignal: 'SIGKILL' }),
  );
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (errors += text));
  // It may end before it has read everything; its exit code says what happened.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', (cause) => {
      reject(
        new Fault('machine', `Cannot start "${program}": ${cause.message}`, {
          help: 'Install it: "sudo apt-get install wireguard-tools"',
          cause,
        }),
      );
    });
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else {
        const ending = errors.trim() || (signal ?? `exit code ${code ?? -1}`);
        reject(
          new Fault('machine', `"${[program, ...rest].join(' ')}" failed: ${ending}`, {
            help: 'It is of the package wireguard-tools; run "runner doctor" on that machine',
          }),
        );
      }
    });
  });
}
