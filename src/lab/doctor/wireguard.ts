// WireGuard, for tunnels, and for machines that only meet across a network that is not to be trusted with frames.
import { accessSync, constants, existsSync } from 'node:fs';
import { type Attempt, attemptInLab } from './attempt.ts';
import type { Check } from './check.ts';
import { findProgram } from './tools.ts';

/** What there is of WireGuard on a machine. */
export interface WireguardParts {
  /** Whether the kernel makes such an interface, and what it said. */
  readonly kernel: Attempt;
  /** Files of the programs; undefined when one is not installed. */
  readonly wg: string | undefined;
  readonly wireguardGo: string | undefined;
  /** /dev/net/tun: whether it can be opened, and is there at all. */
  readonly tun: 'open' | 'closed' | 'missing';
}

const BASE = {
  name: 'WireGuard',
  needed: 'when there are tunnels, or machines have a WireGuard underlay',
} as const;
const MEND_TUN = {
  closed: 'Run "sudo chmod 666 /dev/net/tun", or run runner with sudo',
  missing: 'Run "sudo modprobe tun"',
} as const;

export async function checkWireguard(): Promise<Check> {
  return judgeWireguard({
    kernel: await attemptInLab(['ip', 'link', 'add', 'wireguard0', 'type', 'wireguard']),
    wg: findProgram('wg'),
    wireguardGo: findProgram('wireguard-go'),
    tun: findTun(),
  });
}

/** The kernel's own is used where it is there, and is told what to do by wg(8); else it is wireguard-go's turn. */
export function judgeWireguard({ kernel, wg, wireguardGo, tun }: WireguardParts): Check {
  if (kernel.ok)
    return wg === undefined
      ? {
          ...{ ...BASE, ok: false, found: "the kernel's, and no program wg to configure it" },
          help: 'Run "sudo apt-get install wireguard-tools"',
        }
      : { ...BASE, ok: true, found: "the kernel's" };
  if (wireguardGo === undefined)
    return {
      ...{ ...BASE, ok: false, found: `none: ${kernel.said.split('\n')[0] ?? ''}` },
      help: 'Run "sudo modprobe wireguard" or "sudo apt-get install wireguard-go"',
    };
  if (tun === 'open') return { ...BASE, ok: true, found: wireguardGo };
  const lacking = tun === 'missing' ? 'no /dev/net/tun' : 'a /dev/net/tun that cannot be opened';
  return { ...BASE, ok: false, found: `${wireguardGo}, and ${lacking}`, help: MEND_TUN[tun] };
}

function findTun(): WireguardParts['tun'] {
  try {
    accessSync(TUN, constants.R_OK | constants.W_OK);
    return 'open';
  } catch {
    return existsSync(TUN) ? 'closed' : 'missing';
  }
}

const TUN = '/dev/net/tun';
