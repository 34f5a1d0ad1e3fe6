// NFQUEUE by netlink (linux/netfilter/nfnetlink_queue.h): many packets a receive call, many verdicts a send call; and raw IP
// sockets for packets that the kernel is to route.
#include "native.h"
#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECEIVE_BATCH 64
#define MESSAGE_BYTES 256
#define PACKET_BYTES 0xffff
// Packets that may wait in the kernel for a verdict.
#define QUEUE_LENGTH 16384
#define RECEIVE_BUFFER (32 << 20)

struct queue_message {
  struct nlmsghdr header;
  struct nfgenmsg generic;
  char attributes[MESSAGE_BYTES];
};

static void start_message(struct queue_message *message, uint16_t type, uint16_t flags, uint16_t queue) {
  memset(message, 0, sizeof *message);
  message->header.nlmsg_len = NLMSG_LENGTH(sizeof message->generic);
  message->header.nlmsg_type = (uint16_t)(NFNL_SUBSYS_QUEUE << 8 | type);
  message->header.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
  message->generic.nfgen_family = AF_UNSPEC;
  message->generic.version = NFNETLINK_V0;
  message->generic.res_id = htons(queue);
}

static void add_attribute(struct queue_message *message, uint16_t type, const void *data, uint16_t length) {
  struct nlattr *attribute = (struct nlattr *)((char *)message + NLMSG_ALIGN(message->header.nlmsg_len));
  attribute->nla_type = type;
  attribute->nla_len = (uint16_t)(NLA_HDRLEN + length);
  memcpy((char *)attribute + NLA_HDRLEN, data, length);
  message->header.nlmsg_len = NLMSG_ALIGN(message->header.nlmsg_len) + NLA_ALIGN(attribute->nla_len);
}

static int exchange_config(int fd, struct queue_message *message) {
  char answer[4096];
  if (send(fd, message, message->header.nlmsg_len, 0) < 0) return -1;
  ssize_t got = recv(fd, answer, sizeof answer, 0);
  if (got < 0) return -1;
  struct nlmsghdr *header = (struct nlmsghdr *)answer;
  if (!NLMSG_OK(header, (size_t)got) || header->nlmsg_type != NLMSG_ERROR) {
    errno = EPROTO;
    return -1;
  }
  struct nlmsgerr *error = NLMSG_DATA(header);
  errno = -error->error;
  return error->error == 0 ? 0 : -1;
}

static int configure_queue(int fd, uint16_t queue) {
  struct queue_message message;
  struct nfqnl_msg_config_cmd bind = {.command = NFQNL_CFG_CMD_BIND};
  start_message(&message, NFQNL_MSG_CONFIG, NLM_F_ACK, queue);
  add_attribute(&message, NFQA_CFG_CMD, &bind, sizeof bind);
  if (exchange_config(fd, &message) < 0) return -1;
  struct nfqnl_msg_config_params params = {.copy_range = htonl(PACKET_BYTES), .copy_mode = NFQNL_COPY_PACKET};
  uint32_t length = htonl(QUEUE_LENGTH);
  start_message(&message, NFQNL_MSG_CONFIG, NLM_F_ACK, queue);
  add_attribute(&message, NFQA_CFG_PARAMS, &params, sizeof params);
  add_attribute(&message, NFQA_CFG_QUEUE_MAXLEN, &length, sizeof length);
  return exchange_config(fd, &message);
}

// queueOpen(number): fd. Takes a queue of this thread's network namespace. Without NFQA_CFG_F_GSO packets come segmented and
// with their checksums done, whatever the interfaces offload.
static napi_value queue_open(napi_env env, napi_callback_info info) {
  napi_value argument, result;
  size_t count = 1;
  uint32_t queue;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  napi_get_value_uint32(env, argument, &queue);
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
  if (fd < 0) return throw_errno(env, "socket NETLINK_NETFILTER", errno);
  struct sockaddr_nl address = {.nl_family = AF_NETLINK};
  if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || configure_queue(fd, (uint16_t)queue) < 0) {
    int error = errno;
    close(fd);
    return throw_errno(env, "nfnetlink_queue", error);
  }
  // As much as rmem_max allows without CAP_NET_ADMIN in the first namespace.
  int bytes = RECEIVE_BUFFER;
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) < 0)
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  napi_create_int32(env, fd, &result);
  return result;
}

