import type { ServeSpec } from './traffic.ts';

export interface ServicePort {
  readonly transport: 'tcp' | 'udp';
  readonly port: number;
}

/** Every port that a service listens on, its main one first. */
export function servicePorts(serve: ServeSpec): readonly ServicePort[] {
  const { port } = serve;
  switch (serve.kind) {
    case 'http':
    case 'tls':
    case 'tcp-echo':
      return [{ transport: 'tcp', port }];
    case 'udp-echo':
    case 'quic':
      return [{ transport: 'udp', port }];
    case 'web':
      return [serve.ports.http, serve.ports.https].flatMap((one): ServicePort[] =>
        one === null ? [] : [{ transport: 'tcp', port: one }],
      );
    case 'dns': {
      const { dot = null, doh = null } = serve.secure ?? {};
      return [
        { transport: 'udp', port },
        { transport: 'tcp', port },
        ...[dot, doh].flatMap((more): ServicePort[] =>
          more === null ? [] : [{ transport: 'tcp', port: more }],
        ),
      ];
    }
  }
}
