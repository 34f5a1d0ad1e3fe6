import { connect } from 'node:net';

/** Milliseconds until an address counts as silent. */
const PATIENCE = 700;

/** Which of the addresses answer on a TCP port. A refusal is an answer: something is there. */
export async function reach(port: number, addresses: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(addresses.map((address) => answersAt(address, port)));
  return addresses.filter((_, index) => answers[index]);
}

function answersAt(host: string, port: number): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect({ host, port, timeout: PATIENCE });
    const end = (answered: boolean): void => {
      socket.destroy();
      settle(answered);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      end(error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET');
    });
  });
}
