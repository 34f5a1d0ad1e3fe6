import type { Mutation, RelayFinding } from '../../../src/model/relay.ts';

export const MUTATION: Mutation = {
  at: 'S->P',
  type: 'FLOW_MOD',
  nth: 3,
  edits: [
    { kind: 'set', path: 'table_id', value: 254 },
    { kind: 'set', path: 'cookie', value: '18446744073709551615' },
    { kind: 'repeat', path: 'instructions[0]', times: 2 },
    { kind: 'shuffle', path: 'instructions', how: 'reverse' },
    { kind: 'remove', path: 'instructions[0]' },
  ],
};
export const FINDING: RelayFinding = {
  session: 2,
  message: 7,
  mutation: MUTATION,
  answer: 'ERROR BAD_ACTION 99',
};
