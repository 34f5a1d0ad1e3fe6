// Which networks of a project are used, by whom, and which of them the host of our own joins.
import { parsePrefix } from '../../base/addresses.ts';
import { childOf } from '../source/tree.ts';
import type { Project } from './load-project.ts';
import type { Member } from './members.ts';
import { freeName, labelsFor } from './names.ts';
import type { UsedNetwork } from './networks.ts';
import { DEFAULT_NETWORK, type Place } from './service/attachment.ts';
import type { Participant } from './take-part.ts';

/** In the order of the file, the default network first. A host joins where a network has one member, or publishes ports. */
export function usedNetworks(
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
  const joined = joinedByClient(project, places, members);
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
function withoutAddresses(place: Place, { context, containers }: Participant): Place {
  if (containers.length < 2) return place;
  const [first] = place.addresses;
  const written = [...place.addresses.map(({ text }) => text), place.mac ?? []].flat().join(', ');
  if (written !== '')
    context.notes.warn(
      'C024',
      first?.span ?? context.spanOf('networks'),
      `The ${containers.length} containers of "${context.name}" cannot all have ${written}: left out`,
      { comment: `left out, as there are several of it: ${written}` },
    );
  return { ...place, addresses: [], mac: undefined };
}

/** Whether one more fits into the subnets of the network (RFC 4632: the first and the last address are nobody's). */
function hasRoom(project: Project, name: string, members: number): boolean {
  const definition = project.sections.networks.get(name)?.value;
  const ipam = definition && childOf(definition, 'ipam');
  const config = ipam && childOf(ipam, 'config');
  if (config?.kind !== 'list') return true;
  return config.items.every((item) => {
    const subnet = childOf(item, 'subnet');
    const prefix = parsePrefix(subnet?.kind === 'scalar' ? String(subnet.value) : '');
    if (!prefix.ok || prefix.value.address.family === 6) return true;
    return 2 ** (32 - prefix.value.length) - 2 > members;
  });
}

function joinedByClient(
  project: Project,
  places: ReadonlyMap<string, ReadonlyMap<string, Place>>,
  members: ReadonlyMap<string, Member>,
): ReadonlySet<string> {
  const joined = new Set([...places].filter(([, own]) => own.size === 1).map(([name]) => name));
  for (const { ports, attachment } of members.values()) {
    const networks = [...attachment.networks.keys()];
    const [first] = networks;
    if (!ports.isPublished || first === undefined || networks.some((name) => joined.has(name)))
      continue;
    const roomy = networks.find((name) => hasRoom(project, name, places.get(name)?.size ?? 0));
    if (roomy !== undefined) joined.add(roomy);
  }
  return joined;
}
