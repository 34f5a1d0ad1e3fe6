// What a relay under test leads to, at a port of this host.
// serve echo PORT: sends back what comes. serve swallow PORT SIZE TOTAL: takes TOTAL bytes of a connection and then answers with the last
// SIZE of them.
// serve clock PORT SIZE COUNT: takes messages of SIZE bytes that say at their byte 8 when they were sent, and prints the p50 and p99 of how
// long they took, in milliseconds, until the kernel had them, which does not wait for this program to be scheduled.
#define _GNU_SOURCE
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define NANOS 1000000000LL
#define BACKLOG 4096
#define STAMP 8

static char buffer[1 << 18];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int listen_at(uint16_t port) {
  struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, (struct sockaddr *)&own, sizeof own) < 0 || listen(fd, BACKLOG) < 0) fail("listen");
  return fd;
}

static int next_client(int listener) {
  int fd = accept(listener, NULL, NULL), on = 1;
  if (fd < 0) fail("accept");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

static void write_all(int fd, const char *bytes, size_t size) {
  for (ssize_t sent; size > 0; bytes += sent, size -= (size_t)sent)
    if ((sent = send(fd, bytes, size, MSG_NOSIGNAL)) < 0) return;
}

static void watch(int epoll, int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) fail("epoll_ctl");
}

static void echo(int listener) {
  struct epoll_event events[256];
  int epoll = epoll_create1(0);
  watch(epoll, listener);
  for (;;) {
    int found = epoll_wait(epoll, events, 256, -1);
    for (int index = 0; index < found; index += 1) {
      int fd = events[index].data.fd;
      if (fd == listener) {
        watch(epoll, next_client(listener));
        continue;
      }
      ssize_t came = recv(fd, buffer, sizeof buffer, 0);
      if (came > 0) write_all(fd, buffer, (size_t)came);
      else close(fd);
    }
  }
}

static void swallow(int listener, size_t size, size_t total) {
  char *last = calloc(2, size);
  if (!last) fail("calloc");
  for (;;) {
    int fd = next_client(listener);
    size_t seen = 0;
    for (ssize_t came; seen < total && (came = recv(fd, buffer, sizeof buffer, 0)) > 0; seen += (size_t)came) {
      size_t fresh = (size_t)came < size ? (size_t)came : size;
      memmove(last, last + fresh, size - fresh);
      memcpy(last + size - fresh, buffer + came - fresh, fresh);
    }
    write_all(fd, last, size);
    close(fd);
  }
}

static int64_t nanos(const struct timespec *time) { return time->tv_sec * NANOS + time->tv_nsec; }

// When the kernel received the last byte of what the message brought; now, where it did not note that yet, as of the first ones.
static int64_t arrival(struct msghdr *message) {
  struct timespec time;
  for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part; part = CMSG_NXTHDR(message, part))
    if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_TIMESTAMPNS) {
      memcpy(&time, CMSG_DATA(part), sizeof time);
      return nanos(&time);
    }
  clock_gettime(CLOCK_REALTIME, &time);
  return nanos(&time);
}

static int compare(const void *left, const void *right) {
  int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
  return (a > b) - (a < b);
}

static void take_times(int listener, size_t size, size_t count) {
  int fd = next_client(listener), on = 1;
  int64_t *delays = calloc(count, sizeof *delays);
  if (!delays) fail("calloc");
  if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) < 0) fail("SO_TIMESTAMPNS");
  for (size_t seen = 0; seen < count; seen += 1) {
    char control[256];
    struct iovec vector = {.iov_base = buffer, .iov_len = size};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    if (recvmsg(fd, &message, MSG_WAITALL) != (ssize_t)size) fail("recvmsg");
    int64_t sent;
    memcpy(&sent, buffer + STAMP, sizeof sent);
    delays[seen] = arrival(&message) - sent;
  }
  qsort(delays, count, sizeof *delays, compare);
  printf("{\"p50\":%.4f,\"p99\":%.4f}\n", (double)delays[count / 2] / 1e6, (double)delays[count * 99 / 100] / 1e6);
}

int main(int count, char **words) {
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  const char *kind = count > 2 ? words[1] : "";
  if (count == 3 && strcmp(kind, "echo") == 0) echo(listen_at((uint16_t)atoi(words[2])));
  else if (count == 5 && strcmp(kind, "swallow") == 0)
    swallow(listen_at((uint16_t)atoi(words[2])), strtoul(words[3], NULL, 10), strtoul(words[4], NULL, 10));
  else if (count == 5 && strcmp(kind, "clock") == 0)
    take_times(listen_at((uint16_t)atoi(words[2])), strtoul(words[3], NULL, 10), strtoul(words[4], NULL, 10));
  else {
    fputs("serve echo PORT | serve swallow PORT SIZE TOTAL | serve clock PORT SIZE COUNT\n", stderr);
    return 2;
  }
  return 0;
}
