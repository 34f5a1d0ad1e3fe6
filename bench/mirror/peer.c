// Both ends of what a mirror copies. Messages of SIZE bytes are answered by 100 each.
// peer serve PORT SIZE: answers until its input ends, and then prints how many bytes came.
// peer ask HOST PORT SIZE CONNECTIONS PER_SECOND COUNT: over connections that stay; PER_SECOND 0: each as soon as it has its answer.
// peer connect HOST PORT SIZE IN_FLIGHT PER_SECOND COUNT: each over a connection of its own.
// peer upload HOST PORT BYTES_PER_SECOND MEGABYTES: one connection, without an answer.
// Clients print how long each answer took (p50 and p99, in milliseconds), how long all took (in seconds) and how many bytes were said.
#include <arpa/inet.h>
#include <errno.h>
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

#define ANSWER 100
#define MOST 65536
#define EVENTS 256

static char buffer[1 << 18];
static size_t came[MOST];
static double asked[MOST];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static double seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void watch(int epoll, int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) fail("epoll_ctl");
}

static void send_all(int fd, size_t size) {
  while (size > 0) {
    ssize_t went = send(fd, buffer, size < sizeof buffer ? size : sizeof buffer, MSG_NOSIGNAL);
    if (went < 0) fail("send");
    size -= (size_t)went;
  }
}

static void serve(uint16_t port, size_t size) {
  struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(port)};
  struct epoll_event events[EVENTS];
  int listener = socket(AF_INET, SOCK_STREAM, 0), epoll = epoll_create1(0), on = 1;
  unsigned long long total = 0;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener, (struct sockaddr *)&own, sizeof own) < 0 || listen(listener, 4096) < 0) fail("listen");
  watch(epoll, listener);
  watch(epoll, STDIN_FILENO);
  fprintf(stderr, "ready\n");
  for (;;) {
    int found = epoll_wait(epoll, events, EVENTS, -1);
    for (int index = 0; index < found; index += 1) {
      int fd = events[index].data.fd;
      if (fd == listener) {
        int client = accept(listener, NULL, NULL);
        if (client < 0) continue;
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        came[client] = 0;
        watch(epoll, client);
        continue;
      }
      ssize_t count = read(fd, buffer, sizeof buffer);
      if (fd == STDIN_FILENO && count <= 0) {
        printf("%llu\n", total);
        exit(0);
      }
      if (count <= 0) {
        close(fd);
        continue;
      }
      total += (unsigned long long)count;
      for (came[fd] += (size_t)count; came[fd] >= size; came[fd] -= size) send(fd, buffer, ANSWER, MSG_NOSIGNAL);
    }
  }
}

static int dial(const char *host, uint16_t port) {
  struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons(port)};
  int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  if (fd < 0 || inet_pton(AF_INET, host, &peer.sin_addr) != 1) fail("socket");
  if (connect(fd, (struct sockaddr *)&peer, sizeof peer) < 0) fail("connect");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

static int by_size(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return a < b ? -1 : a > b;
}

static void report(double *took, long count, double began, unsigned long long bytes) {
  double all = seconds() - began;
  if (count > 0) qsort(took, (size_t)count, sizeof *took, by_size);
  printf("{\"p50\":%.4f,\"p99\":%.4f,\"seconds\":%.4f,\"bytes\":%llu}\n", count ? took[count / 2] * 1e3 : 0,
         count ? took[count * 99 / 100] * 1e3 : 0, all, bytes);
}

// `width` at a time at most, no earlier than an even rate has them. Where `is_short`, each has a connection of its own.
static void converse(const char *host, uint16_t port, size_t size, int width, double rate, long count, int is_short) {
  struct epoll_event events[EVENTS];
  int epoll = epoll_create1(0), idle[MOST], idles = 0;
  double *took = malloc(sizeof *took * (size_t)count);
  if (!took || width > MOST) fail("malloc");
  for (int index = 0; index < width; index += 1) {
    idle[idles] = is_short ? -1 : dial(host, port);
    if (!is_short) watch(epoll, idle[idles]);
    idles += 1;
  }
  double began = seconds();
  for (long sent = 0, done = 0; done < count;) {
    double now = seconds();
    while (idles > 0 && sent < count && (rate <= 0 || now >= began + (double)sent / rate)) {
      int fd = idle[--idles];
      now = seconds();
      if (is_short) watch(epoll, fd = dial(host, port));
      asked[fd] = now;
      came[fd] = 0;
      send_all(fd, size);
      sent += 1;
    }
    int found = epoll_wait(epoll, events, EVENTS, rate > 0 ? 1 : -1);
    for (int index = 0; index < found; index += 1) {
      int fd = events[index].data.fd;
      ssize_t got = recv(fd, buffer, sizeof buffer, 0);
      if (got <= 0) fail("recv");
      if ((came[fd] += (size_t)got) < ANSWER) continue;
      took[done++] = seconds() - asked[fd];
      if (is_short) close(fd);
      idle[idles++] = fd;
    }
  }
  report(took, count, began, (unsigned long long)size * (unsigned long long)count);
}

static void upload(const char *host, uint16_t port, double rate, long megabytes) {
  int fd = dial(host, port);
  double began = seconds();
  const size_t part = 65536;
  unsigned long long total = (unsigned long long)megabytes * 1000000, sent = 0;
  while (sent < total) {
    double early = began + (double)sent / rate - seconds();
    if (early > 0) usleep((useconds_t)(early * 1e6));
    send_all(fd, part);
    sent += part;
  }
  shutdown(fd, SHUT_WR);
  while (recv(fd, buffer, sizeof buffer, 0) > 0) continue;
  report(NULL, 0, began, sent);
}

int main(int count, char **words) {
  struct rlimit limit = {MOST, MOST};
  setrlimit(RLIMIT_NOFILE, &limit);
  const char *what = count > 1 ? words[1] : "";
  if (count == 4 && !strcmp(what, "serve")) serve((uint16_t)atoi(words[2]), strtoul(words[3], NULL, 10));
  else if (count == 8 && (!strcmp(what, "ask") || !strcmp(what, "connect")))
    converse(words[2], (uint16_t)atoi(words[3]), strtoul(words[4], NULL, 10), atoi(words[5]), atof(words[6]),
             atol(words[7]), !strcmp(what, "connect"));
  else if (count == 6 && !strcmp(what, "upload"))
    upload(words[2], (uint16_t)atoi(words[3]), atof(words[4]), atol(words[5]));
  else {
    fprintf(stderr, "see the beginning of peer.c\n");
    return 2;
  }
  return 0;
}
