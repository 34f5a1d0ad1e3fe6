import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { RUNNER, time } from '../command.ts';
import type { Figure } from '../figure.ts';
import { inScratch } from '../scenarios.ts';

const VISITS = 50;
const WISHED = 20;
const MINUTE = 60_000;
const PAGE = 20 * 1024;
const BROWSER = '/usr/bin/chromium-headless-shell';

/** How many visits a minute one flow makes of a page of the lab, each with a browser and a profile of its own; the same by playwright alone. */
export async function measureVisits(): Promise<readonly Figure[]> {
  const inLab = await labVisits();
  const alone = await visitsAlone();
  return [
    {
      what: `${VISITS} visits of a local page: those of a minute ÷ ${WISHED}`,
      value: inLab / WISHED,
      unit: 'ratio',
      wished: { atLeast: 1 },
      beside: `${Math.round(inLab)} a minute; playwright alone: ${Math.round(alone)} a minute (${(inLab / alone).toFixed(2)}×)`,
    },
  ];
}

async function labVisits(): Promise<number> {
  return inScratch(async (folder) => {
    const file = join(folder, 'visits.yaml');
    writeFileSync(file, SCENARIO);
    const { stdout } = await time([RUNNER, 'apply', file, '--json', '--out', folder]);
    const { timings } = JSON.parse(stdout) as { timings: { traffic: number } };
    return (VISITS * MINUTE) / timings.traffic;
  });
}

/** A new browser for each visit, and a HAR, as the lab has it. */
async function visitsAlone(): Promise<number> {
  const page = Buffer.alloc(PAGE, 'x');
  const server = createServer((_, response) =>
    response.setHeader('content-type', 'text/html').end(page),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const millis = await inScratch(async (folder) => {
      const begun = performance.now();
      for (let visit = 0; visit < VISITS; visit += 1) {
        const browser = await chromium.launch({ executablePath: BROWSER });
        const context = await browser.newContext({
          recordHar: { path: join(folder, `${visit}.har`), content: 'omit' },
        });
        await (await context.newPage()).goto(`http://127.0.0.1:${port}/`);
        await context.close();
        await browser.close();
      }
      return performance.now() - begun;
    });
    return (VISITS * MINUTE) / millis;
  } finally {
    server.close();
  }
}

const SCENARIO = [
  'version: 1',
  'name: visits',
  'hosts: { client: {}, server: {} }',
  'networks:',
  '  lan: { subnet: 10.0.0.0/24, members: [client, server] }',
  'traffic:',
  `  - { name: web, on: server, serve: { http: { size: ${PAGE}B } } }`,
  `  - { name: browse, from: client, visit: { urls: ["http://server/"], repeat: ${VISITS}, settle: 0ms, drain: 0ms } }`,
  'captures: [client]',
  `expect: [{ flow: browse, failure: null, count: ${VISITS} }]`,
  '',
].join('\n');
