// The containers and volumes of labs, asked of the engines in plain requests: the library that speaks for us elsewhere takes longer to
// load than the answers to come.
import { realpathSync } from 'node:fs';
import { request } from 'node:http';
import { getuid } from 'node:process';
import { CONTAINER_LABELS } from '../model/container.ts';
import { contextHost } from './docker-context.ts';
import { usualPlaces } from './find-engine.ts';
import {
  type ContainerSummary,
  type LabContainer,
  type LabThing,
  type LabVolume,
  type VolumeSummary,
  labContainerOf,
  labVolumeOf,
} from './lab-container.ts';

export interface LabThings {
  readonly containers: readonly LabContainer[];
  /** A lab that was killed while it went down may have left these alone. */
  readonly volumes: readonly LabVolume[];
  /** The engines that should have answered and did not, each with what it did instead. */
  readonly unanswered: readonly string[];
}

/** How long an engine may take to answer, in milliseconds. */
const ANSWER_MS = 3000;

/**
 * All containers of labs, running or not, and all volumes: of the engine that DOCKER_HOST or Docker's context names, or else of every one
 * that listens at a usual place; beside these, of each lab in `engines` (lab id → address) what its own engine has.
 */
export async function askForLabs(
  environment: NodeJS.ProcessEnv = process.env,
  engines: ReadonlyMap<string, string> = new Map(),
): Promise<LabThings> {
  const meant = await meantPlaces(environment);
  const asked = new Set(meant.places.map(({ path }) => realPath(path)));
  const own = [...new Set(engines.values())].flatMap(namedPlace);
  const answers = await Promise.all([
    ...meant.places.map(askAt),
    ...own
      .filter(({ path }) => !asked.has(realPath(path)))
      .map(async (place) => {
        const answer = await askAt(place);
        const isOwn = ({ labId, engine }: LabThing): boolean => engines.get(labId) === engine;
        return {
          ...answer,
          containers: answer.containers.filter(isOwn),
          volumes: answer.volumes.filter(isOwn),
        };
      }),
  ]);
  return {
    containers: answers.flatMap(({ containers }) => containers),
    volumes: answers.flatMap(({ volumes }) => volumes),
    unanswered: [...meant.unanswered, ...answers.flatMap(({ unanswered }) => unanswered)],
  };
}

interface Place {
  /** Of a socket. */
  readonly path: string;
  /** Whether somebody says that an engine is there; else none need be, or one that is not for this user. */
  readonly isNamed: boolean;
}

interface MeantPlaces {
  readonly places: readonly Place[];
  readonly unanswered: readonly string[];
}

async function meantPlaces(environment: NodeJS.ProcessEnv): Promise<MeantPlaces> {
  const host = environment['DOCKER_HOST'] ?? '';
  if (host !== '') return { places: namedPlace(host), unanswered: [] };
  const context = await contextHost(environment);
  if (!context.ok) return { places: [], unanswered: [context.error.message] };
  if (context.value) return { places: namedPlace(context.value.host), unanswered: [] };
  const usual = usualPlaces(environment, getuid?.() === 0);
  // /var/run is a link to /run where both are.
  const paths = usual.filter(
    (path, index) => usual.findIndex((other) => realPath(other) === realPath(path)) === index,
  );
  const places = paths.map((path) => ({ path, isNamed: false }));
  return { places, unanswered: [] };
}

/** Only a socket of this machine can belong to an engine of labs. */
const namedPlace = (address: string): Place[] =>
  address.startsWith(SOCKET) ? [{ path: address.slice(SOCKET.length), isNamed: true }] : [];

const SOCKET = 'unix://';

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

async function askAt({ path, isNamed }: Place): Promise<LabThings> {
  const address = `${SOCKET}${path}`;
  try {
    const [containers, { volumes, unanswered }] = await Promise.all([
      get(path, `/containers/json?all=1&${FILTERS}`),
      volumesAt(path, address),
    ]);
    return { containers: parseContainers(JSON.parse(containers), address), volumes, unanswered };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!isNamed && NOT_OURS.has(code)) return NOTHING;
    return { ...NOTHING, unanswered: [`${address}: ${REASONS[code] ?? String(error)}`] };
  }
}

/** An engine asks its plugins for their volumes, which may be slow or dead: its containers are known all the same. */
async function volumesAt(
  path: string,
  address: string,
): Promise<Pick<LabThings, 'volumes' | 'unanswered'>> {
  try {
    const answer = await get(path, `/volumes?${FILTERS}`);
    return { volumes: parseVolumes(JSON.parse(answer), address), unanswered: [] };
  } catch (error) {
    return { volumes: [], unanswered: [`${address}, of its volumes: ${String(error)}`] };
  }
}

const NOTHING: LabThings = { containers: [], volumes: [], unanswered: [] };
const FILTERS = `filters=${encodeURIComponent(JSON.stringify({ label: [CONTAINER_LABELS.lab] }))}`;
/** Nothing is there, or nothing for this user. */
const NOT_OURS: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'ENOENT', 'ENOTDIR']);
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ENOENT: 'there is no such socket',
  EACCES: 'it refuses this user',
};

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

function parseContainers(answer: unknown, engine: string): LabContainer[] {
  if (!Array.isArray(answer)) throw new Error('its answer is no list of containers');
  return answer.filter(isSummary).flatMap((summary) => labContainerOf(summary, engine) ?? []);
}

function parseVolumes(answer: unknown, engine: string): LabVolume[] {
  const list: unknown =
    typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'Volumes') : undefined;
  // Docker answers null where there are none.
  if (list === null) return [];
  if (!Array.isArray(list)) throw new Error('its answer is no list of volumes');
  return list.filter(isVolume).flatMap((summary) => labVolumeOf(summary, engine) ?? []);
}

const isSummary = (value: unknown): value is ContainerSummary =>
  hasAll(value, ['Id', 'Names', 'Created', 'State', 'Labels']);

const isVolume = (value: unknown): value is VolumeSummary => hasAll(value, ['Name', 'Labels']);

const hasAll = (value: unknown, keys: readonly string[]): boolean =>
  typeof value === 'object' && value !== null && keys.every((key) => key in value);
