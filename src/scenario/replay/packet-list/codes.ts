/** What a list of packets may be found to be wrong about, by code; each has a page in docs/diagnostics/. */
export const PACKET_LIST_CODES: Readonly<Record<string, string>> = {
  P001: 'No packets',
  P002: 'A packet without a sender',
  P003: 'A value of a packet that cannot be understood',
  P004: 'An unknown key of a packet',
};
