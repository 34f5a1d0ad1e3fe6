import type { RelayEvent } from '../model/relay-record.ts';

/** `mitm, session 1: FLOW_MOD no. 3 at C->P, rule flip-output: set priority 5 -> 7`. */
export function describeRelayEvent(event: RelayEvent & { readonly relay: string }): string {
  if (event.what === 'faults') {
    const names = event.faults.map(({ name }) => name).join(', ');
    return `${event.relay}: ${names === '' ? 'no fault holds' : `faults ${names}`}`;
  }
  return `${event.relay}, session ${event.session}: ${whatOf(event)}`;
}

function whatOf(event: Exclude<RelayEvent, { what: 'faults' }>): string {
  switch (event.what) {
    case 'opened':
      return `${event.client} → ${event.target}`;
    case 'closed':
      return event.reason;
    case 'finding': {
      const { mutation, message, answer } = event;
      return `${mutation.type} no. ${message}, mutated at ${mutation.at}: ${answer}`;
    }
    case 'edit': {
      const { type, message, at, rule, operation, field } = event;
      const change =
        field === undefined ? '' : ` ${field} ${event.old ?? ''} -> ${event.new ?? ''}`;
      return `${type} no. ${message} at ${at}, rule ${rule}: ${operation}${change}`;
    }
  }
}
