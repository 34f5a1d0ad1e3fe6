/* A censor that reads NFQUEUE. It drops each TCP segment that names a forbidden site or holds forbidden bytes, and with
 * ACTION=reset resets both ends as well. It keeps no state: every segment is judged by itself.
 *   FORBIDDEN_SNI    names, separated by commas; "*.a.example" stands for all below a.example
 *   FORBIDDEN_BYTES  text that no payload may hold
 *   ACTION           drop (default) or reset
 *   QUEUE            the queue's number, 0 unless given
 *   READY_FILE       made when the queue is read, /run/censor.ready unless given: for a healthcheck
 * One line a censored segment goes to standard output. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <libnetfilter_queue/libnetfilter_queue.h>
#include <linux/netfilter.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include "client-hello.h"
#include "segment.h"

static struct {
  const char *names, *bytes;
  int resets;
} rules;

static void die(const char *what) {
  fprintf(stderr, "censor: %s: %s\n", what, strerror(errno));
  exit(1);
}

static const char *setting(const char *name, const char *fallback) {
  const char *value = getenv(name);
  return value != NULL && *value != '\0' ? value : fallback;
}

/* Whether one pattern of the list, `length` bytes long, stands for the name. */
static int stands_for(const char *pattern, size_t length, const char *name, size_t name_length) {
  if (length > 2 && pattern[0] == '*' && pattern[1] == '.') {
    size_t below = length - 1; /* the dot included */
    return name_length > below && strncasecmp(name + name_length - below, pattern + 1, below) == 0;
  }
  return length > 0 && length == name_length && strncasecmp(name, pattern, length) == 0;
}

static int is_forbidden_name(const char *name, size_t length) {
  for (const char *at = rules.names;; at++) {
    size_t pattern = strcspn(at, ",");
    if (stands_for(at, pattern, name, length)) return 1;
    at += pattern;
    if (*at == '\0') return 0;
  }
}

/* Why the segment is forbidden, for people; NULL when it is not. */
static const char *judge(const struct segment *segment) {
  static char why[300];
  size_t length;
  const uint8_t *name = find_server_name(segment->payload, segment->payload_length, &length);
  if (name != NULL && is_forbidden_name((const char *)name, length)) {
    snprintf(why, sizeof why, "sni %.*s", (int)(length < 255 ? length : 255), (const char *)name);
    return why;
  }
  if (*rules.bytes != '\0' && memmem(segment->payload, segment->payload_length, rules.bytes, strlen(rules.bytes)))
    return "forbidden bytes";
  return NULL;
}

static void tell(const struct segment *segment, const char *why) {
  char source[INET6_ADDRSTRLEN], target[INET6_ADDRSTRLEN];
  inet_ntop(segment->family, segment->source, source, sizeof source);
  inet_ntop(segment->family, segment->target, target, sizeof target);
  printf("%s %s %u > %s %u: %s\n", rules.resets ? "reset" : "drop", source, segment->source_port, target,
         segment->target_port, why);
}

static int on_packet(struct nfq_q_handle *queue, struct nfgenmsg *message, struct nfq_data *data, void *context) {
  (void)message;
  (void)context;
  struct nfqnl_msg_packet_hdr *header = nfq_get_msg_packet_hdr(data);
  if (header == NULL) return 0;
  uint32_t id = ntohl(header->packet_id);
  unsigned char *packet;
  int length = nfq_get_payload(data, &packet);
  struct segment segment;
  const char *why = NULL;
  if (length > 0 && read_segment(packet, (size_t)length, &segment)) why = judge(&segment);
  if (why == NULL) return nfq_set_verdict(queue, id, NF_ACCEPT, 0, NULL);
  tell(&segment, why);
  if (rules.resets && !reset_both(&segment)) fprintf(stderr, "censor: cannot send a reset: %s\n", strerror(errno));
  return nfq_set_verdict(queue, id, NF_DROP, 0, NULL);
}

static void end(int signal) {
  (void)signal;
  _exit(0);
}

static void listen_to(uint16_t number) {
  static char buffer[0x10000 + 4096] __attribute__((aligned));
  struct nfq_handle *handle = nfq_open();
  if (handle == NULL) die("nfq_open");
  struct nfq_q_handle *queue = nfq_create_queue(handle, number, on_packet, NULL);
  if (queue == NULL) die("nfq_create_queue (is NET_ADMIN given, and the queue free?)");
  if (nfq_set_mode(queue, NFQNL_COPY_PACKET, 0xffff) < 0) die("nfq_set_mode");

  const char *ready = setting("READY_FILE", "/run/censor.ready");
  int file = open(ready, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
  if (file < 0) die(ready);
  close(file);
  printf("censor: reading queue %u, %s\n", number, rules.resets ? "resetting" : "dropping");

  for (;;) {
    ssize_t length = recv(nfq_fd(handle), buffer, sizeof buffer, 0);
    /* ENOBUFS: the queue overran and the kernel dropped packets; what comes next can be read again. */
    if (length < 0 && errno != ENOBUFS && errno != EINTR) die("recv");
    if (length > 0) nfq_handle_packet(handle, buffer, (int)length);
  }
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  /* Process 1 ends by no signal that it does not handle. */
  signal(SIGTERM, end);
  signal(SIGINT, end);
  rules.names = setting("FORBIDDEN_SNI", "");
  rules.bytes = setting("FORBIDDEN_BYTES", "");
  const char *action = setting("ACTION", "drop");
  rules.resets = strcmp(action, "reset") == 0;
  char *rest;
  unsigned long number = strtoul(setting("QUEUE", "0"), &rest, 10);
  if ((!rules.resets && strcmp(action, "drop") != 0) || *rest != '\0' || number > 0xffff) {
    fprintf(stderr, "censor: expected ACTION drop or reset and QUEUE 0..65535, found ACTION \"%s\", QUEUE \"%s\"\n",
            action, setting("QUEUE", "0"));
    return 2;
  }
  listen_to((uint16_t)number);
}