// Finds id and payload in one message. 0 when it holds no packet.
static int find_packet(const struct nlmsghdr *header, uint32_t *id, const char **payload, uint32_t *length) {
  if (header->nlmsg_type != (NFNL_SUBSYS_QUEUE << 8 | NFQNL_MSG_PACKET)) return 0;
  int has_id = 0;
  *payload = NULL;
  *length = 0;
  const char *at = (const char *)header + NLMSG_LENGTH(sizeof(struct nfgenmsg));
  const char *end = (const char *)header + header->nlmsg_len;
  while (end - at >= (ptrdiff_t)NLA_HDRLEN) {
    const struct nlattr *attribute = (const struct nlattr *)at;
    if (attribute->nla_len < NLA_HDRLEN || attribute->nla_len > end - at) break;
    switch (attribute->nla_type & NLA_TYPE_MASK) {
    case NFQA_PACKET_HDR:
      *id = ntohl(((const struct nfqnl_msg_packet_hdr *)(at + NLA_HDRLEN))->packet_id);
      has_id = 1;
      break;
    case NFQA_PAYLOAD:
      *payload = at + NLA_HDRLEN;
      *length = (uint32_t)(attribute->nla_len - NLA_HDRLEN);
      break;
    default:
      break;
    }
    at += NLA_ALIGN(attribute->nla_len);
  }
  return has_id;
}

// queueReceive(fd, buffer: Uint8Array, packets: Uint32Array, limit): packets got, each three words: id, offset and length in the
// buffer, which is divided evenly among the messages of one call. -1 when the kernel dropped packets for want of room.
static napi_value queue_receive(napi_env env, napi_callback_info info) {
  napi_value arguments[4], result;
  size_t count = 4, bytes, words;
  int32_t fd;
  uint32_t limit;
  void *buffer, *packets;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  napi_get_value_int32(env, arguments[0], &fd);
  napi_get_typedarray_info(env, arguments[1], NULL, &bytes, &buffer, NULL, NULL);
  napi_get_typedarray_info(env, arguments[2], NULL, &words, &packets, NULL, NULL);
  napi_get_value_uint32(env, arguments[3], &limit);
  if (limit > RECEIVE_BATCH) limit = RECEIVE_BATCH;
  if (limit == 0 || words < (size_t)limit * 3) return throw_errno(env, "queueReceive", EINVAL);
  size_t room = bytes / limit & ~(size_t)15;
  struct mmsghdr messages[RECEIVE_BATCH];
  struct iovec vectors[RECEIVE_BATCH];
  for (uint32_t index = 0; index < limit; index += 1) {
    vectors[index] = (struct iovec){.iov_base = (char *)buffer + index * room, .iov_len = room};
    messages[index] = (struct mmsghdr){.msg_hdr = {.msg_iov = &vectors[index], .msg_iovlen = 1}};
  }
  int32_t found = 0;
  int got = recvmmsg(fd, messages, limit, MSG_DONTWAIT, NULL);
  if (got < 0 && errno == ENOBUFS) found = -1;
  else if (got < 0 && errno != EAGAIN && errno != EINTR) return throw_errno(env, "recvmmsg", errno);
  for (int index = 0; index < got; index += 1) {
    const struct nlmsghdr *header = vectors[index].iov_base;
    const char *payload;
    uint32_t id, length;
    if (!NLMSG_OK(header, messages[index].msg_len) || !find_packet(header, &id, &payload, &length)) continue;
    uint32_t *packet = (uint32_t *)packets + found * 3;
    packet[0] = id;
    packet[1] = payload ? (uint32_t)(payload - (const char *)buffer) : 0;
    packet[2] = length;
    found += 1;
  }
  napi_create_int32(env, found, &result);
  return result;
}

struct verdict_message {
  struct nlmsghdr header;
  struct nfgenmsg generic;
  struct nlattr attribute;
  struct nfqnl_msg_verdict_hdr verdict;
};

