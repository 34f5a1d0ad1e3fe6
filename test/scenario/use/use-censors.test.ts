import { expect } from 'chai';
import type { PlanCensor } from '../../../src/model/plan.ts';
import type { Compilation } from '../../../src/scenario/compile.ts';
import { compileText, mustPlan } from '../compile-text.ts';

const USED = `version: 1
name: used
params:
  names: { type: names, default: blocked.example }
  residual: { type: duration, default: 90s }
hosts: { c: {}, m: {}, s: {} }
networks: { a: { members: [c, m] }, b: { members: [m, s] } }
censor:
  name: preset
  on: m
  state: { flows: 10, handshake: true }
  rules:
    - { name: sni, match: { tls.sni: "\${params.names}" }, action: reset, residual: { for: "\${params.residual}" } }
`;

const using = (censor: string): string => `version: 1
name: using
params: { names: { type: string, default: own.example } }
hosts: { client: {}, middle: {}, server: {} }
networks: { a: { members: [client, middle] }, b: { members: [middle, server] } }
censor: { on: middle, ${censor} }
`;

const FILES = {
  'lib/used.yaml': USED,
  'names.txt': 'listed.example\n',
  'lib/names.txt': 'far.example\n',
};

const compiled = (censor: string, files: Readonly<Record<string, string>> = FILES): Compilation =>
  compileText(using(censor), files, { params: { names: 'set.example' } });

const censorOf = (
  censor: string,
  files?: Readonly<Record<string, string>>,
): PlanCensor | undefined => mustPlan(compiled(censor, files)).censors[0];

describe('useCensors()', () => {
  it('takes a censor with the defaults of its file, whatever the using file sets', () => {
    const censor = censorOf('use: lib/used');
    expect(censor).to.include({ name: 'preset', on: 'middle' });
    expect(censor?.rules[0]?.match).to.deep.equal({
      all: [{ field: 'tls.sni', names: ['blocked.example'] }],
    });
    expect(censor?.rules[0]?.residual?.for.low).to.equal(90_000);
  });

  it('sets its parameters by "with", lists and files among them', () => {
    const censor = censorOf(
      'use: lib/used, with: { names: ["a.example|b.example", { file: names.txt }], residual: 2s }',
    );
    expect(censor?.rules[0]?.match).to.deep.equal({
      all: [{ field: 'tls.sni', names: ['a.example', 'b.example'], list: 0 }],
    });
    expect(censor?.lists).to.deep.equal([{ file: 'names.txt', text: 'listed.example' }]);
    expect(censor?.rules[0]?.residual?.for.low).to.equal(2000);
  });

  it('looks for the files that it names beside itself', () => {
    const used = USED.replace('default: blocked.example', 'default: { file: names.txt }');
    const censor = censorOf('use: lib/used', { ...FILES, 'lib/used.yaml': used });
    expect(censor?.lists[0]?.text).to.equal('far.example');
  });

  it('lets what is written beside it win, rules first', () => {
    const censor = censorOf(
      'use: lib/used, name: mine, state: { flows: 99 }, rules: [{ name: fine, match: { tls.sni: fine.example }, action: allow }]',
    );
    expect(censor?.name).to.equal('mine');
    expect(censor?.state).to.include({ capacity: 99, handshake: true });
    expect(censor?.rules.map(({ name }) => name)).to.deep.equal(['fine', 'sni']);
  });

  it('shows a fault in the file that it is from', () => {
    const used = USED.replace('tls.sni:', 'tls.sin:');
    const { diagnostics } = compiled('use: lib/used', { ...FILES, 'lib/used.yaml': used });
    expect(diagnostics.map(({ code, span }) => [code, span.file, span.line])).to.deep.equal([
      ['S040', 'lib/used.yaml', 13],
    ]);
  });

  it("finds runner's own scenarios when there is none beside the file", () => {
    const files: Readonly<Record<string, string>> = { '/own/censors/used.yaml': USED };
    const library = { isFile: (path: string) => path in files, folder: '/own' };
    const plan = mustPlan(compileText(using('use: censors/used'), files, { library }));
    expect(plan.censors[0]?.name).to.equal('preset');
  });

  it('takes a censor that is itself taken', () => {
    const between = USED.replace(/ {2}rules:[^]*/, '  use: used\n  with: { residual: 3s }\n');
    const censor = censorOf('use: lib/between', { ...FILES, 'lib/between.yaml': between });
    expect(censor?.rules[0]?.residual?.for.low).to.equal(3000);
  });
});
