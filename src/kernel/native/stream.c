// Sockets that never wait: streams and datagrams over IPv4, IPv6 and Unix (socket(7), ip(7), ipv6(7), unix(7)). An address is a
// sockaddr as its bytes. What fails gives the errno, negative, and throws nothing: to a relay, a peer that is gone is no fault.
#include "native.h"
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { MOST_ARGUMENTS = 6 };

struct span {
  uint8_t *bytes;
  size_t length;
};

/** Which arguments are numbers and which are bytes: "nb" is a number and then bytes. Wrong ones throw. */
static int take(napi_env env, napi_callback_info info, const char *shape, int32_t *numbers, struct span *spans) {
  napi_value arguments[MOST_ARGUMENTS];
  size_t count = MOST_ARGUMENTS, wanted = strlen(shape);
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  for (size_t index = 0; index < wanted && index < count; index += 1) {
    void *data = NULL;
    napi_status status;
    if (shape[index] == 'n') status = napi_get_value_int32(env, arguments[index], numbers++);
    else {
      status = napi_get_typedarray_info(env, arguments[index], NULL, &spans->length, &data, NULL, NULL);
      (spans++)->bytes = data;
    }
    if (status != napi_ok) count = 0;
  }
  if (count < wanted) napi_throw_type_error(env, NULL, "expected numbers and bytes");
  return count >= wanted;
}

static napi_value outcome(napi_env env, ssize_t value) {
  napi_value result;
  napi_create_int32(env, value < 0 ? -errno : (int32_t)value, &result);
  return result;
}

