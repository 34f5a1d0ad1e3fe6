// What a relay tells, as text.
import { formatBytes } from '../base/units.ts';
import type { RelayNews } from './relay-news.ts';
import type { DirectionStatistics, RelayStatistics } from './relay.ts';

/** `session 3: from tcp://127.0.0.1:41234 to tcp://127.0.0.1:6635`. */
export function describeNews(news: RelayNews): string {
  const who = `session ${news.session}`;
  switch (news.kind) {
    case 'opened':
      return `${who}: ${isNamed(news.client) ? `from ${news.client} ` : ''}to ${news.target}`;
    case 'closed': {
      const { upstream, downstream, reason } = news;
      return `${who}: ${reason}, ${formatBytes(upstream)} from the client, ${formatBytes(downstream)} from the server`;
    }
    case 'note':
      return `${who}: ${news.text}`;
    case 'finding': {
      const { mutation, message, answer } = news;
      return `${who}: found that ${mutation.type} no. ${message} as mutated at ${mutation.at} is answered by ${answer}`;
    }
  }
}

/** Clients of Unix sockets have no name. */
const isNamed = (client: string): boolean => client !== 'unix:';

export function describeCounters(statistics: RelayStatistics): string {
  const { open, accepted, refused, failed } = statistics.sessions;
  return [
    `${accepted} sessions: ${open} open, ${failed} without a target; ${refused} more were refused`,
    `upstream: ${describeDirection(statistics.upstream)}`,
    `downstream: ${describeDirection(statistics.downstream)}`,
    ...Object.entries(statistics.rules).map(([name, count]) => `rule ${name}: ${count} messages`),
    ...Object.entries(statistics.findings).map(
      ([answer, count]) => `found: ${answer}, ${count} times`,
    ),
  ].join('\n');
}

const describeDirection = (direction: DirectionStatistics): string => {
  const { bytesIn, bytesOut, messagesIn, messagesOut } = direction;
  return `${formatBytes(bytesIn)} in ${messagesIn} messages came, ${formatBytes(bytesOut)} in ${messagesOut} went on`;
};
