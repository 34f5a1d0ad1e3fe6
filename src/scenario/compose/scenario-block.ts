// A project as the document of a scenario: containers, their networks, and a first line of traffic to go on from.
import type { Faults } from '../faults.ts';
import { type ContainerParts, containerEntries } from './container.ts';
import type { Project } from './load-project.ts';
import { freeName, labelsFor } from './names.ts';
import { type UsedNetwork, networkEntry } from './networks.ts';
import { Notes } from './notes.ts';
import { Reader } from './reader.ts';
import {
  type Attachment,
  DEFAULT_NETWORK,
  type Place,
  attachmentOf,
} from './service/attachment.ts';
import { checkKeys } from './service/keys.ts';
import { type Mount, mountsOf } from './service/mounts.ts';
import { type Ports, portsOf } from './service/ports.ts';
import type { Participant } from './take-part.ts';
import { type Block, type Entry, entry } from './write/yaml-value.ts';
import { childOf } from '../source/tree.ts';

export interface ScenarioDraft {
  readonly block: Block;
  /** Where an example of traffic starts and ends; undefined when no two nodes meet. */
  readonly example:
    { readonly from: string; readonly to: string; readonly port: number | undefined } | undefined;
}

interface Member {
  readonly participant: Participant;
  readonly attachment: Attachment;
  readonly ports: Ports;
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

function membersOf(services: ReadonlyMap<string, Participant>): ReadonlyMap<string, Member> {
  const attachments = new Map<string, Attachment>();
  const attach = (service: string, below: readonly string[]): Attachment | undefined => {
    const known = attachments.get(service);
    const participant = services.get(service);
    if (known !== undefined || participant === undefined || below.length > services.size)
      return known;
    if (below.includes(service)) {
      const { context } = participant;
      context.notes.error(
        'C002',
        context.spanOf('network_mode'),
        `The service "${service}" shares its own network by "network_mode"`,
      );
      return undefined;
    }
    const found = attachmentOf(participant.context, (other) => attach(other, [...below, service]));
    attachments.set(service, found);
    return found;
  };
  const members = new Map<string, Member>();
  for (const [service, participant] of services) {
    checkKeys(participant.context);
    const attachment = attach(service, []) ?? { stack: 'own', networks: new Map<string, Place>() };
    members.set(service, { participant, attachment, ports: portsOf(participant.context) });
  }
  return members;
}

/** In the order of the file, the default network first. A host joins where a network has one member, or publishes ports. */
function usedNetworks(
  project: Project,
  members: ReadonlyMap<string, Member>,
): readonly UsedNetwork[] {
  const places = new Map<string, Map<string, Place>>();
  for (const name of [DEFAULT_NETWORK, ...project.sections.networks.keys()])
    places.set(name, new Map());
  const names = new Set<string>();
  for (const { participant, attachment } of members.values())
    for (const container of participant.containers) {
      names.add(container);
      for (const [network, place] of attachment.networks)
        places.get(network)?.set(container, withoutAddresses(place, participant));
    }
  for (const [network, own] of places) if (own.size === 0) places.delete(network);
  const joined = joinedByClient(places, members);
  const client = freeName('client', names);
  const labels = labelsFor([...places.keys()], 'network');
  const fallback = project.tree.span;
  return Array.from(places, ([name, own]) => {
    const definition = project.sections.networks.get(name);
    return {
      name,
      label: labels.get(name) ?? name,
      definition: definition?.value,
      span: definition?.keySpan ?? fallback,
      members: own,
      client: joined.has(name) ? client : undefined,
    };
  });
}

/** Several containers cannot have one address. */
const withoutAddresses = (place: Place, { containers }: Participant): Place =>
  containers.length > 1 ? { ...place, addresses: [], mac: undefined } : place;

function joinedByClient(
  places: ReadonlyMap<string, ReadonlyMap<string, Place>>,
  members: ReadonlyMap<string, Member>,
): ReadonlySet<string> {
  const joined = new Set([...places].filter(([, own]) => own.size === 1).map(([name]) => name));
  for (const { ports, attachment } of members.values()) {
    const networks = [...attachment.networks.keys()];
    const [first] = networks;
    if (ports.isPublished && first !== undefined && !networks.some((name) => joined.has(name)))
      joined.add(first);
  }
  return joined;
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

/** Of the services that `volumes_from` names. */
function inheritedMounts(
  { context }: Participant,
  services: ReadonlyMap<string, Participant>,
  labels: ReadonlyMap<string, string>,
): readonly Mount[] {
  return context.reader
    .texts(context.at('volumes_from'), 'volumes_from')
    .flatMap(({ text, span }) => {
      const [service = '', mode] = text.split(':');
      const source = services.get(service);
      const [container] = source?.containers ?? [];
      if (source === undefined || container === undefined) {
        context.notes.warn(
          'C028',
          span,
          `No service "${service}" takes part: its volumes are left out`,
          {
            comment: `the volumes of ${text} are left out`,
          },
        );
        return [];
      }
      const mounts = mountsOf(source.context, labels, container);
      return mode === 'ro'
        ? mounts.map((mount) => ({ ...mount, readOnly: mount.kind !== 'tmpfs' }))
        : mounts;
    });
}

function isInternal({ definition }: UsedNetwork, reader: Reader): boolean {
  const tree = definition && childOf(definition, 'internal');
  return reader.flag(tree, 'internal') === true;
}

function exampleOf(
  members: ReadonlyMap<string, Member>,
  networks: readonly UsedNetwork[],
): ScenarioDraft['example'] {
  const all = [...members.values()].filter(({ attachment }) => attachment.stack === 'own');
  const best = [
    ...all.filter(({ ports }) => ports.isPublished),
    ...all.filter(({ ports }) => ports.tcp.length > 0),
    ...all,
  ];
  for (const { participant, ports } of best) {
    const [to] = participant.containers;
    const near = networks.filter(({ members: own }) => to !== undefined && own.has(to));
    const [from] = near.flatMap(({ client, members: own }) => [
      ...(client === undefined ? [] : [client]),
      ...[...own.keys()].filter((name) => name !== to),
    ]);
    if (to !== undefined && from !== undefined) return { from, to, port: ports.tcp[0] };
  }
  return undefined;
}
