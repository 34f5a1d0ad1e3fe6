import { type MachineRecord, OWN_CLOCK } from '../../src/model/machine.ts';
import { REPORT, failing } from './fixture.ts';
import { RECORD } from './mirror-fixture.ts';
import { alignColumns, renderText } from '../../src/report/text.ts';
import { expect } from 'chai';

const PATH = 'results/censor/x/report.html';

describe('renderText()', () => {
  it('shows flow, result, cause and proof, then what held', () => {
    expect(renderText(REPORT, PATH)).to.equal(
      [
        'flow       result            cause                   proof',
        'forbidden  connection_reset  RST injected by middle  client.inside #9: no such packet left server',
        'allowed    ok                                        TLS handshake in 76 ms',
        `expectations: 1 held · ${PATH}`,
        '',
      ].join('\n'),
    );
  });

  it('has one line for what a flow betrays beside its cause', () => {
    const verdicts = REPORT.verdicts.map((verdict) => ({ ...verdict, cause: null }));
    const text = renderText({ ...REPORT, verdicts }, PATH);
    expect(text).to.match(
      /^forbidden .*\n {2}also injected-rst towards client by middle: 1 × RST/m,
    );
    expect(text.match(/^ {2}also /gm)).to.have.length(1);
  });

  it('names the step at which a script failed', () => {
    const detail = '"server" at step 2: 3 of 40 bytes came';
    const verdicts = REPORT.verdicts.map((verdict, index) =>
      index === 0 ? { ...verdict, detail } : verdict,
    );
    const text = renderText({ ...REPORT, verdicts }, PATH);
    expect(text).to.match(/^\w+ .*\n {2}"server" at step 2: 3 of 40 bytes came\n/m);
  });

  it('shows wish and found of what failed', () => {
    const text = renderText({ ...REPORT, expectations: [failing] }, PATH);
    expect(text).to.include(
      '✘ flow forbidden: failure connection_reset, cause injected-rst, by middle\n' +
        '  failure: wished "connection_reset", found none\n' +
        `expectations: 0 held, 1 failed · ${PATH}`,
    );
  });

  it('has a line for each far machine', () => {
    const local: MachineRecord = {
      ...{ name: 'local', reached: 'local', kernel: 'Linux 6.18.0', agent: '', node: '' },
      underlay: null,
      clock: OWN_CLOCK,
    };
    const edge = { ...local, name: 'edge', reached: 'lab@192.0.2.7:22' };
    const manifest = { ...REPORT.manifest, machines: [local, edge] };
    const text = renderText({ ...REPORT, manifest }, PATH);
    expect(text).to.include(
      'machine edge: lab@192.0.2.7:22, Linux 6.18.0, clock +0.00 ms ± 0 ms\n',
    );
    expect(text).not.to.include('machine local');
  });

  it('has a line for each mirror', () => {
    const manifest = { ...REPORT.manifest, mirrors: [RECORD] };
    expect(renderText({ ...REPORT, manifest }, 'r')).to.include(
      '\nmirror shadow: 20 of 20 copies whole, 1.50 MB, 0 leaked\n',
    );
  });

  it('counts warnings', () => {
    const manifest = { ...REPORT.manifest, warnings: ['slow'] };
    expect(renderText({ ...REPORT, manifest }, PATH)).to.include('1 held, 1 warning ·');
  });

  it('colours the result column only', () => {
    const paint = {
      good: (text: string) => `<${text}>`,
      bad: (text: string) => `!${text}!`,
      faint: (text: string) => text,
    };
    const verdicts = REPORT.verdicts.map((verdict) => ({ ...verdict, flow: 'ok' }));
    const text = renderText({ ...REPORT, verdicts }, PATH, paint);
    expect(text)
      .to.match(/^ok {4}!connection_reset! {2}RST/m)
      .and.match(/^ok {4}<ok> /m);
  });

  it('lets no escape sequence through to the terminal', () => {
    const verdicts = REPORT.verdicts.map((verdict) => ({ ...verdict, summary: '\u001b[2Jgone' }));
    expect(renderText({ ...REPORT, verdicts }, PATH)).to.include('\\u001b[2Jgone');
  });
});

describe('alignColumns()', () => {
  it('pads to the widest cell and leaves no blanks at the end', () => {
    expect(alignColumns([['a', 'bb'], ['ccc']])).to.deep.equal(['a    bb', 'ccc']);
  });
});
