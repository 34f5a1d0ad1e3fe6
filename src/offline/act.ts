import type { CensorEvent } from '../model/middlebox.ts';

/** What a rule did with a packet, or because of it. */
export type Act = Pick<CensorEvent, 'rule' | 'action' | 'detail'>;

export interface FlowAct extends Act {
  /** The packet that it was done for first. */
  readonly frame: number;
}
