import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { compileFile } from '../../src/cli/compile-file.ts';
import { makeInput } from '../../src/cli/input.ts';
import type { Input } from '../../src/cli/verb.ts';
import { VERBS } from '../../src/cli/verbs.ts';

const apply = VERBS.find(({ name }) => name === 'apply')!;
const INPUT: Input = makeInput(apply, [], [], new Map(), {});

describe('compileFile()', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'compile-'))));
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it('reads and runs nothing again with the sources of an earlier compilation', async () => {
    // Each time it is run, the program names another machine.
    write('show.sh', `echo >> ran; echo "{\\"machines\\":{\\"m\\":\\"h$(grep -c '' ran)\\"}}"`);
    write('more.yaml', 'description: first\n');
    const file = write(
      'lab.yaml',
      'version: 1\nname: lab\ninclude: more.yaml\ninventory: { command: [sh, show.sh] }\nhosts: { a: { on: m } }\n',
    );
    const first = await compileFile(file, INPUT);
    rmSync(join(folder, 'more.yaml'));
    write('lab.yaml', 'no scenario');
    const second = await compileFile(file, INPUT, { censors: false, sources: first.sources });
    expect(first.plan?.machines[0]?.ssh?.host).to.equal('h1');
    expect(second.plan).to.deep.equal(first.plan);
    expect(readFileSync(join(folder, 'ran'), 'utf8')).to.equal('\n');
  });

  it('says that variables beside an inventory are not read', async () => {
    mkdirSync(join(folder, 'host_vars'));
    write('hosts.ini', 'edge\n');
    const file = write(
      'lab.yaml',
      'version: 1\nname: lab\ninventory: hosts.ini\nhosts: { a: { on: edge } }\n',
    );
    const { plan, diagnostics } = await compileFile(file, INPUT);
    expect(plan).to.not.equal(undefined);
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).to.deep.equal([
      'S148 The variables in "host_vars" beside the inventory are not read',
    ]);
  });

  it('reads no payload out of devices, folders and what is not there', async () => {
    const contents = ['/dev/zero', '.', 'missing.bin'];
    const steps = contents.map((file) => `{ client: { send: { file: ${file} } } }`).join(', ');
    const file = write(
      'lab.yaml',
      'version: 1\nname: lab\nhosts: { client: {}, server: {} }\n' +
        'networks: { lab: { subnet: 10.10.1.0/24, members: [client, server] } }\n' +
        `traffic: [{ name: f, between: [client, server:9000], script: [${steps}] }]\n`,
    );
    const { diagnostics } = await compileFile(file, INPUT);
    expect(
      diagnostics.map(({ code, message }) => [code, message.slice(message.indexOf('": ') + 3)]),
    ).to.deep.equal([
      ['S020', 'it is no plain file'],
      ['S020', 'it is a folder'],
      ['S020', 'it is not there'],
    ]);
  });
});
