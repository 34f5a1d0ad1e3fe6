import type { SecureContextOptions } from 'node:tls';
import { createSecureContext } from 'node:tls';
import type { Credentials } from '../../protocol.ts';

/**
 * A certificate for each site, as sites have on the real web: a browser shares one connection between names that the same certificate is for,
 * which would change what a visit looks like. Who names no site, or another, gets `own`, which is the server's.
 */
export function siteCertificates(
  own: Credentials,
  sites: ReadonlyMap<string, Credentials>,
): SecureContextOptions & {
  SNICallback: (
    name: string,
    choose: (error: null, context?: ReturnType<typeof createSecureContext>) => void,
  ) => void;
} {
  const contexts = new Map<string, ReturnType<typeof createSecureContext>>();
  return {
    key: own.key,
    cert: own.certificate,
    SNICallback: (name, choose) => {
      const key = name.toLowerCase();
      const site = sites.get(key);
      const known =
        contexts.get(key) ??
        (site && createSecureContext({ key: site.key, cert: site.certificate }));
      if (known) contexts.set(key, known);
      choose(null, known);
    },
  };
}
