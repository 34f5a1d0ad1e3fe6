// Netlink sockets (netlink(7)), one request buffer at a time.
#include "native.h"
#include <linux/netlink.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/** A reply that does not come within this time is a fault, never a hang. */
enum { REPLY_SECONDS = 20, RECEIVE_BYTES = 256 * 1024, REPLIES_MAX = 256 * 1024 * 1024 };

// netlinkOpen(protocol): a socket in the network namespace that this thread is in.
static napi_value netlink_open(napi_env env, napi_callback_info info) {
  napi_value argument, number;
  size_t count = 1;
  int32_t protocol;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  if (count < 1 || napi_get_value_int32(env, argument, &protocol) != napi_ok) {
    napi_throw_type_error(env, NULL, "netlinkOpen: expected a protocol number");
    return NULL;
  }
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
  if (fd < 0) return throw_errno(env, "socket AF_NETLINK", errno);
  int on = 1, bytes = 4 * 1024 * 1024;
  struct timeval limit = {.tv_sec = REPLY_SECONDS};
  // Best effort: an old kernel without them gives plainer errors, nothing else.
  setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof on);
  setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on);
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
  if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) < 0) {
    int reason = errno;
    close(fd);
    return throw_errno(env, "setsockopt SO_RCVTIMEO", reason);
  }
  napi_create_int32(env, fd, &number);
  return number;
}

/** Whether `bytes` end with what closes the exchange: an acknowledgement, an error or the end of a dump for `sequence`. */
static int is_closed(const uint8_t *bytes, size_t length, uint32_t sequence) {
  for (size_t at = 0; at + sizeof(struct nlmsghdr) <= length;) {
    struct nlmsghdr header;
    memcpy(&header, bytes + at, sizeof header);
    if (header.nlmsg_len < sizeof header) return 1;
    if (header.nlmsg_seq == sequence && (header.nlmsg_type == NLMSG_ERROR || header.nlmsg_type == NLMSG_DONE)) return 1;
    at += NLMSG_ALIGN(header.nlmsg_len);
  }
  return 0;
}

/** The sequence number of the last message, or -1 when the buffer is not a row of whole messages. */
static int64_t last_sequence(const uint8_t *bytes, size_t length) {
  int64_t sequence = -1;
  for (size_t at = 0; at < length;) {
    struct nlmsghdr header;
    if (length - at < sizeof header) return -1;
    memcpy(&header, bytes + at, sizeof header);
    if (header.nlmsg_len < sizeof header || header.nlmsg_len > length - at) return -1;
    sequence = header.nlmsg_seq;
    at += NLMSG_ALIGN(header.nlmsg_len);
  }
  return sequence;
}

// netlinkExchange(fd, messages): sends a row of messages at once and gives back every reply, as one Buffer, once the last
// of them (which must ask for an acknowledgement or a dump) is answered.
static napi_value netlink_exchange(napi_env env, napi_callback_info info) {
  napi_value arguments[2], result;
  size_t count = 2, length = 0;
  int32_t fd;
  void *request;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  if (count < 2 || napi_get_value_int32(env, arguments[0], &fd) != napi_ok ||
      napi_get_buffer_info(env, arguments[1], &request, &length) != napi_ok) {
    napi_throw_type_error(env, NULL, "netlinkExchange: expected a socket and a Buffer");
    return NULL;
  }
  int64_t sequence = last_sequence(request, length);
  if (sequence < 0) {
    napi_throw_type_error(env, NULL, "netlinkExchange: the Buffer is not a row of whole netlink messages");
    return NULL;
  }
  struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
  ssize_t sent;
  do sent = sendto(fd, request, length, 0, (struct sockaddr *)&kernel, sizeof kernel);
  while (sent < 0 && errno == EINTR);
  if (sent < 0) return throw_errno(env, "sendto AF_NETLINK", errno);

  size_t room = RECEIVE_BYTES, filled = 0;
  uint8_t *replies = malloc(room);
  int reason = replies ? 0 : ENOMEM;
  for (int closed = 0; !closed && !reason;) {
    if (room - filled < RECEIVE_BYTES / 2) {
      uint8_t *larger = room < REPLIES_MAX ? realloc(replies, room * 2) : NULL;
      if (!larger) {
        reason = ENOMEM;
        break;
      }
      replies = larger;
      room *= 2;
    }
    ssize_t received = recv(fd, replies + filled, room - filled, 0);
    if (received < 0) {
      if (errno == EINTR) continue;
      reason = errno == EAGAIN ? ETIMEDOUT : errno;
      break;
    }
    closed = is_closed(replies + filled, (size_t)received, (uint32_t)sequence);
    filled += NLMSG_ALIGN((size_t)received);
  }
  if (reason) {
    free(replies);
    return throw_errno(env, "recv AF_NETLINK", reason);
  }
  napi_create_buffer_copy(env, filled, replies, NULL, &result);
  free(replies);
  return result;
}

void register_netlink(napi_env env, napi_value exports) {
  export_function(env, exports, "netlinkOpen", netlink_open);
  export_function(env, exports, "netlinkExchange", netlink_exchange);
}
