// Starts a lab for a runner elsewhere, which is at the other end of standard input and output.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KEEPER_PROTOCOL, type KeeperGreeting, type KeeperOrder } from '../far/keeper-protocol.ts';
import { readLine } from '../far/read-line.ts';
import { makeLabFolder, removeLabFolder } from '../machine/lab-folder.ts';
import { startHolder } from '../machine/local.ts';
import { sweepLabs } from './clear-away.ts';
import { greetingLine, openDoor } from './door.ts';
import { keepLab } from './keep.ts';

const ORDER_MS = 30_000;

/** Settles when the lab is gone, or stays without us. */
export async function startKeeper(): Promise<void> {
  const { stdin, stdout } = process;
  for (const stream of [stdin, stdout, process.stderr]) stream.on('error', () => undefined);
  const order = readOrder(await readLine(stdin, ORDER_MS));
  const refusal = refuse(order);
  if (refusal) {
    stdout.write(greetingLine(refusal));
    return;
  }
  let directory = '';
  try {
    directory = await makeLabFolder(order.labId);
    const agentFile = join(dirname(fileURLToPath(import.meta.url)), 'agent.js');
    const holder = startHolder({ ...order, agentFile });
    const keeping = keepLab(holder, order);
    try {
      const door = await openDoor(directory, order.token, (guest) => keeping.attach(guest, guest));
      void sweepLabs(order.labId);
      if (order.uplink !== null) {
        const { startUplinkIn } = await import('../machine/uplink.ts');
        await startUplinkIn(holder, order.uplink);
      }
      stdout.write(greetingLine({ kind: 'started', directory }));
      keeping.attach(stdin, stdout);
      await keeping.ended;
      door.close();
    } catch (error) {
      holder.kill('SIGKILL');
      throw error;
    }
  } catch (error) {
    if (directory !== '') await removeLabFolder(order.labId, directory);
    const reason = error instanceof Error ? error.message : String(error);
    stdout.write(greetingLine({ kind: 'refused', reason }));
  }
}

/** What is no order is one of no protocol. */
function readOrder(line: string): KeeperOrder {
  const none = { protocol: NaN, abi: '', labId: '', scenario: '', keepable: false, deadMan: 0 };
  try {
    return { ...none, uplink: null, token: '', ...(JSON.parse(line) as Partial<KeeperOrder>) };
  } catch {
    return { ...none, uplink: null, token: '' };
  }
}

function refuse({ protocol, abi }: KeeperOrder): KeeperGreeting | undefined {
  if (protocol !== KEEPER_PROTOCOL)
    return {
      kind: 'refused',
      reason: `its keeper speaks protocol ${KEEPER_PROTOCOL} and this runner protocol ${protocol}`,
    };
  const own = process.versions.modules;
  return abi === own
    ? undefined
    : { kind: 'other-node', reason: `its Node.js has ABI ${own} and the bundle is for ${abi}` };
}
