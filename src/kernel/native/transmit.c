// Frames sent from an arena by the sockets of packet rings (ring.c), many to a call.
#include "native.h"
#include <poll.h>
#include <sys/socket.h>

#define SEND_BATCH 128
#define WORDS 3
// A veth takes frames as fast as its far end's softirq runs; one that takes none for this long loses the frame, as any
// full output queue does.
#define SEND_PATIENCE_MS 1

struct batch {
  char *arena;
  // Each frame is three words: the socket, and offset and length in the arena, virtio_net_hdr included.
  const uint32_t *descriptors;
  uint32_t frames;
};

static unsigned send_run(int fd, struct mmsghdr *messages, unsigned count) {
  unsigned sent = 0, lost = 0;
  while (sent < count) {
    int done = sendmmsg(fd, messages + sent, count - sent, MSG_DONTWAIT);
    if (done > 0) {
      sent += (unsigned)done;
      continue;
    }
    if (errno == EINTR) continue;
    struct pollfd writable = {.fd = fd, .events = POLLOUT};
    if (errno == EAGAIN && poll(&writable, 1, SEND_PATIENCE_MS) == 1 && !(writable.revents & POLLERR)) continue;
    // This frame cannot leave (queue full, interface down, too long for it); the next one may.
    sent += 1;
    lost += 1;
  }
  return lost;
}

// How many could not be sent.
static uint32_t send_batch(const struct batch *batch) {
  static _Thread_local struct mmsghdr messages[SEND_BATCH];
  static _Thread_local struct iovec vectors[SEND_BATCH];
  const uint32_t *descriptor = batch->descriptors;
  uint32_t lost = 0;
  for (uint32_t next = 0; next < batch->frames;) {
    int fd = (int)descriptor[next * WORDS];
    unsigned run = 0;
    while (next < batch->frames && run < SEND_BATCH && (int)descriptor[next * WORDS] == fd) {
      vectors[run] = (struct iovec){.iov_base = batch->arena + descriptor[next * WORDS + 1],
                                    .iov_len = descriptor[next * WORDS + 2]};
      messages[run] = (struct mmsghdr){.msg_hdr = {.msg_iov = &vectors[run], .msg_iovlen = 1}};
      next += 1;
      run += 1;
    }
    lost += send_run(fd, messages, run);
  }
  return lost;
}

// The batch that a call's arguments describe: arena, descriptors, frames. 0 when it reaches beyond the arena.
static int get_batch(napi_env env, const napi_value *arguments, struct batch *batch) {
  size_t words, bytes;
  void *arena, *descriptors;
  napi_get_arraybuffer_info(env, arguments[0], &arena, &bytes);
  napi_get_typedarray_info(env, arguments[1], NULL, &words, &descriptors, NULL, NULL);
  napi_get_value_uint32(env, arguments[2], &batch->frames);
  batch->arena = arena;
  batch->descriptors = descriptors;
  if ((size_t)batch->frames * WORDS > words) return 0;
  for (uint32_t index = 0; index < batch->frames; index += 1) {
    const uint32_t *descriptor = batch->descriptors + (size_t)index * WORDS;
    if ((size_t)descriptor[1] + descriptor[2] > bytes) return 0;
  }
  return 1;
}

// framesSend(arena, descriptors: Uint32Array, frames): how many could not be sent.
static napi_value frames_send(napi_env env, napi_callback_info info) {
  napi_value arguments[3], result;
  size_t count = 3;
  struct batch batch;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  if (!get_batch(env, arguments, &batch)) return throw_errno(env, "framesSend", EINVAL);
  napi_create_uint32(env, send_batch(&batch), &result);
  return result;
}

void register_transmit(napi_env env, napi_value exports) { export_function(env, exports, "framesSend", frames_send); }
