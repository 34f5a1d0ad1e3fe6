import { expect } from 'chai';
import { fail } from '../../src/base/result.ts';
import { type RelayCompilation, compileRelay } from '../../src/scenario/compile-relay.ts';
import { PROTOCOLS } from './compile-text.ts';

const compile = (
  text: string,
  over: Readonly<Record<string, string | number>> = {},
): RelayCompilation =>
  compileRelay(
    { file: 'rules.yaml', text },
    { listen: 'tcp://*:6633', target: 'tcp://localhost:6635', over },
    { readFile: () => fail('No such file'), protocols: PROTOCOLS },
  );

describe('compileRelay()', () => {
  it('gives a relay of raw bytes for an empty file', () => {
    expect(compile('').relay).to.deep.include({
      listen: { kind: 'tcp', host: '*', port: 6633 },
      // Looked up when it is dialled: there is no lab whose names it could be among.
      target: { kind: 'tcp', host: 'localhost', port: 6635 },
      rules: [],
      faults: [],
    });
  });

  it('takes what the file says, and what the command line says before it', () => {
    const text = `listen: tcp://127.0.0.1:1
ordering: none
protocol: http
rules: [{ direction: S->C, match: { status: 200 }, do: drop }]
`;
    const { relay } = compile(text, { ordering: 'typed', workers: 2 });
    expect(relay).to.deep.include({ ordering: 'typed', workers: 2 });
    expect(relay?.listen).to.deep.equal({ kind: 'tcp', host: '127.0.0.1', port: 1 });
    expect(relay?.rules.map(({ name, at }) => [name, at])).to.deep.equal([['rule-1', 'S->P']]);
  });

  it('shows faults where they are in the file', () => {
    const { relay, diagnostics, files } = compile(
      'protocol: http\nrules:\n  - { direction: S->C, match: { statu: 200 }, do: drop }\nfalts: []\n',
    );
    expect(relay).to.equal(undefined);
    expect(
      diagnostics.map(({ code, span }) => `${code} ${span.line}:${span.column}`),
    ).to.deep.equal(['S182 3:33', 'S040 4:1']);
    expect([...files.keys()]).to.deep.equal(['rules.yaml']);
  });
});
