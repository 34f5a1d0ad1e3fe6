import type { Side } from '../../wire/protocol/contract.ts';

export const otherSide = (side: Side): Side => (side === 'client' ? 'server' : 'client');
