// WireGuard, for scenarios whose machines only meet across a network that is not to be trusted with frames.
import { accessSync, constants } from 'node:fs';
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
  /** Whether /dev/net/tun can be opened. */
  readonly hasTun: boolean;
}

const BASE = { name: 'WireGuard', needed: 'when machines have a WireGuard underlay' } as const;

export async function checkWireguard(): Promise<Check> {
  return judgeWireguard({
    kernel: await attemptInLab(['ip', 'link', 'add', 'wireguard0', 'type', 'wireguard']),
    wg: findProgram('wg'),
    wireguardGo: findProgram('wireguard-go'),
    hasTun: canUseTun(),
  });
}

/** The kernel's own is used where it is there, and is told what to do by wg(8); else it is wireguard-go's turn. */
export function judgeWireguard({ kernel, wg, wireguardGo, hasTun }: WireguardParts): Check {
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
  return hasTun
    ? { ...BASE, ok: true, found: wireguardGo }
    : {
        ...{ ...BASE, ok: false, found: `${wireguardGo}, and no /dev/net/tun that can be opened` },
        help: 'Run "sudo modprobe tun"',
      };
}

function canUseTun(): boolean {
  try {
    accessSync('/dev/net/tun', constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
