import { expect } from 'chai';
import { DEFAULT_CENSOR } from '../../../src/model/censor-defaults.ts';
import type { Disposition } from '../../../src/model/middlebox.ts';
import { changeCensor } from '../../../src/roles/censor/change-censor.ts';
import { createCensor } from '../../../src/roles/censor/create-censor.ts';
import { DROP, V4, clientData, hello, sniRule } from './playbook.ts';

describe('changeCensor()', () => {
  it('stops, starts and reloads between two packets', () => {
    const censor = createCensor('gfw', { ...DEFAULT_CENSOR, rules: [sniRule(DROP)] }, 1);
    let port = 1000;
    const ask = (): Disposition => {
      port += 1;
      const packet = clientData({ ...V4, clientPort: port }, hello('blocked.example'));
      const effects = { emit: () => undefined, report: () => undefined };
      return censor.judge(packet, 0, packet.length, 1e9, effects);
    };
    expect(ask()).to.equal('drop');
    changeCensor(censor, { kind: 'stop' });
    expect(ask()).to.equal('pass');
    changeCensor(censor, { kind: 'start' });
    expect(ask()).to.equal('drop');
    changeCensor(censor, { kind: 'reload', spec: { ...DEFAULT_CENSOR, rules: [] } });
    expect(ask()).to.equal('pass');
  });
});
