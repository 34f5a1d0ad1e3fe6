// A replay as the text of a scenario: a host for each address, one network, an entry of traffic for each conversation.
import { renderYaml } from '../../write/render-yaml.ts';
import { type Block, type Value, blockOf, entry } from '../../write/yaml-value.ts';
import { flowName, formatEndpoint } from '../flow-filter.ts';
import type { ReplayConversation, ReplayScript } from '../replay-script.ts';
import { hostNames } from './hosts.ts';
import { longestPacket } from './packet-sizes.ts';
import { durationText, stepItem } from './step-item.ts';

export interface ReplaySource {
  /** Its name, without folders: `traffic.pcap`. */
  readonly file: string;
  readonly script: ReplayScript;
}

/** What a link carries unless told otherwise, and the most that a network of the lab can be told. */
const USUAL_MTU = 1500;
const LARGEST_MTU = 65_521;
/** Milliseconds that one play may take when the scenario does not say, and what it gets beyond its last step. */
const USUAL_TIMEOUT = 60_000;
const SPARE_TIME = 30_000;

export function replayScenario({ file, script }: ReplaySource): string {
  const { conversations, notes } = script;
  const hosts = hostNames(conversations);
  const members = [...hosts.values()];
  const names = conversations.map(nameOf);
  const head = [`From ${file} by "runner import".`, ...notes].map((line) => `# ${line}\n`).join('');
  const block: Block = {
    entries: [
      entry('version', 1),
      entry('name', scenarioName(file)),
      entry('description', `Plays ${file} again.`),
      {
        key: 'hosts',
        value: blockOf(Object.fromEntries(members.map((name) => [name, blockOf({})]))),
        apart: true,
      },
      entry('networks', blockOf({ wire: networkOf(conversations, members) })),
      { key: 'traffic', value: trafficOf(conversations, hosts), apart: true, open: true },
      { key: 'captures', value: members, apart: true },
      entry(
        'expect',
        names.map((flow) => blockOf({ flow, failure: null })),
      ),
    ],
  };
  return `${head}${renderYaml(block)}`;
}

/** As results are called. */
const scenarioName = (file: string): string =>
  file
    .replace(/\.[^.]*$/, '')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .slice(0, 63)
    .replace(/^[-_]+|[-_]+$/g, '') || 'replay';

const nameOf = (conversation: ReplayConversation): string =>
  conversation.transport === 'raw-ip' ? `packets-${conversation.number}` : flowName(conversation);

function networkOf(
  conversations: readonly ReplayConversation[],
  members: readonly string[],
): Block {
  const needed = longestPacket(conversations);
  return blockOf({
    members,
    ipv6: conversations.some(isIpv6) ? true : undefined,
    mtu: needed > USUAL_MTU ? Math.min(needed, LARGEST_MTU) : undefined,
  });
}

const isIpv6 = ({ client }: ReplayConversation): boolean => client.address.includes(':');

function trafficOf(
  conversations: readonly ReplayConversation[],
  hosts: ReadonlyMap<string, string>,
): readonly Block[] {
  const begin = conversations.reduce((least, { begin: own }) => Math.min(least, own), Infinity);
  const taken = new Set<string>();
  return conversations.map((conversation) => {
    const { steps, transport } = conversation;
    const start = conversation.begin - begin;
    const last = steps.reduce((most, { at }) => Math.max(most, at), 0);
    return blockOf({
      name: nameOf(conversation),
      description: descriptionOf(conversation),
      between: betweenOf(conversation, hosts, taken),
      transport: transport === 'tcp' ? undefined : transport,
      family: isIpv6(conversation) ? 6 : undefined,
      at: start === 0 ? undefined : durationText(start),
      timeout:
        last + SPARE_TIME > USUAL_TIMEOUT ? durationText(Math.ceil(last + SPARE_TIME)) : undefined,
      script: steps.map((step) => stepItem(step, conversation)),
    });
  });
}

function descriptionOf({ client, server, steps }: ReplayConversation): string {
  const frames = steps.map(({ frame }) => frame);
  const least = frames.reduce((one, other) => Math.min(one, other), Infinity);
  const most = frames.reduce((one, other) => Math.max(one, other), 0);
  return `${formatEndpoint(client)} to ${formatEndpoint(server)}, packets ${least} to ${most}`;
}

/** A pair of ports that an earlier conversation has is not taken again: the kernel gives the client another. */
function betweenOf(
  { client, server, transport, protocol }: ReplayConversation,
  hosts: ReadonlyMap<string, string>,
  taken: Set<string>,
): Value {
  const [near = '', far = ''] = [hosts.get(client.address), hosts.get(server.address)];
  if (transport === 'raw-ip') return [near, far];
  const source = `${near}:${client.port}`;
  const key = `${protocol} ${source}`;
  const isTaken = taken.has(key);
  taken.add(key);
  return [isTaken || client.port === 0 ? near : source, `${far}:${server.port}`];
}
