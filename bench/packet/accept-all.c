// The peer of the live packet path: a plain C program on NFQUEUE that looks at nothing and accepts every packet, one receive and one
// verdict each, as programs on that queue are written. accept-all QUEUE; says "ready" when the queue is its own.
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define COPY_RANGE 0xffff
#define QUEUE_LENGTH 16384
#define RECEIVE_BUFFER (32 << 20)
#define MESSAGE_ROOM (COPY_RANGE + 4096)

struct message {
  struct nlmsghdr header;
  struct nfgenmsg generic;
  char attributes[64];
};

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void start(struct message *message, uint16_t type, uint16_t flags, uint16_t queue) {
  memset(message, 0, sizeof *message);
  message->header.nlmsg_len = NLMSG_LENGTH(sizeof message->generic);
  message->header.nlmsg_type = (uint16_t)(NFNL_SUBSYS_QUEUE << 8 | type);
  message->header.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
  message->generic.nfgen_family = AF_UNSPEC;
  message->generic.version = NFNETLINK_V0;
  message->generic.res_id = htons(queue);
}

static void add(struct message *message, uint16_t type, const void *data, uint16_t length) {
  struct nlattr *attribute = (struct nlattr *)((char *)message + NLMSG_ALIGN(message->header.nlmsg_len));
  attribute->nla_type = type;
  attribute->nla_len = (uint16_t)(NLA_HDRLEN + length);
  memcpy((char *)attribute + NLA_HDRLEN, data, length);
  message->header.nlmsg_len = NLMSG_ALIGN(message->header.nlmsg_len) + NLA_ALIGN(attribute->nla_len);
}

static void configure(int fd, const struct message *message) {
  struct {
    struct nlmsghdr header;
    struct nlmsgerr error;
    char rest[256];
  } answer;
  if (send(fd, message, message->header.nlmsg_len, 0) < 0) fail("send");
  if (recv(fd, &answer, sizeof answer, 0) < 0) fail("recv");
  errno = -answer.error.error;
  if (answer.header.nlmsg_type != NLMSG_ERROR || errno != 0) fail("nfnetlink_queue");
}

static int open_queue(uint16_t queue) {
  int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER), on = 1, room = RECEIVE_BUFFER;
  struct sockaddr_nl address = {.nl_family = AF_NETLINK};
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0) fail("socket");
  struct message message;
  struct nfqnl_msg_config_cmd command = {.command = NFQNL_CFG_CMD_BIND};
  start(&message, NFQNL_MSG_CONFIG, NLM_F_ACK, queue);
  add(&message, NFQA_CFG_CMD, &command, sizeof command);
  configure(fd, &message);
  struct nfqnl_msg_config_params params = {.copy_range = htonl(COPY_RANGE), .copy_mode = NFQNL_COPY_PACKET};
  uint32_t length = htonl(QUEUE_LENGTH);
  start(&message, NFQNL_MSG_CONFIG, NLM_F_ACK, queue);
  add(&message, NFQA_CFG_PARAMS, &params, sizeof params);
  add(&message, NFQA_CFG_QUEUE_MAXLEN, &length, sizeof length);
  configure(fd, &message);
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) < 0)
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  // What the queue could not take is lost, and no reason to end.
  setsockopt(fd, SOL_NETLINK, NETLINK_NO_ENOBUFS, &on, sizeof on);
  return fd;
}

// The packet's id as the kernel has it, in the network's order; 0 where the message holds none.
static uint32_t packet_id(const struct nlmsghdr *header) {
  const char *at = (const char *)header + NLMSG_LENGTH(sizeof(struct nfgenmsg));
  const char *end = (const char *)header + header->nlmsg_len;
  while (end - at >= (ptrdiff_t)NLA_HDRLEN) {
    const struct nlattr *attribute = (const struct nlattr *)at;
    if (attribute->nla_len < NLA_HDRLEN || attribute->nla_len > end - at) break;
    if ((attribute->nla_type & NLA_TYPE_MASK) == NFQA_PACKET_HDR)
      return ((const struct nfqnl_msg_packet_hdr *)(at + NLA_HDRLEN))->packet_id;
    at += NLA_ALIGN(attribute->nla_len);
  }
  return 0;
}

int main(int argc, char **argv) {
  uint16_t queue = (uint16_t)(argc > 1 ? atoi(argv[1]) : 0);
  int fd = open_queue(queue);
  static char buffer[MESSAGE_ROOM] __attribute__((aligned(NLMSG_ALIGNTO)));
  puts("ready");
  fflush(stdout);
  for (;;) {
    ssize_t got = recv(fd, buffer, sizeof buffer, 0);
    if (got < 0) fail("recv");
    const struct nlmsghdr *header = (const struct nlmsghdr *)buffer;
    if (!NLMSG_OK(header, (size_t)got) || header->nlmsg_type != (NFNL_SUBSYS_QUEUE << 8 | NFQNL_MSG_PACKET)) continue;
    struct message message;
    struct nfqnl_msg_verdict_hdr verdict = {.verdict = htonl(NF_ACCEPT), .id = packet_id(header)};
    start(&message, NFQNL_MSG_VERDICT, 0, queue);
    add(&message, NFQA_VERDICT_HDR, &verdict, sizeof verdict);
    if (send(fd, &message, message.header.nlmsg_len, 0) < 0) fail("send");
  }
}
