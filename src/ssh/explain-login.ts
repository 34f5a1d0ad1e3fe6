// What the end of a conversation before it was one means: the protocol's errors and the refusal of a login.
import { Fault } from '../base/fault.ts';
import type { Login } from './authenticate.ts';
import { describeWhere } from './where.ts';
import type { Where } from './where.ts';

/** A fault for an error of ssh2 before `ready`. */
export function explainHandshake(cause: Error, where: Where, login: Login): Fault {
  const subject = describeWhere(where);
  const message = cause.message;
  const missing = /no matching (.+)$/i.exec(message)?.[1];
  if (missing !== undefined)
    return new Fault('machine', `Cannot talk to ${subject}: it shares no ${missing} with runner`, {
      help: `Compare with "ssh -v -p ${where.hop.port} ${where.hop.host}": an old sshd may need newer algorithms in its sshd_config`,
      cause,
    });
  if (login.attempts.length > 0 || login.offered() !== null)
    return refuseLogin(where, login, message);
  if (/identification|version|header|packet length|greeting/i.test(message))
    return new Fault(
      'machine',
      `Cannot talk to ${subject}: what answers there is no SSH 2 server`,
      {
        help: 'Check the port of sshd there ("port:" in the scenario, Port in the ssh configuration)',
        cause,
      },
    );
  return new Fault(
    'machine',
    `${capital(subject)} ended the connection before the login: ${message}`,
    {
      help: 'Its sshd may refuse this address or be overloaded (MaxStartups): look at "journalctl -u ssh" there',
      cause,
    },
  );
}

/** The fault when no way in was taken; `end` is what the server said when it broke off. */
export function refuseLogin(where: Where, login: Login, end: string | null): Fault {
  const offered = login.offered();
  const tried = login.attempts.map(({ what, why }) => `${what}: ${why}`);
  const tail = [
    ...tried,
    ...(offered === null ? [] : [`the server offers: ${offered.join(', ')}`]),
    ...(end === null ? [] : [`it broke off: ${end}`]),
  ];
  const shown = tail.length === 0 ? 'there is no key to try' : tail.join('; ');
  return new Fault('machine', `${capital(describeWhere(where))} refuses the login: ${shown}`, {
    help: helpFor(where, login, end),
  });
}

function helpFor({ hop }: Where, login: Login, end: string | null): string {
  if (end !== null && /too many/i.test(end))
    return 'Name the right key ("identity:" in the scenario, or IdentityFile with IdentitiesOnly in the ssh configuration): the server counts every key that is offered';
  if (login.attempts.some(({ why }) => why.includes('passphrase')))
    return 'Give the key to the agent ("ssh-add FILE"), or run this in a terminal and type its passphrase';
  const target = `${hop.port === 22 ? '' : `-p ${hop.port} `}${hop.user}@${hop.host}`;
  return `Put a public key of yours there ("ssh-copy-id ${target}"), or name the right user and key ("user:", "identity:")`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
