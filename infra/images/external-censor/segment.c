#include "segment.h"
#include <arpa/inet.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int read_segment(const uint8_t *packet, size_t length, struct segment *into) {
  size_t header, whole;
  if (length < sizeof(struct iphdr)) return 0;
  int version = packet[0] >> 4;
  if (version == 4) {
    const struct iphdr *ip = (const void *)packet;
    header = ip->ihl * 4u;
    whole = ntohs(ip->tot_len);
    if (ip->protocol != IPPROTO_TCP || (ntohs(ip->frag_off) & IP_OFFMASK) != 0) return 0;
    into->family = AF_INET;
    memcpy(into->source, &ip->saddr, 4);
    memcpy(into->target, &ip->daddr, 4);
  } else if (version == 6 && length >= sizeof(struct ip6_hdr)) {
    const struct ip6_hdr *ip = (const void *)packet;
    header = sizeof *ip;
    whole = header + ntohs(ip->ip6_plen);
    if (ip->ip6_nxt != IPPROTO_TCP) return 0;
    into->family = AF_INET6;
    memcpy(into->source, &ip->ip6_src, 16);
    memcpy(into->target, &ip->ip6_dst, 16);
  } else {
    return 0;
  }
  if (whole > length || header + sizeof(struct tcphdr) > whole) return 0;
  const struct tcphdr *tcp = (const void *)(packet + header);
  size_t data = header + tcp->doff * 4u;
  if (tcp->doff < 5 || data > whole) return 0;
  into->source_port = ntohs(tcp->source);
  into->target_port = ntohs(tcp->dest);
  into->sequence = ntohl(tcp->seq);
  into->acknowledgement = ntohl(tcp->ack_seq);
  into->payload = packet + data;
  into->payload_length = whole - data;
  return 1;
}

/* The Internet checksum's sum of some bytes, not yet folded (RFC 1071). An odd last byte counts as followed by a zero. */
static uint32_t sum(const void *bytes, size_t length) {
  const uint8_t *at = bytes;
  uint32_t total = 0;
  for (size_t i = 0; i + 1 < length; i += 2) total += (uint32_t)at[i] << 8 | at[i + 1];
  return length % 2 ? total + ((uint32_t)at[length - 1] << 8) : total;
}

static uint16_t fold(uint32_t total) {
  while (total >> 16) total = (total & 0xffff) + (total >> 16);
  return htons((uint16_t)~total);
}

/* Sends one RST from `source` to `target`. */
static int send_reset(int family, const uint8_t *source, uint16_t source_port, const uint8_t *target,
                      uint16_t target_port, uint32_t sequence) {
  uint8_t packet[sizeof(struct ip6_hdr) + sizeof(struct tcphdr)] = {0};
  size_t header = family == AF_INET ? sizeof(struct iphdr) : sizeof(struct ip6_hdr);
  size_t address = family == AF_INET ? 4 : 16;
  struct tcphdr *tcp = (void *)(packet + header);
  tcp->source = htons(source_port);
  tcp->dest = htons(target_port);
  tcp->seq = htonl(sequence);
  tcp->doff = 5;
  tcp->rst = 1;
  tcp->check = fold(sum(source, address) + sum(target, address) + IPPROTO_TCP + sizeof *tcp + sum(tcp, sizeof *tcp));

  struct sockaddr_storage to = {.ss_family = (sa_family_t)family};
  socklen_t to_length;
  if (family == AF_INET) {
    struct iphdr *ip = (void *)packet; /* The kernel fills in length, identification and checksum: raw(7). */
    ip->version = 4;
    ip->ihl = 5;
    ip->ttl = 64;
    ip->protocol = IPPROTO_TCP;
    memcpy(&ip->saddr, source, 4);
    memcpy(&ip->daddr, target, 4);
    memcpy(&((struct sockaddr_in *)&to)->sin_addr, target, 4);
    to_length = sizeof(struct sockaddr_in);
  } else {
    struct ip6_hdr *ip = (void *)packet;
    ip->ip6_vfc = 6 << 4;
    ip->ip6_plen = htons(sizeof *tcp);
    ip->ip6_nxt = IPPROTO_TCP;
    ip->ip6_hlim = 64;
    memcpy(&ip->ip6_src, source, 16);
    memcpy(&ip->ip6_dst, target, 16);
    memcpy(&((struct sockaddr_in6 *)&to)->sin6_addr, target, 16);
    to_length = sizeof(struct sockaddr_in6);
  }
  int raw = socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
  if (raw < 0) return 0;
  ssize_t sent = sendto(raw, packet, header + sizeof *tcp, 0, (struct sockaddr *)&to, to_length);
  close(raw);
  return sent >= 0;
}

int reset_both(const struct segment *seen) {
  /* The sender expects what it last acknowledged; the receiver what this segment, which it never gets, begins with. */
  return send_reset(seen->family, seen->target, seen->target_port, seen->source, seen->source_port,
                    seen->acknowledgement) &&
         send_reset(seen->family, seen->source, seen->source_port, seen->target, seen->target_port, seen->sequence);
}
