// The first handshake of each tunnel. Ends are silent when they are made: before the whole lab stands their first packets would be
// lost, and the next attempt is 5 s later (REKEY_TIMEOUT).
import { setTimeout as sleep } from 'node:timers/promises';
import { describeNoHandshake } from '../../model/describe-handshake.ts';
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
  onSilence: (tunnel: PlanTunnel, reason: string) => void,
): Promise<void> {
  const dialled = new Map<string, Promise<void>>();
  const shaken = new Set<string>();
  for (const tunnel of tunnels) {
    const carriers = tunnel.over.flatMap((name) => dialled.get(name) ?? []);
    dialled.set(
      tunnel.name,
      Promise.all(carriers).then(async () => {
        const [carrier] = tunnel.over;
        // By a carrier that has had no answer itself none comes: it is asked, and not waited for.
        const limit = carrier === undefined || shaken.has(carrier) ? LIMIT_MS : 0;
        const handshakes = await dial(tunnel, devices, limit);
        if (handshakes.client && handshakes.server) shaken.add(tunnel.name);
        else
          onSilence(
            tunnel,
            describeNoHandshake(tunnel, handshakes, (name) => shaken.has(name)),
          );
      }),
    );
  }
  await Promise.all(dialled.values());
}

/** Which ends had an answer within `limit` milliseconds; both where the client is on another machine. */
async function dial(
  tunnel: PlanTunnel,
  devices: TunnelDevices,
  limit: number,
): Promise<Handshakes> {
  const client = devices.at(tunnel.name, 'client');
  if (!client) return { client: true, server: true };
  const { keepalive } = tunnel;
  // From 0 to more it sends one at once.
  await client.device.keepAlive(client.peer, keepalive || 1);
  const handshakes = await untilShaken(tunnel, devices, limit);
  if (keepalive === 0) await client.device.keepAlive(client.peer, 0);
  return handshakes;
}

async function untilShaken(
  { name }: PlanTunnel,
  devices: TunnelDevices,
  limit: number,
): Promise<Handshakes> {
  const end = performance.now() + limit;
  for (;;) {
    const handshakes = await handshakesOf(name, devices);
    const { client, server } = handshakes;
    if ((client && server) || performance.now() > end) return handshakes;
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
