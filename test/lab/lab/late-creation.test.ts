// A lab that is taken down while its engine is still making its first container.
import { type Server, type Socket, connect, createServer } from 'node:net';
import { BUSYBOX, dockerLines, importBusybox, needEngine } from '../acceptance/support/engine.ts';
import { scratch, startRunner } from '../acceptance/support/runner.ts';
import { destroyLab } from '../../../src/lab/destroy.ts';
import { expect } from 'chai';
import { join } from 'node:path';
import { listLiveLabs } from '../../../src/lab/list.ts';
import { setTimeout as wait } from 'node:timers/promises';
import { writeFileSync } from 'node:fs';

/** By how much the engine's work on a creation is put off, in milliseconds. */
const DELAY_MS = 4000;

const SCENARIO = `version: 1
name: late-creation
containers: { web: { image: "${BUSYBOX}", pull: never, command: [sleep, "3600"] } }
`;

describe('destroyLab() during a creation', function () {
  this.timeout(60_000);
  const folder = scratch('late');
  const file = join(folder.path, 'scenario.yaml');
  const socket = join(folder.path, 'engine.sock');
  let proxy: Server | undefined;
  const sockets: Socket[] = [];
  let begun: () => void = () => undefined;
  const hasBegun = new Promise<void>((resolve) => (begun = resolve));
  before(async function () {
    needEngine(this);
    importBusybox();
    writeFileSync(file, SCENARIO);
    const engine = (process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock').slice(7);
    const standIn = createServer({ allowHalfOpen: true }, (client) => {
      const server = connect({ path: engine, allowHalfOpen: true });
      sockets.push(client, server);
      for (const side of [client, server]) side.on('error', () => side.destroy());
      server.pipe(client);
      client.once('data', (first: Buffer) => {
        client.pause();
        const isCreation = /^POST \S*\/containers\/create/.test(first.toString('latin1'));
        if (isCreation) begun();
        void wait(isCreation ? DELAY_MS : 0).then(() => {
          server.write(first);
          client.pipe(server);
        });
      });
    });
    proxy = standIn;
    await new Promise<void>((resolve) => standIn.listen(socket, resolve));
  });
  after(() => {
    proxy?.close();
    // The engine's news go on for as long as somebody listens.
    for (const socket of sockets) socket.destroy();
    folder.remove();
  });

  it('removes the container that comes of it', async () => {
    const environment = { DOCKER_HOST: `unix://${socket}` };
    const run = startRunner(['up', file, '--out', folder.path], { environment });
    await Promise.race([hasBegun, run.ended]);
    const lab = listLiveLabs().find(({ scenario }) => scenario === 'late-creation');
    expect(lab).to.include({ engine: `unix://${socket}` });
    if (lab) await destroyLab(lab);
    await run.ended;
    await wait(DELAY_MS);
    expect(dockerLines('ps', '--all', '--quiet', '--filter', 'label=runner.scenario=late-creation'))
      .to.be.empty;
  });
});
