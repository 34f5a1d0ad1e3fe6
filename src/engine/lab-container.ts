// Which containers and volumes are a lab's, and what is known of them.
import { CONTAINER_LABELS, containerName, volumeName } from '../model/container.ts';
import { type LabOrigin, isLabId } from '../model/lab-mark.ts';

/** What an engine has of a lab, of whichever. */
export interface LabThing {
  readonly labId: string;
  readonly scenario: string;
  /** The results folder of its run. */
  readonly directory: string;
  /** Whence its lab was started; empty when it does not say. */
  readonly origin: LabOrigin;
  /** The address of the engine that has it. */
  readonly engine: string;
  /** Milliseconds since the epoch, to the second. */
  readonly created: number;
}

export interface LabContainer extends LabThing {
  readonly id: string;
  readonly node: string;
  readonly running: boolean;
}

export interface LabVolume extends LabThing {
  readonly name: string;
}

/** Of ContainerSummary (Docker Engine API 1.41, `GET /containers/json`) what is needed. */
export interface ContainerSummary {
  readonly Id: string;
  /** With a slash before each. */
  readonly Names: readonly string[];
  /** Seconds since the epoch. */
  readonly Created: number;
  readonly State: string;
  readonly Labels: Readonly<Record<string, string>>;
}

/** The same of a volume (`GET /volumes`). */
export interface VolumeSummary {
  readonly Name: string;
  /** ISO 8601; engines may leave it out. */
  readonly CreatedAt?: string;
  readonly Labels: Readonly<Record<string, string>> | null;
}

/**
 * Undefined for what is none of ours. Labels alone say nothing: an image has some, that of a committed container of ours
 * even these, and whoever starts it has containers with them. The name is what no image can give.
 */
export function labContainerOf(
  { Id, Names, Created, State, Labels }: ContainerSummary,
  engine: string,
): LabContainer | undefined {
  const node = Labels[CONTAINER_LABELS.node] ?? '';
  const thing = labThingOf(Labels, engine, Created * 1000);
  if (!thing || !Names.includes(`/${containerName(thing.labId, node)}`)) return undefined;
  return { ...thing, id: Id, node, running: State === 'running' || State === 'paused' };
}

/** Undefined for what is none of ours, as with containers; also where it does not say whose it is: those of earlier versions go with their containers. */
export function labVolumeOf(
  { Name, CreatedAt = '', Labels }: VolumeSummary,
  engine: string,
): LabVolume | undefined {
  const created = Date.parse(CreatedAt);
  const thing = labThingOf(Labels ?? {}, engine, Number.isNaN(created) ? 0 : created);
  if (!thing || thing.directory === '') return undefined;
  if (!Name.startsWith(volumeName(thing.labId, ''))) return undefined;
  return { ...thing, name: Name };
}

function labThingOf(
  labels: Readonly<Record<string, string>>,
  engine: string,
  created: number,
): LabThing | undefined {
  const label = (key: keyof typeof CONTAINER_LABELS): string => labels[CONTAINER_LABELS[key]] ?? '';
  const labId = label('lab');
  if (!isLabId(labId)) return undefined;
  return {
    labId,
    scenario: label('scenario'),
    directory: label('directory'),
    origin: label('origin'),
    engine,
    created,
  };
}
