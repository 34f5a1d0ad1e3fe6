// All that a lab with containers could leave on a machine, as text: equal before and after, or something stayed.
import { execFileSync } from 'node:child_process';
import { dockerLines } from './engine.ts';

export interface EngineState {
  readonly containers: readonly string[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
  /** Every interface of the machine, with its index. */
  readonly interfaces: readonly string[];
  /** The rules of nftables and both iptables, without their counters. */
  readonly rules: readonly string[];
}

export const readEngineState = (): EngineState => ({
  containers: dockerLines('ps', '--all', '--no-trunc', '--format', '{{.ID}} {{.Names}} {{.State}}'),
  networks: dockerLines('network', 'ls', '--no-trunc', '--format', '{{.ID}} {{.Name}}'),
  volumes: dockerLines('volume', 'ls', '--format', '{{.Name}}'),
  interfaces: interfaces(),
  rules: [
    ...lines('nft', 'list', 'ruleset'),
    ...lines('iptables-save'),
    ...lines('ip6tables-save'),
  ],
});

function interfaces(): string[] {
  const links: unknown = JSON.parse(lines('ip', '-json', 'link').join(''));
  if (!Array.isArray(links)) return [];
  return links.map((link: Readonly<Record<string, unknown>>) =>
    ['ifindex', 'ifname', 'address', 'mtu', 'master'].map((key) => String(link[key])).join(' '),
  );
}

/** Without what passing packets and passing time change. */
const lines = (command: string, ...args: string[]): string[] =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    .replaceAll(/counter packets \d+ bytes \d+|\[\d+:\d+\]|^#.*$/gm, '')
    .split('\n');
