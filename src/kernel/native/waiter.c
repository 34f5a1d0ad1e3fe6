// A waiter: one epoll set over a thread's packet sockets, a timer for the next packet that is due, and perhaps an event by which
// another thread, whose it is, interrupts the wait. The timer is a timerfd: it is exact where a poll timeout may be late by the timer
// slack (50 us) or is rounded to milliseconds.
#include "native.h"
#include <math.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define TIMER_TOKEN 0xfffffffeu
#define EVENT_TOKEN 0xffffffffu
#define MAX_READY 256
// A thread that waits longer could not be ended by the process's own exit.
#define LONGEST_WAIT_MS 250

static double now_micros(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int watch(int epoll, int fd, uint32_t events, uint32_t token) {
  struct epoll_event event = {.events = events, .data.u32 = token};
  return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

// waiterOpen(event): [epoll, timer], two file descriptors. `event` is of eventOpen, or negative for none.
static napi_value waiter_open(napi_env env, napi_callback_info info) {
  napi_value argument, result, number;
  size_t count = 1;
  int32_t event;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  napi_get_value_int32(env, argument, &event);
  int epoll = epoll_create1(EPOLL_CLOEXEC), timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  if (epoll < 0 || timer < 0 || watch(epoll, timer, EPOLLIN, TIMER_TOKEN) < 0 ||
      (event >= 0 && watch(epoll, event, EPOLLIN, EVENT_TOKEN) < 0)) {
    int error = errno;
    if (epoll >= 0) close(epoll);
    if (timer >= 0) close(timer);
    return throw_errno(env, "epoll_create1", error);
  }
  napi_create_array_with_length(env, 2, &result);
  napi_create_int32(env, epoll, &number);
  napi_set_element(env, result, 0, number);
  napi_create_int32(env, timer, &number);
  napi_set_element(env, result, 1, number);
  return result;
}

// waiterWatch(epoll, fd, token, events): from now on `wait` gives `token` when one of `events` of epoll_ctl(2) holds for `fd`.
static napi_value waiter_watch(napi_env env, napi_callback_info info) {
  napi_value arguments[4];
  size_t count = 4;
  int32_t epoll, fd;
  uint32_t token, events;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  napi_get_value_int32(env, arguments[0], &epoll);
  napi_get_value_int32(env, arguments[1], &fd);
  napi_get_value_uint32(env, arguments[2], &token);
  napi_get_value_uint32(env, arguments[3], &events);
  if (watch(epoll, fd, events, token) < 0) return throw_errno(env, "epoll_ctl", errno);
  return NULL;
}

static int arm(int timer, double micros) {
  struct itimerspec when = {0};
  when.it_value.tv_sec = (time_t)(micros / 1e6);
  when.it_value.tv_nsec = (long)(fmod(micros, 1e6) * 1e3) + 1;
  if (when.it_value.tv_nsec > 999999999) when.it_value.tv_nsec = 999999999;
  return timerfd_settime(timer, 0, &when, NULL);
}

struct ready {
  uint32_t *tokens;
  uint32_t *events;
  uint32_t count;
  int is_woken;
  int is_timed;
};

// Notes what was found. Timer and event are read, or they stay readable. A timer left armed by an earlier wait ends one wait
// too early, which does no harm.
static int note(struct ready *ready, const struct epoll_event *events, int found, int timer, int event) {
  for (int index = 0; index < found; index += 1) {
    uint32_t token = events[index].data.u32;
    uint64_t drained;
    if (token < TIMER_TOKEN) {
      ready->events[ready->count] = events[index].events;
      ready->tokens[ready->count++] = token;
    } else if (read(token == EVENT_TOKEN ? event : timer, &drained, sizeof drained) < 0 && errno != EAGAIN) return -1;
    if (token == EVENT_TOKEN) ready->is_woken = 1;
    if (token == TIMER_TOKEN) ready->is_timed = 1;
  }
  return 0;
}

// waiterWait(epoll, timer, event, due, ready: Uint32Array, clock: Float64Array, spin, events: Uint32Array): how many tokens lie in
// `ready`, and of each in `events` what holds for it.
// `due` is microseconds since the epoch, or Infinity; the wait ends then, or when a socket is readable, or when woken, or
// after a quarter of a second. The last `spin` microseconds before `due` are spent awake.
// clock[0] becomes the time of its end. clock[1] is when the timer will end a wait: most waits are for what the one before was for, and to
// arm it costs as much as to wait.
static napi_value waiter_wait(napi_env env, napi_callback_info info) {
  napi_value arguments[8], result;
  size_t count = 8, room, events_room;
  int32_t epoll, timer, event;
  double due, awake;
  void *ready, *held;
  double *clock;
  struct epoll_event events[MAX_READY];
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  napi_get_value_int32(env, arguments[0], &epoll);
  napi_get_value_int32(env, arguments[1], &timer);
  napi_get_value_int32(env, arguments[2], &event);
  napi_get_value_double(env, arguments[3], &due);
  napi_get_typedarray_info(env, arguments[4], NULL, &room, &ready, NULL, NULL);
  napi_get_typedarray_info(env, arguments[5], NULL, NULL, (void **)&clock, NULL, NULL);
  napi_get_value_double(env, arguments[6], &awake);
  napi_get_typedarray_info(env, arguments[7], NULL, &events_room, &held, NULL, NULL);
  if (room > events_room) room = events_room;
  if (room > MAX_READY) room = MAX_READY;
  int timeout = LONGEST_WAIT_MS;
  double left = due - now_micros();
  if (isfinite(due)) {
    if (left <= awake) timeout = 0;
    else if (clock[1] != due - awake) {
      if (arm(timer, left - awake) < 0) return throw_errno(env, "timerfd_settime", errno);
      clock[1] = due - awake;
    }
  }
  struct ready found = {.tokens = ready, .events = held};
  // Awake: it looks again and again.
  for (int wait = timeout;; wait = 0) {
    int events_found = epoll_wait(epoll, events, (int)room, wait);
    if (events_found < 0 && errno != EINTR) return throw_errno(env, "epoll_wait", errno);
    if (note(&found, events, events_found, timer, event) < 0) return throw_errno(env, "read", errno);
    if (found.count > 0 || found.is_woken) break;
    left = due - now_micros();
    if (!(left > 0 && left <= awake)) break;
  }
  if (found.is_timed) clock[1] = 0;
  clock[0] = now_micros();
  napi_create_uint32(env, found.count, &result);
  return result;
}

// eventOpen(): a file descriptor that interrupts the wait of a waiter that knows it.
static napi_value event_open(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value result;
  int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd < 0) return throw_errno(env, "eventfd", errno);
  napi_create_int32(env, fd, &result);
  return result;
}

// eventSet(event): ends the wait of the thread that waits for it, now or the next one.
static napi_value event_set(napi_env env, napi_callback_info info) {
  napi_value argument;
  size_t count = 1;
  int32_t event;
  uint64_t one = 1;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  napi_get_value_int32(env, argument, &event);
  if (write(event, &one, sizeof one) < 0 && errno != EAGAIN) return throw_errno(env, "write", errno);
  return NULL;
}

// clockMicros(): microseconds since the epoch, as packet timestamps count them.
static napi_value clock_micros(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value result;
  napi_create_double(env, now_micros(), &result);
  return result;
}

void register_waiter(napi_env env, napi_value exports) {
  export_function(env, exports, "waiterOpen", waiter_open);
  export_function(env, exports, "waiterWatch", waiter_watch);
  export_function(env, exports, "waiterWait", waiter_wait);
  export_function(env, exports, "eventOpen", event_open);
  export_function(env, exports, "eventSet", event_set);
  export_function(env, exports, "clockMicros", clock_micros);
}
