// The processes of wireguard-go in a lab, and their keys.
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';

/** Processes of wireguard-go in the PID namespace that an agent is in. */
export const wireguardsIn = (agent: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => nameOf(pid) === 'wireguard-go' && namespaceOf(pid) === namespaceOf(agent));

/** Empty of one that has ended. */
export const nameOf = (pid: number): string =>
  read(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim());
const namespaceOf = (pid: number): string => read(() => readlinkSync(`/proc/${pid}/ns/pid`));

function read(what: () => string): string {
  try {
    return what();
  } catch {
    return '';
  }
}

/** Has all ends of a tunnel take a key that nobody has been told of. */
export async function changeKeys(agent: number, tunnel: string): Promise<void> {
  const ends = wireguardsIn(agent).filter((pid) =>
    read(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).includes(`\0${tunnel}\0`),
  );
  for (const pid of ends) {
    const socket = connect(`/proc/${pid}/root/run/wireguard/${tunnel}.sock`);
    socket.write(`set=1\nprivate_key=${'5a'.repeat(32)}\n\n`);
    await once(socket, 'data');
    socket.destroy();
  }
}
