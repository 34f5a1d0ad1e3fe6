// Steps `tunnel`: one end of each is made in its node, told of the other, and up. It is silent until `handshakes.ts` has it speak.
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../../base/fault.ts';
import { invariant } from '../../base/invariant.ts';
import { inNamespace } from '../../kernel/namespace.ts';
import { setUp } from '../../kernel/netlink/link.ts';
import type { Plan } from '../../model/plan.ts';
import type { AuthorityKey } from '../../model/rpc.ts';
import type { PlanTunnel } from '../../model/tunnel.ts';
import { exchangeSteps } from '../build/exchange-steps.ts';
import type { TunnelEndStep } from '../build/phases.ts';
import type { Stacks } from '../build/stacks.ts';
import { StepFault, atStep } from '../build/step-fault.ts';
import { makeWireguard } from '../wireguard/device.ts';
import type { WireguardDevice } from '../wireguard/interface.ts';
import { deriveKeys } from './keys.ts';

/** The kernel removes the interface first, and takes some 0.1 s until it lets the process go. */
const TOLD_WITHIN_MS = 3_000;

export type TunnelSide = 'client' | 'server';

/** An end that is in this machine's share of the lab. */
export interface TunnelEndDevice {
  readonly device: WireguardDevice;
  /** Base64. */
  readonly peer: string;
}

export class TunnelDevices {
  readonly #plan: Plan;
  readonly #authority: AuthorityKey;
  readonly #onEnd: (fault: Fault) => void;
  readonly #made = new Map<string, TunnelEndDevice>();
  /** By node and interface; each settles once its end has been told. */
  readonly #endings = new Map<string, Promise<void>>();

  /** `onEnd` hears of each that ends while the lab stands. */
  constructor(plan: Plan, authority: AuthorityKey, onEnd: (fault: Fault) => void) {
    this.#plan = plan;
    this.#authority = authority;
    this.#onEnd = onEnd;
  }

  /** Undefined of an end on another machine. */
  at(tunnel: string, side: TunnelSide): TunnelEndDevice | undefined {
    return this.#made.get(`${side} ${tunnel}`);
  }

  /** Of interfaces of which one seems to be gone: whether a tunnel's end explains that, which has been told, or is in a moment. */
  hasTold(node: string, interfaces: readonly string[]): Promise<boolean> {
    const endings = interfaces.flatMap((name) => this.#endings.get(`${node} ${name}`) ?? []);
    if (endings.length === 0) return Promise.resolve(false);
    return Promise.race([
      ...endings.map((ending) => ending.then(() => true)),
      sleep(TOLD_WITHIN_MS, false, { ref: false }),
    ]);
  }

  async make(step: TunnelEndStep, stacks: Stacks): Promise<void> {
    const { node, tunnel: name, end: side } = step.do;
    const tunnel = this.#plan.tunnels?.find((candidate) => candidate.name === name);
    invariant(tunnel, `A plan has the tunnels that it makes, found no "${name}"`);
    const end = tunnel[side];
    const fd = stacks.fd(node);
    try {
      const device = await makeWireguard({
        name: end.interface,
        index: stacks.assignIndex(node, end.interface),
        mtu: tunnel.mtu,
        namespaces: { socket: fd, device: fd },
      });
      const ending = device.ended.then((how) =>
        this.#onEnd(new Fault('run', `WireGuard of tunnel "${name}" on "${node}" ended: ${how}`)),
      );
      this.#endings.set(`${node} ${end.interface}`, ending);
      stacks.noteIndex(node, end.interface, device.index);
      this.#made.set(`${side} ${name}`, { device, peer: await this.#tell(device, tunnel, side) });
      atStep(step, () => inNamespace(fd, () => silence(end.interface)));
      inNamespace(fd, () => exchangeSteps([{ step, message: setUp(device.index) }]));
    } catch (error) {
      throw error instanceof StepFault ? error : new StepFault(step, error);
    }
  }

  /** Gives the other end's public key. */
  async #tell(device: WireguardDevice, tunnel: PlanTunnel, side: TunnelSide): Promise<string> {
    const { name } = tunnel;
    const { port, fwmark, endpoint, allowed } = tunnel[side];
    const { privateKey } = deriveKeys(this.#authority, name, side);
    const peer = deriveKeys(this.#authority, name, side === 'client' ? 'server' : 'client');
    await device.configure({
      ...{ privateKey, port },
      ...(fwmark !== 0 && { fwmark }),
      peers: [{ publicKey: peer.publicKey, endpoint, allowedIps: allowed, keepalive: 0 }],
    });
    return peer.publicKey;
  }
}

/** IPv6 says nothing of its own in it: what passes a tunnel is what was sent into it. */
function silence(name: string): void {
  try {
    writeFileSync(`/proc/sys/net/ipv6/conf/${name}/addr_gen_mode`, '1');
  } catch (error) {
    // A kernel without IPv6 has nothing to say.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