// queueVerdicts(fd, number, packets: Uint32Array, count, accepted: Uint8Array): gives each packet of the last receive its
// verdict, one message for each run of equal ones (NFQNL_MSG_VERDICT_BATCH counts for all ids up to its own).
static napi_value queue_verdicts(napi_env env, napi_callback_info info) {
  napi_value arguments[5];
  size_t count = 5, words, flags;
  int32_t fd;
  uint32_t queue, total;
  void *packets, *accepted;
  static _Thread_local struct verdict_message messages[RECEIVE_BATCH];
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  napi_get_value_int32(env, arguments[0], &fd);
  napi_get_value_uint32(env, arguments[1], &queue);
  napi_get_typedarray_info(env, arguments[2], NULL, &words, &packets, NULL, NULL);
  napi_get_value_uint32(env, arguments[3], &total);
  napi_get_typedarray_info(env, arguments[4], NULL, &flags, &accepted, NULL, NULL);
  if (total > RECEIVE_BATCH || words < (size_t)total * 3 || flags < total)
    return throw_errno(env, "queueVerdicts", EINVAL);
  const uint32_t *packet = packets;
  const uint8_t *accept = accepted;
  unsigned used = 0;
  for (uint32_t index = 0; index < total; index += 1) {
    if (index + 1 < total && accept[index + 1] == accept[index]) continue;
    struct verdict_message *message = &messages[used++];
    *message = (struct verdict_message){
        .header = {.nlmsg_len = sizeof *message,
                   .nlmsg_type = NFNL_SUBSYS_QUEUE << 8 | NFQNL_MSG_VERDICT_BATCH,
                   .nlmsg_flags = NLM_F_REQUEST},
        .generic = {.nfgen_family = AF_UNSPEC, .version = NFNETLINK_V0, .res_id = htons((uint16_t)queue)},
        .attribute = {.nla_len = NLA_HDRLEN + sizeof message->verdict, .nla_type = NFQA_VERDICT_HDR},
        .verdict = {.verdict = htonl(accept[index] ? NF_ACCEPT : NF_DROP), .id = htonl(packet[index * 3])}};
  }
  if (used > 0 && send(fd, messages, used * sizeof *messages, 0) < 0) return throw_errno(env, "send", errno);
  return NULL;
}

static int raw_socket(int family, uint32_t mark) {
  // IPPROTO_RAW: the caller gives the IP header (raw(7); the same for AF_INET6 since Linux 4.5).
  int fd = socket(family, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_RAW);
  if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof mark) < 0) {
    int error = errno;
    close(fd);
    errno = error;
    return -1;
  }
  return fd;
}

// rawOpen(mark): [IPv4 socket, IPv6 socket] of this thread's network namespace, whose packets carry the mark.
static napi_value raw_open(napi_env env, napi_callback_info info) {
  napi_value argument, result, number;
  size_t count = 1;
  uint32_t mark;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  napi_get_value_uint32(env, argument, &mark);
  int v4 = raw_socket(AF_INET, mark);
  if (v4 < 0) return throw_errno(env, "socket SOCK_RAW", errno);
  int v6 = raw_socket(AF_INET6, mark);
  if (v6 < 0) {
    int error = errno;
    close(v4);
    return throw_errno(env, "socket SOCK_RAW", error);
  }
  napi_create_array_with_length(env, 2, &result);
  napi_create_int32(env, v4, &number);
  napi_set_element(env, result, 0, number);
  napi_create_int32(env, v6, &number);
  napi_set_element(env, result, 1, number);
  return result;
}

// rawSend(fd, arena, offset, length): whether the kernel took the IP packet that lies there.
static napi_value raw_send(napi_env env, napi_callback_info info) {
  napi_value arguments[4], result;
  size_t count = 4, bytes;
  int32_t fd;
  void *arena;
  double offset;
  uint32_t length;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  napi_get_value_int32(env, arguments[0], &fd);
  napi_get_arraybuffer_info(env, arguments[1], &arena, &bytes);
  napi_get_value_double(env, arguments[2], &offset);
  napi_get_value_uint32(env, arguments[3], &length);
  if (offset < 0 || (size_t)offset + length > bytes || length < sizeof(struct iphdr))
    return throw_errno(env, "rawSend", EINVAL);
  const char *packet = (const char *)arena + (size_t)offset;
  ssize_t sent = -1;
  if (((uint8_t)packet[0] >> 4) == 4) {
    struct sockaddr_in to = {.sin_family = AF_INET};
    memcpy(&to.sin_addr, packet + offsetof(struct iphdr, daddr), sizeof to.sin_addr);
    sent = sendto(fd, packet, length, 0, (struct sockaddr *)&to, sizeof to);
  } else if (length >= sizeof(struct ip6_hdr)) {
    struct sockaddr_in6 to = {.sin6_family = AF_INET6};
    memcpy(&to.sin6_addr, packet + offsetof(struct ip6_hdr, ip6_dst), sizeof to.sin6_addr);
    sent = sendto(fd, packet, length, 0, (struct sockaddr *)&to, sizeof to);
  }
  napi_get_boolean(env, sent == (ssize_t)length, &result);
  return result;
}

void register_nfqueue(napi_env env, napi_value exports) {
  export_function(env, exports, "queueOpen", queue_open);
  export_function(env, exports, "queueReceive", queue_receive);
  export_function(env, exports, "queueVerdicts", queue_verdicts);
  export_function(env, exports, "rawOpen", raw_open);
  export_function(env, exports, "rawSend", raw_send);
}
