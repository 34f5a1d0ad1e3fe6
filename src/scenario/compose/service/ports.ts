// ports and expose: what a service is reached at.
import { childOf } from '../../source/tree.ts';
import type { ServiceContext } from './context.ts';

export interface Ports {
  /** The container's own ports, TCP, published ones first. */
  readonly tcp: readonly number[];
  readonly isPublished: boolean;
}

export function portsOf(context: ServiceContext): Ports {
  const { reader, notes } = context;
  const published = reader.items(context.at('ports')).flatMap((item) => {
    const text =
      item.kind === 'map'
        ? [childOf(item, 'published'), childOf(item, 'target')]
            .map((tree) => reader.text(tree, 'ports'))
            .filter((part) => part !== undefined)
            .join(':') + protocolSuffix(reader.text(childOf(item, 'protocol'), 'protocol'))
        : reader.text(item, 'ports');
    return text === undefined ? [] : [text];
  });
  const exposed = reader.texts(context.at('expose'), 'expose').map(({ text }) => text);
  if (published.length > 0)
    notes.warn(
      'C022',
      context.spanOf('ports'),
      `A lab publishes no ports: "${context.name}" is reached on its networks alone`,
      {
        comment: `published in the compose file: ${published.join(', ')}; here members of its networks reach every port`,
        help: 'Let the traffic start from a host on one of its networks',
      },
    );
  if (exposed.length > 0)
    notes.comment(
      `exposed in the compose file: ${exposed.join(', ')}; here members of its networks reach every port`,
    );
  return {
    tcp: [...published, ...exposed].flatMap(containerPort),
    isPublished: published.length > 0,
  };
}

const protocolSuffix = (protocol: string | undefined): string =>
  protocol === undefined || protocol === 'tcp' ? '' : `/${protocol}`;

/** 80 of `127.0.0.1:8080:80/tcp`, the first of a range. */
function containerPort(text: string): number[] {
  const match = /(?:^|:)(\d{1,5})(?:-\d{1,5})?(?:\/tcp)?$/.exec(text);
  const port = Number(match?.[1]);
  return port > 0 && port < 65_536 ? [port] : [];
}
