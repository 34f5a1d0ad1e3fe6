import { createWriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { mixedCapture } from '../censor/mixed-capture.ts';
import { RUNNER, time } from '../command.ts';
import { type Figure, median } from '../figure.ts';
import { inScratch } from '../scenarios.ts';

const PACKETS = 2_000_000;
const RUNS = 3;
/** What the compared tool's authors measured over such a mix, in the results that lie in its repository. */
const COMPARED = 'CensorLab, as published: 15-45 µs a packet, 22-67 k/s';

const SCENARIO = `version: 1
name: offline
hosts: { client: {}, middle: {}, server: {} }
networks:
  inside: { subnet: 10.10.1.0/24, members: [client, middle] }
  outside: { subnet: 10.10.2.0/24, members: [middle, server] }
censor:
  on: middle
  rules:
    - name: names
      match: { tls.sni: "blocked.example|*.blocked.example" }
      action: { reset: { sides: both } }
`;

/** The whole command over a recorded capture: starting up, compiling, reading the file, judging every packet, printing. */
export async function measureCensorOffline(): Promise<readonly Figure[]> {
  return inScratch(async (folder) => {
    const [scenario, capture] = [join(folder, 'offline.yaml'), join(folder, 'mixed.pcap')];
    writeFileSync(scenario, SCENARIO);
    await pipeline(Readable.from(mixedCapture(PACKETS, 1)), createWriteStream(capture));
    const rates: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const { seconds, stdout } = await time([RUNNER, 'censor', scenario, '--pcap', capture]);
      const packets = Number(/^(\d+) packets/m.exec(stdout)?.[1]);
      rates.push(packets / seconds / 1000);
    }
    return [
      {
        what: 'censor over a capture, thousand packets a second',
        value: median(rates),
        unit: 'k/s',
        wished: { atLeast: 500 },
        beside: COMPARED,
      },
    ];
  });
}
