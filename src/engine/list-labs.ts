// The containers of labs, asked of the engine in one plain request: the library that speaks for us elsewhere takes longer
// to load than the answer to come.
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { getuid } from 'node:process';
import { CONTAINER_LABELS } from '../model/container.ts';
import { contextHost } from './docker-context.ts';
import { usualPlaces } from './find-engine.ts';
import type { LabContainer } from './lab-containers.ts';

export interface LabContainers {
  readonly containers: readonly LabContainer[];
  /** The engine whose socket is there and who does not answer, with what it did instead. */
  readonly silent?: string;
}

/** How long the engine may take to answer, in milliseconds. */
const ANSWER_MS = 3000;

/**
 * All containers of labs, running or not, that the engine of this user has. No engine, or one that does not let this user
 * ask, has none.
 */
export async function askForLabContainers(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<LabContainers> {
  let silent: string | undefined;
  for (const place of await places(environment)) {
    if (!existsSync(place)) continue;
    try {
      return { containers: parseContainers(JSON.parse(await get(place, LIST))) };
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (FORBIDDEN.has(code)) continue;
      const found = code === 'ECONNREFUSED' ? 'nobody listens there' : String(error);
      silent ??= `unix://${place}: ${found}`;
    }
  }
  return { containers: [], ...(silent !== undefined && { silent }) };
}

const LIST = `/containers/json?all=1&filters=${encodeURIComponent(JSON.stringify({ label: [CONTAINER_LABELS.lab] }))}`;
const FORBIDDEN: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'ENOENT']);

/** Only a socket of this machine can belong to an engine of labs. */
async function places(environment: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const host = environment['DOCKER_HOST'] ?? '';
  const said = host === '' ? await contextOf(environment) : host;
  if (said === undefined) return usualPlaces(environment, getuid?.() === 0);
  return said.startsWith('unix://') ? [said.slice('unix://'.length)] : [];
}

async function contextOf(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const context = await contextHost(environment);
  return context.ok ? context.value?.host : undefined;
}

function get(socketPath: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, headers: { Host: 'docker' }, agent: false });
    const late = setTimeout(
      () => asked.destroy(new Error(`no answer within ${ANSWER_MS} ms`)),
      ANSWER_MS,
    );
    asked.on('error', reject).on('close', () => clearTimeout(late));
    asked.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => void (text += chunk));
      response.on('error', reject).on('end', () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`status ${response.statusCode ?? 0}`));
      });
    });
    asked.end();
  });
}

/** Of ContainerSummary (Docker Engine API 1.41, `GET /containers/json`) what is needed. */
interface ContainerSummary {
  readonly Id: string;
  /** Seconds since the epoch. */
  readonly Created: number;
  readonly State: string;
  readonly Labels: Readonly<Record<string, string>>;
}

const parseContainers = (answer: unknown): LabContainer[] =>
  Array.isArray(answer) ? answer.filter(isSummary).map(describe) : [];

const isSummary = (value: unknown): value is ContainerSummary =>
  typeof value === 'object' &&
  value !== null &&
  ['Id', 'Created', 'State', 'Labels'].every((key) => key in value);

const describe = ({ Id, Created, State, Labels }: ContainerSummary): LabContainer => ({
  id: Id,
  labId: Labels[CONTAINER_LABELS.lab] ?? '',
  scenario: Labels[CONTAINER_LABELS.scenario] ?? '',
  node: Labels[CONTAINER_LABELS.node] ?? '',
  directory: Labels[CONTAINER_LABELS.directory] ?? '',
  running: State === 'running' || State === 'paused',
  created: Created * 1000,
});
