// Small UDP datagrams at an even rate, and how long each took one way: from the call that sends it until the kernel of the far end has
// it, which does not wait for any program to be scheduled. Both ends share the machine's clock.
// probe receive PORT COUNT: says "ready", and prints p50 and p99 in milliseconds; probe send ADDRESS PORT COUNT PER_SECOND.
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define NANOS 1000000000LL
// The last datagrams may be lost: none for this long, and it is over.
#define PATIENCE_SECONDS 2
#define RECEIVE_BUFFER (4 << 20)

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int64_t nanos(const struct timespec *time) { return time->tv_sec * NANOS + time->tv_nsec; }

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  return nanos(&time);
}

static int compare(const void *left, const void *right) {
  int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
  return (a > b) - (a < b);
}

// When the kernel received what the message brought.
static int64_t arrival(struct msghdr *message) {
  for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part; part = CMSG_NXTHDR(message, part))
    if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_TIMESTAMPNS) {
      struct timespec time;
      memcpy(&time, CMSG_DATA(part), sizeof time);
      return nanos(&time);
    }
  return now();
}

static void receive(int fd, uint16_t port, size_t count) {
  struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(port)};
  int on = 1, bytes = RECEIVE_BUFFER;
  struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
  int64_t *delays = calloc(count, sizeof *delays);
  if (!delays) fail("calloc");
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) < 0) fail("SO_TIMESTAMPNS");
  if (bind(fd, (struct sockaddr *)&own, sizeof own) < 0) fail("bind");
  puts("ready");
  fflush(stdout);
  size_t seen = 0;
  while (seen < count) {
    int64_t sent;
    char control[256];
    struct iovec vector = {.iov_base = &sent, .iov_len = sizeof sent};
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    if (recvmsg(fd, &message, 0) != sizeof sent) {
      if (errno == EAGAIN && seen > 0) break;
      if (errno == EAGAIN || errno == EINTR) continue;
      fail("recvmsg");
    }
    delays[seen++] = arrival(&message) - sent;
    if (seen == 1) setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  qsort(delays, seen, sizeof *delays, compare);
  printf("{\"p50\":%.4f,\"p99\":%.4f,\"received\":%zu}\n", (double)delays[seen / 2] / 1e6,
         (double)delays[seen * 99 / 100] / 1e6, seen);
}

static void send_all(int fd, const char *address, uint16_t port, size_t count, long per_second) {
  struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons(port)};
  if (inet_pton(AF_INET, address, &peer.sin_addr) != 1) fail(address);
  if (connect(fd, (struct sockaddr *)&peer, sizeof peer) < 0) fail("connect");
  struct timespec due;
  clock_gettime(CLOCK_MONOTONIC, &due);
  for (size_t index = 0; index < count; index += 1) {
    due.tv_nsec += NANOS / per_second;
    due.tv_sec += due.tv_nsec / NANOS;
    due.tv_nsec %= NANOS;
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
    int64_t sent = now();
    if (send(fd, &sent, sizeof sent, 0) < 0 && errno != ENOBUFS && errno != ECONNREFUSED) fail("send");
  }
}

int main(int count, char **words) {
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  if (fd < 0) fail("socket");
  if (count == 4 && strcmp(words[1], "receive") == 0)
    receive(fd, (uint16_t)atoi(words[2]), strtoul(words[3], NULL, 10));
  else if (count == 6 && strcmp(words[1], "send") == 0)
    send_all(fd, words[2], (uint16_t)atoi(words[3]), strtoul(words[4], NULL, 10), atol(words[5]));
  else {
    fputs("probe receive PORT COUNT | probe send ADDRESS PORT COUNT PER_SECOND\n", stderr);
    return 2;
  }
  return 0;
}
