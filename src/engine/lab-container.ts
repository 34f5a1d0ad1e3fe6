// Which containers are a lab's, and what is known of them.
import { CONTAINER_LABELS, containerName } from '../model/container.ts';
import { type LabOrigin, isLabId } from '../model/lab-mark.ts';

/** A container of a lab, of whichever. */
export interface LabContainer {
  readonly id: string;
  readonly labId: string;
  readonly node: string;
  readonly scenario: string;
  /** The results folder of its run. */
  readonly directory: string;
  /** Whence its lab was started; empty when it does not say. */
  readonly origin: LabOrigin;
  /** The address of the engine that has it. */
  readonly engine: string;
  readonly running: boolean;
  /** Milliseconds since the epoch, to the second. */
  readonly created: number;
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

/**
 * Undefined for what is none of ours. Labels alone say nothing: an image has some, that of a committed container of ours
 * even these, and whoever starts it has containers with them. The name is what no image can give.
 */
export function labContainerOf(
  { Id, Names, Created, State, Labels }: ContainerSummary,
  engine: string,
): LabContainer | undefined {
  const label = (key: keyof typeof CONTAINER_LABELS): string => Labels[CONTAINER_LABELS[key]] ?? '';
  const labId = label('lab');
  const node = label('node');
  if (!isLabId(labId) || !Names.includes(`/${containerName(labId, node)}`)) return undefined;
  return {
    id: Id,
    labId,
    node,
    scenario: label('scenario'),
    directory: label('directory'),
    origin: label('origin'),
    engine,
    running: State === 'running' || State === 'paused',
    created: Created * 1000,
  };
}
