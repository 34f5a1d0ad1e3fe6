// The first handshake of each tunnel. Ends are silent when they are made: before the whole lab stands their first packets would be
// lost, and the next attempt is 5 s later (REKEY_TIMEOUT).
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlanTunnel } from '../../model/tunnel.ts';
import type { TunnelDevices, TunnelEndDevice } from './devices.ts';

/** Two attempts, and what the second one takes. */
const LIMIT_MS = 8_000;
const LOOK_MS = 10;

/** Which ends have completed one. */
export interface Handshakes {
  readonly client: boolean;
  readonly server: boolean;
}

/**
 * Has the clients of this machine's share dial, those that carry others first. Settles when all have an answer, or have none in time,
 * which is told and is no fault: an experiment may be about that.
 */
export async function shakeHands(
  tunnels: readonly PlanTunnel[],
  devices: TunnelDevices,
  onSilence: (tunnel: PlanTunnel) => void,
): Promise<void> {
  const dialled = new Map<string, Promise<void>>();
  for (const tunnel of tunnels) {
    const carriers = tunnel.over.flatMap((name) => dialled.get(name) ?? []);
    dialled.set(
      tunnel.name,
      Promise.all(carriers).then(async () => {
        if (!(await dial(tunnel, devices))) onSilence(tunnel);
      }),
    );
  }
  await Promise.all(dialled.values());
}

/** Whether it was answered; true where the client is on another machine. */
async function dial(tunnel: PlanTunnel, devices: TunnelDevices): Promise<boolean> {
  const client = devices.at(tunnel.name, 'client');
  if (!client) return true;
  const { keepalive } = tunnel;
  // From 0 to more it sends one at once.
  await client.device.keepAlive(client.peer, keepalive || 1);
  const isAnswered = await untilShaken(tunnel, devices);
  if (keepalive === 0) await client.device.keepAlive(client.peer, 0);
  return isAnswered;
}

async function untilShaken({ name }: PlanTunnel, devices: TunnelDevices): Promise<boolean> {
  const end = performance.now() + LIMIT_MS;
  for (;;) {
    const { client, server } = await handshakesOf(name, devices);
    if (client && server) return true;
    if (performance.now() > end) return false;
    await sleep(LOOK_MS);
  }
}

/** A server on another machine is taken at its client's word, which has had its answer. */
export async function handshakesOf(name: string, devices: TunnelDevices): Promise<Handshakes> {
  const client = await hasShaken(devices.at(name, 'client'));
  const there = devices.at(name, 'server');
  return { client, server: there ? await hasShaken(there) : client };
}

const hasShaken = async (end: TunnelEndDevice | undefined): Promise<boolean> =>
  end ? (await end.device.handshakes()).has(end.peer) : false;
