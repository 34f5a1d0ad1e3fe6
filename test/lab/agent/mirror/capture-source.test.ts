// Clients of a capture, who are nobody in the lab, speak to the target.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { WORD, recordedSession } from '../../../agent/mirror/recorded-session.ts';
import { withMirror } from './mirror-lab.ts';

describe('agent/mirror with a capture', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'capture-'));
  const file = join(folder, 'clients.pcap');
  after(() => rmSync(folder, { recursive: true }));

  it('copies what its clients said, at twice their pace, and to the end though the run is over', () => {
    writeFileSync(
      file,
      recordedSession({ client: '10.190.7.7', online: '10.190.0.1', port: 9999 }),
    );
    return withMirror(
      { assistant: 'target', source: { kind: 'capture', file, speed: 2 } },
      async ({ lab, serve, finish, log, troubles }) => {
        const target = await serve('target', 10_231);
        await lab.call('playMirrors', {}, 60_000);
        const { statistics } = await finish();
        const digest = createHash('sha256')
          .update(Buffer.concat([WORD, WORD, WORD]))
          .digest('hex');
        expect(await target.end(), log()).to.deep.equal([`40000 297 ${digest.slice(0, 12)}`]);
        expect(statistics.copies.endings).to.deep.equal({ finished: 1 });
        expect(statistics.bytes).to.include({ copied: 297, sent: 297, short: 0 });
        expect(statistics.packets.strays).to.equal(0);
        expect(troubles()).to.deep.equal([]);
      },
    );
  });
});
