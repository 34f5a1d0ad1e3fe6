#pragma once
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

/* A TCP segment as it lies in an IP packet. */
struct segment {
  int family; /* AF_INET or AF_INET6 */
  uint8_t source[16], target[16]; /* 4 bytes of each with AF_INET */
  uint16_t source_port, target_port;
  uint32_t sequence, acknowledgement;
  const uint8_t *payload;
  size_t payload_length;
};

/* 0 when the packet is no TCP segment, is a later fragment, or is cut off. IPv6 extension headers are not followed. */
int read_segment(const uint8_t *packet, size_t length, struct segment *into);

/* Sends an RST to either end in the name of the other; 0 and errno when that fails. Needs CAP_NET_RAW. */
int reset_both(const struct segment *seen);
