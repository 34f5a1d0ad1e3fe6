/** Protocol and next-header numbers (IANA "Assigned Internet Protocol Numbers"). */
export const IP_PROTOCOL = {
  hopByHop: 0,
  icmp: 1,
  tcp: 6,
  udp: 17,
  routing: 43,
  fragment: 44,
  authentication: 51,
  icmpv6: 58,
  noNextHeader: 59,
  destinationOptions: 60,
  mobility: 135,
  hip: 139,
  shim6: 140,
} as const;

const NAMES: Readonly<Record<number, string>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP', 58: 'ICMP6' };

/** `TCP`, `UDP`, `ICMP`, `ICMP6`, or `proto 47`. */
export const formatProtocol = (protocol: number): string => NAMES[protocol] ?? `proto ${protocol}`;
