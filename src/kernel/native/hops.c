// Sockets whose packets do not go all the way: raw ICMP (raw(7), icmp(7)), and the TTL or hop limit of TCP sockets (ip(7), ipv6(7)).
#include "native.h"
#include <netinet/in.h>
#include <netinet/ip.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int set_hop_limit(int fd, int family, int limit) {
  return family == AF_INET ? setsockopt(fd, IPPROTO_IP, IP_TTL, &limit, sizeof limit)
                           : setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &limit, sizeof limit);
}

static int to_family(int32_t version) {
  return version == 4 ? AF_INET : AF_INET6;
}

static int get_integers(napi_env env, napi_value *arguments, size_t count, int32_t *numbers) {
  for (size_t index = 0; index < count; index += 1)
    if (napi_get_value_int32(env, arguments[index], &numbers[index]) != napi_ok) return 0;
  return 1;
}

static int get_bytes(napi_env env, napi_value argument, void **data, size_t *length) {
  napi_typedarray_type type;
  return napi_get_typedarray_info(env, argument, &type, length, data, NULL, NULL) == napi_ok;
}

static napi_value to_number(napi_env env, int32_t value) {
  napi_value number;
  napi_create_int32(env, value, &number);
  return number;
}

/** The descriptor as a number, with the hop limit set, or the error of what failed. */
static napi_value opened(napi_env env, int fd, int family, int limit, const char *what) {
  if (fd < 0) return throw_errno(env, what, errno);
  if (limit > 0 && set_hop_limit(fd, family, limit) < 0) {
    int reason = errno;
    close(fd);
    return throw_errno(env, "setsockopt IP_TTL", reason);
  }
  return to_number(env, fd);
}

// icmpOpen(version): a socket that hears every ICMP message to this node.
static napi_value icmp_open(napi_env env, napi_callback_info info) {
  napi_value argument;
  size_t count = 1;
  int32_t version;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  if (count < 1 || !get_integers(env, &argument, 1, &version)) {
    napi_throw_type_error(env, NULL, "icmpOpen: expected the IP version");
    return NULL;
  }
  int family = to_family(version), on = 1;
  int fd = socket(family, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6);
  if (fd >= 0) setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  return opened(env, fd, family, 0, "socket SOCK_RAW");
}

// tcpOpen(version, limit): a TCP socket whose SYN leaves with that TTL or hop limit.
static napi_value tcp_open(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  size_t count = 2;
  int32_t numbers[2];
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  if (count < 2 || !get_integers(env, arguments, 2, numbers)) {
    napi_throw_type_error(env, NULL, "tcpOpen: expected the IP version and the hop limit");
    return NULL;
  }
  int family = to_family(numbers[0]);
  return opened(env, socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), family, numbers[1], "socket SOCK_STREAM");
}

// setHopLimit(fd, version, limit): of what the socket sends from now on, retransmissions included.
static napi_value change_hop_limit(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  size_t count = 3;
  int32_t numbers[3];
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  if (count < 3 || !get_integers(env, arguments, 3, numbers)) {
    napi_throw_type_error(env, NULL, "setHopLimit: expected a descriptor, the IP version and the hop limit");
    return NULL;
  }
  if (set_hop_limit(numbers[0], to_family(numbers[1]), numbers[2]) < 0) return throw_errno(env, "setsockopt IP_TTL", errno);
  return NULL;
}

