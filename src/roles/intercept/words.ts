// What passes between who keeps the two connections of an intercepted client and server, and who speaks TLS over them. Plain data: it
// crosses between threads.
import type { MitmAction } from '../../model/censor-action.ts';

/** Towards whom a connection is. */
export type Side = 'client' | 'server';

/** A connection that was taken over. */
export interface TakenConnection {
  readonly censor: string;
  readonly rule: string;
  readonly action: MitmAction;
  readonly client: string;
  readonly clientPort: number;
  readonly server: string;
  readonly serverPort: number;
}

/** Said by who keeps the connections. */
export type InterceptionNews =
  | { readonly kind: 'open'; readonly id: number; readonly connection: TakenConnection }
  | {
      readonly kind: 'data';
      readonly id: number;
      readonly side: Side;
      readonly bytes: Uint8Array<ArrayBuffer>;
    }
  /** So many bytes of `send` have reached their side. */
  | { readonly kind: 'sent'; readonly id: number; readonly side: Side; readonly bytes: number }
  /** The side has said all. */
  | { readonly kind: 'end'; readonly id: number; readonly side: Side }
  /** The side is gone. */
  | {
      readonly kind: 'gone';
      readonly id: number;
      readonly side: Side;
      readonly how: 'reset' | 'timeout';
    };

/** Said by who speaks TLS. */
export type InterceptionWish =
  | { readonly kind: 'send'; readonly id: number; readonly side: Side; readonly bytes: Uint8Array }
  /** So many bytes of `data` were used: as many more may come. */
  | { readonly kind: 'used'; readonly id: number; readonly side: Side; readonly bytes: number }
  | { readonly kind: 'end'; readonly id: number; readonly side: Side }
  | { readonly kind: 'reset'; readonly id: number; readonly side: Side };

/** Bytes that may be under way between the two, of one side in one direction. */
export const UNDER_WAY_LIMIT = 262_144;
