// What the kernel's TCP does with what a socket is given: TCP_INFO (linux/tcp.h), and sending past Node's own buffers.
#include "native.h"
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

enum { FACTS = 7 };

// tcpFacts(fd, facts: Float64Array of 7): bytes of a segment at most, bytes not yet sent, segments in flight, the congestion
// window in segments, data segments sent so far but for those sent again (modulo 2^32), the peer's window in bytes, bytes that
// the peer has not acknowledged.
static napi_value tcp_facts(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  size_t count = 2, room = 0;
  int32_t fd;
  void *memory = NULL;
  struct tcp_info facts = {0};
  socklen_t length = sizeof facts;
  int unacknowledged = 0;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  napi_get_value_int32(env, arguments[0], &fd);
  if (napi_get_typedarray_info(env, arguments[1], NULL, &room, &memory, NULL, NULL) != napi_ok || room < FACTS) {
    napi_throw_type_error(env, NULL, "tcpFacts: expected a Float64Array of 7");
    return NULL;
  }
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &facts, &length) < 0) return throw_errno(env, "getsockopt TCP_INFO", errno);
  if (ioctl(fd, SIOCOUTQ, &unacknowledged) < 0) return throw_errno(env, "ioctl SIOCOUTQ", errno);
  double *fact = memory;
  fact[0] = facts.tcpi_snd_mss;
  fact[1] = facts.tcpi_notsent_bytes;
  fact[2] = (double)facts.tcpi_unacked - facts.tcpi_sacked - facts.tcpi_lost + facts.tcpi_retrans;
  fact[3] = facts.tcpi_snd_cwnd;
  fact[4] = (uint32_t)(facts.tcpi_data_segs_out - facts.tcpi_total_retrans);
  // Kernels before 5.4 do not tell it.
  fact[5] = length > offsetof(struct tcp_info, tcpi_snd_wnd) ? (double)facts.tcpi_snd_wnd : (double)UINT32_MAX;
  fact[6] = unacknowledged;
  return NULL;
}

// tcpSend(fd, bytes, offset, length): how many of them the kernel took; 0 when it has no room now.
static napi_value tcp_send(napi_env env, napi_callback_info info) {
  napi_value arguments[4], result;
  size_t count = 4, size = 0;
  int32_t fd;
  uint32_t offset, length;
  void *bytes = NULL;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  napi_get_value_int32(env, arguments[0], &fd);
  napi_get_value_uint32(env, arguments[2], &offset);
  napi_get_value_uint32(env, arguments[3], &length);
  if (napi_get_typedarray_info(env, arguments[1], NULL, &size, &bytes, NULL, NULL) != napi_ok || offset > size ||
      length > size - offset) {
    napi_throw_range_error(env, NULL, "tcpSend: expected a part of the bytes");
    return NULL;
  }
  ssize_t sent = send(fd, (const uint8_t *)bytes + offset, length, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN) return throw_errno(env, "write", errno);
  napi_create_uint32(env, sent < 0 ? 0 : (uint32_t)sent, &result);
  return result;
}

// tcpAbort(fd): from now on closing it sends a RST, and nothing of what the peer has not got any more (socket(7), SO_LINGER).
static napi_value tcp_abort(napi_env env, napi_callback_info info) {
  napi_value argument;
  size_t count = 1;
  int32_t fd;
  const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  napi_get_value_int32(env, argument, &fd);
  if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) < 0) return throw_errno(env, "setsockopt SO_LINGER", errno);
  return NULL;
}

void register_tcp(napi_env env, napi_value exports) {
  export_function(env, exports, "tcpFacts", tcp_facts);
  export_function(env, exports, "tcpSend", tcp_send);
  export_function(env, exports, "tcpAbort", tcp_abort);
}