// icmpSend(fd, address, message, limit): the address has 4 or 16 bytes; the kernel fills in the checksum of ICMPv6 alone.
static napi_value icmp_send(napi_env env, napi_callback_info info) {
  napi_value arguments[4];
  size_t count = 4, address_length, length;
  int32_t fd, limit;
  void *address, *message;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  if (count < 4 || !get_integers(env, &arguments[0], 1, &fd) || !get_bytes(env, arguments[1], &address, &address_length) ||
      !get_bytes(env, arguments[2], &message, &length) || !get_integers(env, &arguments[3], 1, &limit) ||
      (address_length != 4 && address_length != 16)) {
    napi_throw_type_error(env, NULL, "icmpSend: expected a descriptor, an address, a message and the hop limit");
    return NULL;
  }
  struct sockaddr_in v4 = {.sin_family = AF_INET};
  struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
  int is_v4 = address_length == 4;
  memcpy(is_v4 ? (void *)&v4.sin_addr : (void *)&v6.sin6_addr, address, address_length);
  if (set_hop_limit(fd, is_v4 ? AF_INET : AF_INET6, limit) < 0) return throw_errno(env, "setsockopt IP_TTL", errno);
  ssize_t sent = sendto(fd, message, length, 0, is_v4 ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6,
                        is_v4 ? sizeof v4 : sizeof v6);
  return sent < 0 ? throw_errno(env, "sendto", errno) : NULL;
}

/** When the kernel took the packet in, in microseconds since the epoch. */
static double stamp_of(struct msghdr *header) {
  struct timespec stamp;
  for (struct cmsghdr *control = CMSG_FIRSTHDR(header); control; control = CMSG_NXTHDR(header, control))
    if (control->cmsg_level == SOL_SOCKET && control->cmsg_type == SO_TIMESTAMPNS) {
      memcpy(&stamp, CMSG_DATA(control), sizeof stamp);
      return (double)stamp.tv_sec * 1e6 + (double)stamp.tv_nsec / 1e3;
    }
  clock_gettime(CLOCK_REALTIME, &stamp);
  return (double)stamp.tv_sec * 1e6 + (double)stamp.tv_nsec / 1e3;
}

// icmpReceive(fd, message, source, time): the length of the next message, without an IP header, or -1 when there is none.
static napi_value icmp_receive(napi_env env, napi_callback_info info) {
  napi_value arguments[4];
  size_t count = 4, length, source_length, time_count;
  int32_t fd;
  void *message, *source, *time;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  if (count < 4 || !get_integers(env, arguments, 1, &fd) || !get_bytes(env, arguments[1], &message, &length) ||
      !get_bytes(env, arguments[2], &source, &source_length) || !get_bytes(env, arguments[3], &time, &time_count) ||
      source_length < 16 || time_count < 1) {
    napi_throw_type_error(env, NULL, "icmpReceive: expected a descriptor and room for a message, 16 bytes of address and a time");
    return NULL;
  }
  struct sockaddr_storage from;
  char control[256];
  struct iovec room = {message, length};
  struct msghdr header = {.msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &room, .msg_iovlen = 1,
                          .msg_control = control, .msg_controllen = sizeof control};
  ssize_t received = recvmsg(fd, &header, 0);
  if (received < 0) return errno == EAGAIN || errno == EINTR ? to_number(env, -1) : throw_errno(env, "recvmsg", errno);
  *(double *)time = stamp_of(&header);
  if (from.ss_family == AF_INET6) {
    memcpy(source, &((struct sockaddr_in6 *)&from)->sin6_addr, 16);
    return to_number(env, (int32_t)received);
  }
  memcpy(source, &((struct sockaddr_in *)&from)->sin_addr, 4);
  ssize_t skip = received >= (ssize_t)sizeof(struct iphdr) ? ((struct iphdr *)message)->ihl * 4 : received;
  if (skip > received) skip = received;
  memmove(message, (char *)message + skip, (size_t)(received - skip));
  return to_number(env, (int32_t)(received - skip));
}

void register_hops(napi_env env, napi_value exports) {
  export_function(env, exports, "icmpOpen", icmp_open);
  export_function(env, exports, "icmpSend", icmp_send);
  export_function(env, exports, "icmpReceive", icmp_receive);
  export_function(env, exports, "tcpOpen", tcp_open);
  export_function(env, exports, "setHopLimit", change_hop_limit);
}
