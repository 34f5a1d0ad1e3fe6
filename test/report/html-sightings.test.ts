import { expect } from 'chai';
import type { MirrorPacket, MirrorSighting } from '../../src/model/mirror-packets.ts';
import { sightingMarkup } from '../../src/report/html-sightings.ts';

const START = 1_790_000_000_000_000;
const PACKET: MirrorPacket = {
  ...{ capture: 'web.lan', frame: 7, time: START, sourceMac: '02:00:00:00:00:02', sender: 'web' },
  ...{ source: '10.190.4.137:40000', destination: '10.191.7.11:10231', kind: 'copy' },
  ...{ flags: 'PSH+ACK', sequence: 1, acknowledgment: null, length: 78 },
};
const SIGHTING: MirrorSighting = {
  ...{ mirror: 'shadow', client: '10.190.4.137:40000', as: '10.190.4.137:40000' },
  places: [
    {
      ...{ role: 'online server', node: 'web', isCaptured: true, isCut: true },
      packets: [PACKET, { ...PACKET, frame: 9, time: START + 1500, sender: '', kind: 'answers' }],
    },
    { role: 'target server', node: 'copy', isCaptured: true, isCut: false, packets: [] },
    { role: 'assistant server', node: 'third', isCaptured: false, isCut: false, packets: [] },
  ],
};

describe('sightingMarkup()', () => {
  const html = sightingMarkup(SIGHTING);

  it('has a row for each packet, with the MAC address of who sent it', () => {
    expect(html).to.include('<h4>At the online server, web</h4>');
    expect(html).to.include(
      [
        '<td><code>web.lan #7</code></td><td>0.00 ms</td><td>10.190.4.137:40000</td>',
        '<td>10.191.7.11:10231</td><td>02:00:00:00:00:02 (web)</td><td>PSH+ACK</td>',
        '<td class="number">1</td><td></td><td class="number">78</td><td>copy to target</td>',
      ].join(''),
    );
    expect(html).to.include('<td>1.50 ms</td>');
    expect(html).to.include('<td>02:00:00:00:00:02</td>');
    expect(html).to.include('The first ones');
  });

  it('says where nothing was captured and where nothing came', () => {
    expect(html).to.include('target server, copy</h4><p class="faint">No packet of it came here.');
    expect(html).to.include('assistant server, third</h4><p class="faint">Not captured.');
  });

  it('says as whom a client was copied', () => {
    expect(html).to.include('the session of 10.190.4.137:40000<');
    expect(sightingMarkup({ ...SIGHTING, as: '10.9.0.1:40000' })).to.include(
      'the session of 10.190.4.137:40000, copied as 10.9.0.1:40000<',
    );
  });
});
