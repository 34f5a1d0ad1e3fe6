// Frames sent from an arena by the sockets of packet rings (ring.c), many to a call; and a sender, a thread that does so while
// JavaScript goes on. A frame that is sent over a veth is received within that call: the far end's TCP runs there too, and takes
// longer than what we do with the frame.
#include "native.h"
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>

#define SEND_BATCH 128
#define CAPACITY 512
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

struct sender {
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  enum { IDLE, GIVEN, SENDING, ENDING } state;
  // Its own copy of what is to be sent; the frames themselves stay where they are.
  uint32_t descriptors[WORDS * CAPACITY];
  struct batch batch;
  uint32_t lost;
};

// Sends what was given, by whichever thread is first to take it. The lock is held before and after.
static void take_batch(struct sender *sender) {
  sender->state = SENDING;
  pthread_mutex_unlock(&sender->lock);
  uint32_t lost = send_batch(&sender->batch);
  pthread_mutex_lock(&sender->lock);
  sender->lost += lost;
  sender->state = IDLE;
}

static void *serve(void *argument) {
  struct sender *sender = argument;
  pthread_mutex_lock(&sender->lock);
  while (sender->state != ENDING) {
    if (sender->state == GIVEN) {
      take_batch(sender);
      pthread_cond_broadcast(&sender->changed);
    } else
      pthread_cond_wait(&sender->changed, &sender->lock);
  }
  pthread_mutex_unlock(&sender->lock);
  return NULL;
}

// Until the last batch has been sent; one that the sender has not begun is sent here. The lock is held.
static void settle(struct sender *sender) {
  while (sender->state == SENDING) pthread_cond_wait(&sender->changed, &sender->lock);
  if (sender->state == GIVEN) take_batch(sender);
}

static void end_sender(void *argument) {
  struct sender *sender = argument;
  pthread_mutex_lock(&sender->lock);
  settle(sender);
  sender->state = ENDING;
  pthread_cond_broadcast(&sender->changed);
  pthread_mutex_unlock(&sender->lock);
  pthread_join(sender->thread, NULL);
  free(sender);
}

// senderOpen(): a sender, which ends with the JavaScript thread; null where there may be no more threads.
static napi_value sender_open(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value result;
  struct sender *sender = calloc(1, sizeof *sender);
  if (!sender) return throw_errno(env, "calloc", ENOMEM);
  pthread_mutex_init(&sender->lock, NULL);
  pthread_cond_init(&sender->changed, NULL);
  // Signals are for Node's own threads.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int error = pthread_create(&sender->thread, NULL, serve, sender);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (error) {
    free(sender);
    napi_get_null(env, &result);
    return result;
  }
  napi_add_env_cleanup_hook(env, end_sender, sender);
  napi_create_external(env, sender, NULL, NULL, &result);
  return result;
}

static napi_value lost_until_now(napi_env env, struct sender *sender) {
  napi_value result;
  napi_create_uint32(env, sender->lost, &result);
  sender->lost = 0;
  return result;
}

// senderGive(sender, arena, descriptors: Uint32Array, frames): waits for the batch before, hands this one over, and gives how many
// frames could not be sent since the last call.
static napi_value sender_give(napi_env env, napi_callback_info info) {
  napi_value arguments[4];
  size_t count = 4;
  void *data;
  struct batch batch;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  napi_get_value_external(env, arguments[0], &data);
  if (!get_batch(env, arguments + 1, &batch) || batch.frames > CAPACITY) return throw_errno(env, "senderGive", EINVAL);
  struct sender *sender = data;
  pthread_mutex_lock(&sender->lock);
  settle(sender);
  memcpy(sender->descriptors, batch.descriptors, (size_t)batch.frames * WORDS * sizeof(uint32_t));
  batch.descriptors = sender->descriptors;
  sender->batch = batch;
  sender->state = GIVEN;
  pthread_cond_broadcast(&sender->changed);
  napi_value result = lost_until_now(env, sender);
  pthread_mutex_unlock(&sender->lock);
  return result;
}

// senderSettle(sender): waits for the last batch, and gives how many frames could not be sent since the last call.
static napi_value sender_settle(napi_env env, napi_callback_info info) {
  napi_value argument;
  size_t count = 1;
  void *data;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  napi_get_value_external(env, argument, &data);
  struct sender *sender = data;
  pthread_mutex_lock(&sender->lock);
  settle(sender);
  napi_value result = lost_until_now(env, sender);
  pthread_mutex_unlock(&sender->lock);
  return result;
}

void register_transmit(napi_env env, napi_value exports) {
  export_function(env, exports, "framesSend", frames_send);
  export_function(env, exports, "senderOpen", sender_open);
  export_function(env, exports, "senderGive", sender_give);
  export_function(env, exports, "senderSettle", sender_settle);
}
