// The certificates that clients of intercepted connections are shown.
import type { MitmAction } from '../../../model/censor-action.ts';
import type { AuthorityKey } from '../../../model/rpc.ts';
import { type Authority, createAuthority } from '../../endpoint/authority.ts';
import type { Credentials } from '../../endpoint/protocol.ts';

/** Names whose certificates are kept. */
const LIMIT = 1024;

export class Forger {
  readonly #lab: AuthorityKey | undefined;
  readonly #authorities = new Map<MitmAction['authority'], Authority>();
  readonly #issued = new Map<string, Credentials>();

  /** `lab`: the key of the authority that the lab's clients trust. */
  constructor(lab: AuthorityKey | undefined) {
    this.#lab = lab;
  }

  /** To speak as the server of that name, by the word of `authority`. */
  credentialsFor(name: string, authority: MitmAction['authority']): Credentials {
    const id = `${authority} ${name}`;
    const known = this.#issued.get(id);
    if (known) return known;
    const credentials = this.#authority(authority).issue(name, [name]);
    if (this.#issued.size >= LIMIT) this.#issued.clear();
    this.#issued.set(id, credentials);
    return credentials;
  }

  #authority(kind: MitmAction['authority']): Authority {
    const known = this.#authorities.get(kind);
    if (known) return known;
    const authority =
      kind === 'lab'
        ? createAuthority(this.#lab)
        : createAuthority(undefined, 'Interception authority');
    this.#authorities.set(kind, authority);
    return authority;
  }
}
