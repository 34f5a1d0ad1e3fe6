// One session of a mirror, packet by packet, at each of its servers: what a network analyser would show there.
import { type Cell, table } from './html-sections.ts';
import { escapeMarkup } from './escape.ts';
import { formatMillis } from '../base/units.ts';
import type {
  MirrorPacket,
  MirrorPacketKind,
  MirrorPlace,
  MirrorSighting,
} from '../model/mirror-packets.ts';

const KINDS: Readonly<Record<MirrorPacketKind, string>> = {
  client: 'client to online server',
  online: "online server's answer",
  copy: 'copy to target',
  target: "target's answer",
  answers: 'answer headers',
};

export function sightingMarkup({ mirror, client, as, places }: MirrorSighting): string {
  const whose = client === as ? client : `${client}, copied as ${as}`;
  const first = Math.min(...places.flatMap(({ packets }) => packets.map(({ time }) => time)));
  return [
    `<h3>${escapeMarkup(`${mirror}: the session of ${whose}`)}</h3>`,
    ...places.map((place) => placeMarkup(place, first)),
  ].join('');
}

function placeMarkup(
  { role, node, isCaptured, packets, isCut }: MirrorPlace,
  start: number,
): string {
  const title = `<h4>${escapeMarkup(`At the ${role}, ${node}`)}</h4>`;
  if (!isCaptured) return `${title}<p class="faint">Not captured.</p>`;
  if (packets.length === 0) return `${title}<p class="faint">No packet of it came here.</p>`;
  const more = isCut ? '<p class="faint">The first ones; the capture has more.</p>' : '';
  return (
    title +
    table(
      HEAD,
      packets.map((packet) => row(packet, start)),
    ) +
    more
  );
}

const HEAD = [
  ...['Frame', 'Time', 'Source', 'Destination', 'Source MAC', 'Flags', 'Seq', 'Ack', 'Length'],
  'What it is',
];

function row(packet: MirrorPacket, start: number): Cell[] {
  const { capture, frame, time, source, destination, sourceMac, sender, kind } = packet;
  return [
    { html: `<code>${escapeMarkup(`${capture} #${frame}`)}</code>` },
    formatMillis((time - start) / 1000),
    source,
    destination,
    sender === '' ? sourceMac : `${sourceMac} (${sender})`,
    packet.flags,
    packet.sequence ?? '',
    packet.acknowledgment ?? '',
    packet.length,
    KINDS[kind],
  ];
}
