// What a mirror tells, as text.
import { formatBytes } from '../base/units.ts';
import type {
  CopyEnding,
  CopyOutcome,
  MirrorNews,
  MirrorRecord,
  RefusalCause,
} from './mirror-record.ts';

const ENDINGS: Readonly<Record<CopyEnding, string>> = {
  finished: 'the client finished',
  'reset-by-client': 'the client reset its connection',
  'reset-by-online': 'the online server reset the connection',
  'refused-by-target': 'the target refused the connection',
  'reset-by-target': 'the target reset the connection',
  'closed-by-target': 'the target closed the connection too often',
  'no-connection': 'the target did not answer the SYN',
  'no-acknowledgment': 'the target acknowledged no more',
  'no-end': 'the target did not acknowledge the end',
  'no-window': "the target's window stayed closed",
  'capture-loss': 'the capture lost bytes of the client',
  'buffer-full': 'more waited than the limits allow',
  'hook-failed': 'the hook could not go on',
  idle: 'nothing more came from the client',
  stopped: 'the mirror was stopped',
};

const CAUSES: Readonly<Record<RefusalCause, string>> = {
  'not-a-client': 'its address is none of "clients"',
  'not-sampled': 'it is not of the sample',
  'not-from-its-beginning': 'its beginning was not seen',
  'too-many-sessions': 'there are as many sessions as the limits allow',
  'no-target-of-its-family': 'the target has no address of its family',
  'no-free-port': 'no port is free that it could have at the target',
  unreadable: 'its packet could not be read',
};

const causeWords: Readonly<Record<string, string>> = CAUSES;

/** `copy 3: whole, 1.50 MB: the client finished`. */
export function describeMirrorNews(news: MirrorNews): string {
  switch (news.kind) {
    case 'opened': {
      const { copy, client, as, isWhole } = news;
      const from = client === as ? client : `${client} as ${as}`;
      return `copy ${copy}: of ${from}${isWhole ? '' : ', from its middle'}`;
    }
    case 'failed':
      return `copy ${news.copy}: failed: ${because(news)}`;
    case 'ended': {
      const { copy, copied, short } = news;
      const share =
        short === 0
          ? `whole, ${formatBytes(copied)}`
          : `short by ${formatBytes(short)} of ${formatBytes(copied)}`;
      return `copy ${copy}: ${share}: ${because(news)}`;
    }
    case 'refused':
      return `not copied: ${news.client}: ${CAUSES[news.cause]}`;
  }
}

const because = ({ ending, detail }: Pick<CopyOutcome, 'ending' | 'detail'>): string =>
  `${ENDINGS[ending]}${detail === '' ? '' : ` (${detail})`}`;

export function describeMirror({
  name,
  online,
  target,
  assistant,
  statistics,
}: MirrorRecord): string {
  const { sessions, copies, bytes, packets } = statistics;
  return [
    `${name}: ${online} to ${target}, whose answers end at ${assistant}`,
    `${sessions.seen} sessions, ${sessions.open} of them open; ${copies.begun} copies`,
    `${copies.whole} copies whole, ${copies.short} short by ${formatBytes(bytes.short)} of ${formatBytes(bytes.copied)}`,
    `${packets.sent} packets sent, ${packets.retransmitted} of them again; ${packets.answers} answers, ${packets.strays} strays, ${packets.leaked} leaked`,
    ...Object.entries(sessions.refused).map(
      ([cause, count]) => `not copied: ${count}: ${causeWords[cause] ?? cause}`,
    ),
  ].join('\n');
}
