// Entries of the traffic that stop, start and reload a censor, with rules and with a program, while other entries find out what holds.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { apply, scratch } from './support/runner.ts';

const LAB = `version: 1
name: controls
hosts: { client: {}, middle: {}, server: {} }
networks:
  inside: { members: [client, middle] }
  outside: { members: [middle, server] }
`;
const SERVERS = `traffic:
  - { name: web-80, on: server, serve: { http: { port: 80 } } }
  - { name: web-81, on: server, serve: { http: { port: 81 } } }
`;
const get = (name: string, port: number, after?: string): string => {
  const place = after === undefined ? '' : `after: ${after}, `;
  return `  - { name: ${name}, from: client, to: "server:${port}", ${place}probe: { http: {} } }\n`;
};
const fails = (name: string): string =>
  `  - { flow: ${name}, failure: connection_refused, by: middle }\n`;
const works = (name: string): string => `  - { flow: ${name}, failure: null }\n`;

describe('controls of censors', function () {
  this.timeout(120_000);
  const folder = scratch('controls');
  after(() => folder.remove());

  const run = async (name: string, text: string): Promise<void> => {
    const file = join(folder.path, `${name}.yaml`);
    writeFileSync(file, text);
    const report = await apply(file, { out: folder.path, timeout: 100_000 });
    expect(report.expectations.filter(({ held }) => !held)).to.deep.equal([]);
  };

  it('stop, start and reload rules between two flows', async () => {
    await run(
      'rules',
      `${LAB}censor: { name: gate, on: middle, rules: [{ match: { tcp.dstport: 80 }, action: reset }] }
${SERVERS}${get('judged', 80)}  - { name: halt, censor: gate, do: stop, after: judged }
${get('free', 80, 'halt')}  - { name: resume, censor: gate, do: start, after: free }
${get('again', 80, 'resume')}  - { name: swap, censor: gate, do: reload, after: again, rules: [{ match: { tcp.dstport: 81 }, action: reset }] }
${get('old', 80, 'swap')}${get('new', 81, 'swap')}captures: [client, middle, server]
expect:
${fails('judged')}${works('free')}${fails('again')}${works('old')}${fails('new')}`,
    );
  });

  it('reload a program between two flows', async () => {
    for (const port of [80, 81])
      writeFileSync(
        join(folder.path, `no-${port}.mjs`),
        `export default (packet) => (packet.tcp?.dstport === ${port} ? { action: 'reset' } : 'pass');\n`,
      );
    await run(
      'program',
      `${LAB}censor: { name: gate, on: middle, onError: drop, program: { file: ./no-80.mjs, timeout: 5s } }
${SERVERS}${get('judged', 80)}${get('let', 81, 'judged')}  - { name: swap, censor: gate, do: reload, after: let, program: { file: ./no-81.mjs, timeout: 5s } }
${get('old', 80, 'swap')}${get('new', 81, 'swap')}captures: [client, middle, server]
expect:
${fails('judged')}${works('let')}${works('old')}${fails('new')}`,
    );
  });
});
