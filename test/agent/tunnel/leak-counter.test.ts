import { expect } from 'chai';
import { parseLeaks } from '../../../src/agent/tunnel/leak-counter.ts';

describe('agent/tunnel/leak-counter', () => {
  it('parseLeaks() reads what nft(8) prints', () => {
    const printed =
      'table inet runner {\n\tcounter leaked-wg0 {\n\t\tpackets 235 bytes 33840\n\t}\n}\n';
    expect(parseLeaks(printed)).to.equal(235);
  });
});