// socketOpen(family, type): its descriptor.
static napi_value socket_open(napi_env env, napi_callback_info info) {
  int32_t numbers[2];
  if (!take(env, info, "nn", numbers, NULL)) return NULL;
  return outcome(env, socket(numbers[0], numbers[1] | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

// socketBind(fd, address)
static napi_value socket_bind(napi_env env, napi_callback_info info) {
  int32_t fd;
  struct span address;
  if (!take(env, info, "nb", &fd, &address)) return NULL;
  return outcome(env, bind(fd, (struct sockaddr *)address.bytes, (socklen_t)address.length));
}

// socketListen(fd, backlog)
static napi_value socket_listen(napi_env env, napi_callback_info info) {
  int32_t numbers[2];
  if (!take(env, info, "nn", numbers, NULL)) return NULL;
  return outcome(env, listen(numbers[0], numbers[1]));
}

// socketConnect(fd, address): -EINPROGRESS where the outcome comes later.
static napi_value socket_connect(napi_env env, napi_callback_info info) {
  int32_t fd;
  struct span address;
  if (!take(env, info, "nb", &fd, &address)) return NULL;
  return outcome(env, connect(fd, (struct sockaddr *)address.bytes, (socklen_t)address.length));
}

// socketAccept(fd, from): the descriptor of the connection that has waited longest; as much of the peer's address as there is room for is
// then in `from`.
static napi_value socket_accept(napi_env env, napi_callback_info info) {
  int32_t fd;
  struct span from;
  if (!take(env, info, "nb", &fd, &from)) return NULL;
  socklen_t length = (socklen_t)from.length;
  return outcome(env, accept4(fd, (struct sockaddr *)from.bytes, &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
}

// socketName(fd, isPeer, address): how many bytes of `address` its own address takes, or the peer's.
static napi_value socket_name(napi_env env, napi_callback_info info) {
  int32_t numbers[2];
  struct span address;
  if (!take(env, info, "nnb", numbers, &address)) return NULL;
  socklen_t length = (socklen_t)address.length;
  int failed = (numbers[1] ? getpeername : getsockname)(numbers[0], (struct sockaddr *)address.bytes, &length);
  return outcome(env, failed < 0 ? failed : (ssize_t)length);
}

// socketSet(fd, level, option, value: bytes)
static napi_value socket_set(napi_env env, napi_callback_info info) {
  int32_t numbers[3];
  struct span value;
  if (!take(env, info, "nnnb", numbers, &value)) return NULL;
  return outcome(env, setsockopt(numbers[0], numbers[1], numbers[2], value.bytes, (socklen_t)value.length));
}

// socketGet(fd, level, option, value: bytes): how many bytes of `value` it takes.
static napi_value socket_get(napi_env env, napi_callback_info info) {
  int32_t numbers[3];
  struct span value;
  if (!take(env, info, "nnnb", numbers, &value)) return NULL;
  socklen_t length = (socklen_t)value.length;
  int failed = getsockopt(numbers[0], numbers[1], numbers[2], value.bytes, &length);
  return outcome(env, failed < 0 ? failed : (ssize_t)length);
}

// socketRead(fd, bytes): how many came; 0 at the end of a stream.
static napi_value socket_read(napi_env env, napi_callback_info info) {
  int32_t fd;
  struct span room;
  if (!take(env, info, "nb", &fd, &room)) return NULL;
  return outcome(env, recv(fd, room.bytes, room.length, 0));
}

// socketWrite(fd, bytes): how many went.
static napi_value socket_write(napi_env env, napi_callback_info info) {
  int32_t fd;
  struct span bytes;
  if (!take(env, info, "nb", &fd, &bytes)) return NULL;
  return outcome(env, send(fd, bytes.bytes, bytes.length, MSG_NOSIGNAL));
}

// socketShutdown(fd): FIN behind what was written.
static napi_value socket_shutdown(napi_env env, napi_callback_info info) {
  int32_t fd;
  if (!take(env, info, "n", &fd, NULL)) return NULL;
  return outcome(env, shutdown(fd, SHUT_WR));
}

union control {
  struct cmsghdr header;
  uint8_t room[CMSG_SPACE(sizeof(struct sockaddr_in6))];
};
_Static_assert(sizeof(struct sockaddr_in6) >= sizeof(struct in6_pktinfo), "room for either");

// The address that a datagram was sent to: without a port where the socket tells of itself (IP_PKTINFO, IPV6_RECVPKTINFO), with one where it
// tells what a datagram that was diverted had (IP_RECVORIGDSTADDR, IPV6_RECVORIGDSTADDR); all zero where it does not tell.
static void note_destination(struct msghdr *message, struct span to) {
  memset(to.bytes, 0, to.length);
  for (struct cmsghdr *each = CMSG_FIRSTHDR(message); each != NULL; each = CMSG_NXTHDR(message, each)) {
    if (each->cmsg_level == IPPROTO_IP && each->cmsg_type == IP_PKTINFO) {
      struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = ((struct in_pktinfo *)CMSG_DATA(each))->ipi_addr};
      if (to.length >= sizeof address) memcpy(to.bytes, &address, sizeof address);
    } else if (each->cmsg_level == IPPROTO_IPV6 && each->cmsg_type == IPV6_PKTINFO) {
      struct in6_pktinfo *found = (struct in6_pktinfo *)CMSG_DATA(each);
      struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = found->ipi6_addr, .sin6_scope_id = found->ipi6_ifindex};
      if (to.length >= sizeof address) memcpy(to.bytes, &address, sizeof address);
    } else if ((each->cmsg_level == IPPROTO_IP && each->cmsg_type == IP_ORIGDSTADDR) ||
               (each->cmsg_level == IPPROTO_IPV6 && each->cmsg_type == IPV6_ORIGDSTADDR)) {
      size_t length = each->cmsg_len - CMSG_LEN(0);
      if (length <= to.length) memcpy(to.bytes, CMSG_DATA(each), length);
    }
  }
}

// datagramReceive(fd, bytes, from, to): how many bytes came; both addresses are then filled in, with zeros behind them.
static napi_value datagram_receive(napi_env env, napi_callback_info info) {
  int32_t fd;
  struct span spans[3];
  if (!take(env, info, "nbbb", &fd, spans)) return NULL;
  union control control;
  struct iovec part = {.iov_base = spans[0].bytes, .iov_len = spans[0].length};
  struct msghdr message = {.msg_name = spans[1].bytes, .msg_namelen = (socklen_t)spans[1].length, .msg_iov = &part,
                           .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  memset(spans[1].bytes, 0, spans[1].length);
  ssize_t came = recvmsg(fd, &message, 0);
  if (came >= 0) note_destination(&message, spans[2]);
  return outcome(env, came);
}

// Sent from this address of ours (IP_PKTINFO, IPV6_PKTINFO), whatever port the socket has.
static void set_source(struct msghdr *message, union control *control, const struct sockaddr *from) {
  memset(control, 0, sizeof *control);
  message->msg_control = control;
  message->msg_controllen = sizeof *control;
  struct cmsghdr *header = CMSG_FIRSTHDR(message);
  if (from->sa_family == AF_INET) {
    struct in_pktinfo source = {.ipi_spec_dst = ((const struct sockaddr_in *)from)->sin_addr};
    *header = (struct cmsghdr){.cmsg_level = IPPROTO_IP, .cmsg_type = IP_PKTINFO, .cmsg_len = CMSG_LEN(sizeof source)};
    memcpy(CMSG_DATA(header), &source, sizeof source);
    message->msg_controllen = CMSG_SPACE(sizeof source);
  } else if (from->sa_family == AF_INET6) {
    const struct sockaddr_in6 *address = (const struct sockaddr_in6 *)from;
    struct in6_pktinfo source = {.ipi6_addr = address->sin6_addr, .ipi6_ifindex = address->sin6_scope_id};
    *header = (struct cmsghdr){.cmsg_level = IPPROTO_IPV6, .cmsg_type = IPV6_PKTINFO, .cmsg_len = CMSG_LEN(sizeof source)};
    memcpy(CMSG_DATA(header), &source, sizeof source);
    message->msg_controllen = CMSG_SPACE(sizeof source);
  } else {
    message->msg_control = NULL;
    message->msg_controllen = 0;
  }
}

// datagramSend(fd, bytes, to, from): how many bytes went. `from` is all zero where the kernel may choose.
static napi_value datagram_send(napi_env env, napi_callback_info info) {
  int32_t fd;
  struct span spans[3];
  if (!take(env, info, "nbbb", &fd, spans)) return NULL;
  union control control;
  struct iovec part = {.iov_base = spans[0].bytes, .iov_len = spans[0].length};
  struct msghdr message = {.msg_name = spans[1].bytes, .msg_namelen = (socklen_t)spans[1].length, .msg_iov = &part, .msg_iovlen = 1};
  if (spans[2].length < sizeof(struct sockaddr_in6)) {
    errno = EINVAL;
    return outcome(env, -1);
  }
  set_source(&message, &control, (const struct sockaddr *)spans[2].bytes);
  return outcome(env, sendmsg(fd, &message, MSG_NOSIGNAL));
}

void register_stream(napi_env env, napi_value exports) {
  export_function(env, exports, "socketOpen", socket_open);
  export_function(env, exports, "socketBind", socket_bind);
  export_function(env, exports, "socketListen", socket_listen);
  export_function(env, exports, "socketConnect", socket_connect);
  export_function(env, exports, "socketAccept", socket_accept);
  export_function(env, exports, "socketName", socket_name);
  export_function(env, exports, "socketSet", socket_set);
  export_function(env, exports, "socketGet", socket_get);
  export_function(env, exports, "socketRead", socket_read);
  export_function(env, exports, "socketWrite", socket_write);
  export_function(env, exports, "socketShutdown", socket_shutdown);
  export_function(env, exports, "datagramReceive", datagram_receive);
  export_function(env, exports, "datagramSend", datagram_send);
}
