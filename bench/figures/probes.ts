import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUNNER, time } from '../command.ts';
import type { Figure } from '../figure.ts';
import { inScratch } from '../scenarios.ts';

const PROBES = 10_000;
const MINUTE = 60_000;

/** How many probes a minute one flow makes against a server of the lab, from its first to its last. */
export async function measureProbes(): Promise<readonly Figure[]> {
  const tcp = await probesPerMinute('tcp: {}', 'echo: { tcp: 443 }');
  const tls = await probesPerMinute('tls: { sni: fine.example }', 'tls: { names: fine.example }');
  return [
    figure('TCP probes, 50 at once: those of a minute ÷ 10,000', tcp),
    { ...figure('TLS probes, 50 at once: those of a minute ÷ 10,000', tls), wished: null },
  ];
}

const figure = (what: string, perMinute: number): Figure => ({
  what,
  value: perMinute / PROBES,
  unit: 'ratio',
  wished: { atLeast: 1 },
  beside: `${Math.round(perMinute)} a minute`,
});

async function probesPerMinute(probe: string, serve: string): Promise<number> {
  return inScratch(async (folder) => {
    const file = join(folder, 'probes.yaml');
    writeFileSync(file, scenario(probe, serve));
    const { stdout } = await time([RUNNER, 'apply', file, '--json', '--out', folder]);
    const { timings } = JSON.parse(stdout) as { timings: { traffic: number } };
    return (PROBES * MINUTE) / timings.traffic;
  });
}

const scenario = (probe: string, serve: string): string =>
  [
    'version: 1',
    'name: probes',
    'hosts: { client: {}, server: {} }',
    'networks:',
    '  lan: { subnet: 10.0.0.0/24, members: [client, server] }',
    'traffic:',
    `  - { name: serve, on: server, serve: { ${serve} } }`,
    `  - { name: probes, from: client, to: "server:443", repeat: ${PROBES}, concurrency: 50, probe: { ${probe} } }`,
    'expect: [{ flow: probes, failure: null }]',
    '',
  ].join('\n');
