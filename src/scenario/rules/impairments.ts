import type { Context } from '../context.ts';
import { IMPAIRMENTS } from '../resolve/impairment.ts';
import { writtenMembers } from '../resolve/members.ts';
import type { Rule } from './rule.ts';
import type { Network } from '../../model/scenario-file.ts';

/** Impairments are of members, and have an effect. */
export const impairments: Rule = (context) => {
  for (const [name, network] of Object.entries(context.scenario.networks ?? {})) {
    checkSenders(context, name, network);
    checkEffects(context, name, network);
  }
};

function checkSenders(context: Context, name: string, network: Network): void {
  const senders = new Set(writtenMembers([], network).map(({ node }) => node));
  for (const key of IMPAIRMENTS) {
    const written = network[key];
    if (typeof written !== 'object') continue;
    for (const node of Object.keys(written))
      if (!senders.has(node))
        context.report(
          'S072',
          ['networks', name, key, node],
          `"${node}" is no member of the network "${name}"`,
          {
            key: true,
            help: context.suggest(node, senders) ?? `Members: ${[...senders].join(', ')}`,
          },
        );
  }
}

const NEEDS = [
  ['jitter', 'delay'],
  ['reorder', 'delay'],
  ['queue', 'rate'],
] as const;

function checkEffects(context: Context, name: string, network: Network): void {
  const members = writtenMembers(['networks', name], network);
  for (const [key, needed] of NEEDS) {
    if (network[key] !== undefined && network[needed] === undefined) {
      if (members.every(({ own }) => own[needed] === undefined))
        report(context, ['networks', name, key], key, needed);
    }
    for (const { own, path } of members)
      if (own[key] !== undefined && own[needed] === undefined && network[needed] === undefined)
        report(context, [...path, key], key, needed);
  }
}

function report(
  context: Context,
  path: readonly (string | number)[],
  key: string,
  needed: string,
): void {
  context.report('S072', path, `The ${key} has no effect without a ${needed}`, {
    key: true,
    help: `Add "${needed}", or remove "${key}"`,
  });
}
