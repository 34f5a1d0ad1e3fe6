// A project as the document of a scenario: containers, their networks, and a first line of traffic to go on from.
import { childOf } from '../source/tree.ts';
import type { Faults } from '../faults.ts';
import { type ContainerParts, containerEntries } from './container.ts';
import { type Example, exampleOf } from './example.ts';
import type { Project } from './load-project.ts';
import { membersOf } from './members.ts';
import { labelsFor } from './names.ts';
import { type UsedNetwork, networkEntry } from './networks.ts';
import { Notes } from './notes.ts';
import { Reader } from './reader.ts';
import { inheritedMounts } from './service/inherited-mounts.ts';
import type { Participant } from './take-part.ts';
import { usedNetworks } from './used-networks.ts';
import { type Block, type Entry, entry } from '../write/yaml-value.ts';

export interface ScenarioDraft {
  readonly block: Block;
  /** Where an example of traffic starts and ends; undefined when no two nodes meet. */
  readonly example: Example | undefined;
}

export function scenarioBlock(
  project: Project,
  services: ReadonlyMap<string, Participant>,
  heading: readonly Entry[],
  faults: Faults,
): ScenarioDraft {
  const reader = new Reader(faults);
  const members = membersOf(services);
  const used = usedNetworks(project, members);
  const networkLabels = new Map(Array.from(used, ({ name, label }) => [name, label]));
  const volumeLabels = labelsFor([...project.sections.volumes.keys()], 'volume');
  const containers = Array.from(members.values()).flatMap(({ participant, attachment }) => {
    const inherited = inheritedMounts(participant, services, volumeLabels);
    return participant.containers.map((name): Entry => {
      const parts: ContainerParts = {
        name,
        attachment,
        networkLabels,
        volumeLabels,
        inherited,
        containersOf: (service) => services.get(service)?.containers,
      };
      const entries = containerEntries(participant.context, parts);
      return entry(name, { entries }, participant.context.notes.lines);
    });
  });
  const networks = used.map((network): Entry => {
    const notes = new Notes(faults);
    const written = networkEntry(network, reader, notes);
    const renamed =
      network.label === network.name ? [] : [`called ${network.name} in the compose file`];
    const alone =
      network.client !== undefined && network.members.size === 1
        ? [`${network.client} keeps it company: a network joins two at least`]
        : [];
    return { ...written, above: [...renamed, ...alone, ...notes.lines] };
  });
  const open = used.filter((network) => !isInternal(network, reader)).map(({ label }) => label);
  const way =
    open.length === 0
      ? []
      : [
          `with Docker there is a way out of the machine from ${open.join(', ')}: here uplink: true makes one`,
        ];
  const client = used.find((network) => network.client !== undefined)?.client;
  const clientNetworks = used.filter((network) => network.client !== undefined).length;
  const block = {
    entries: [
      ...heading,
      ...(client === undefined ? [] : [clientEntry(client, clientNetworks)]),
      { key: 'containers', value: { entries: containers }, open: true, apart: true },
      ...(networks.length === 0
        ? []
        : [{ key: 'networks', value: { entries: networks }, above: way, open: true, apart: true }]),
    ],
  };
  return { block, example: exampleOf(members, used) };
}

const clientEntry = (client: string, networks: number): Entry => ({
  key: 'hosts',
  value: {
    entries: [entry(client, { entries: networks > 1 ? [entry('forwarding', false)] : [] })],
  },
  above: [
    'a bare host beside the containers, where traffic can start: it stands for whoever uses them',
  ],
  apart: true,
});

function isInternal({ definition }: UsedNetwork, reader: Reader): boolean {
  const tree = definition && childOf(definition, 'internal');
  return reader.flag(tree, 'internal') === true;
}
