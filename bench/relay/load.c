// Clients of a relay under test, at a port of this host. FILE holds what they send. Each prints a line of JSON.
// load stream PORT FILE TIMES: sends it so often. Seconds until the answer came, and whether that is what was sent last.
// load ask PORT FILE CONNECTIONS SECONDS: each connection sends it and waits until as much came back. How often a second.
// load connect PORT FILE IN_FLIGHT COUNT: so many connections, each for one question. How many a second.
// load hold PORT FILE COUNT: so many connections, each asked once; says "ready", and keeps them until its input ends.
// load pace PORT FILE PER_SECOND COUNT: sends it at an even rate, with the time in it at byte 8, and prints nothing.
#include <errno.h>
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
#define STAMP 8
#define MOST_EVENTS 256
// Connections that a relay is asked for at once, where many are wanted.
#define AT_ONCE 128

static char question[1 << 20], answer[1 << 20];
static size_t size;
static uint16_t port;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static double seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int dial(void) {
  struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  if (fd < 0 || connect(fd, (struct sockaddr *)&peer, sizeof peer) < 0) fail("connect");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

static void send_question(int fd) {
  for (size_t sent = 0; sent < size;) {
    ssize_t went = send(fd, question + sent, size - sent, MSG_NOSIGNAL);
    if (went < 0) fail("send");
    sent += (size_t)went;
  }
}

static void stream(long times) {
  int fd = dial();
  double begin = seconds();
  for (long time = 0; time < times; time += 1) send_question(fd);
  size_t length = 0;
  for (ssize_t came; (came = recv(fd, answer + length, sizeof answer - length, 0)) != 0; length += (size_t)came)
    if (came < 0) fail("recv");
  double took = seconds() - begin;
  if (length == 0 || length > size) {
    fprintf(stderr, "the answer has %zu bytes\n", length);
    exit(1);
  }
  int is_same = memcmp(answer, question + size - length, length) == 0;
  printf("{\"seconds\":%.6f,\"isSame\":%s}\n", took, is_same ? "true" : "false");
}

// Answers as they come, of many connections.
struct conversation {
  int epoll;
  struct epoll_event events[MOST_EVENTS];
  int found, next;
  // By descriptor: bytes that came of the present answer.
  size_t came[1 << 16];
};
static struct conversation talk;

static void begin(void) {
  int fd = dial();
  if (fd >= 1 << 16) fail("too many connections");
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  if (epoll_ctl(talk.epoll, EPOLL_CTL_ADD, fd, &event) < 0) fail("epoll_ctl");
  talk.came[fd] = 0;
  send_question(fd);
}

// Waits until an answer is whole: of which connection.
static int next_answer(void) {
  for (;;) {
    if (talk.next >= talk.found) {
      talk.found = epoll_wait(talk.epoll, talk.events, MOST_EVENTS, -1);
      talk.next = 0;
    }
    int fd = talk.events[talk.next++].data.fd;
    ssize_t came = recv(fd, answer, sizeof answer, 0);
    if (came <= 0) fail("recv");
    talk.came[fd] += (size_t)came;
    if (talk.came[fd] < size) continue;
    talk.came[fd] = 0;
    return fd;
  }
}

static void ask(int connections, double duration) {
  for (int each = 0; each < connections; each += 1) begin();
  long answers = 0;
  double start = seconds(), now = start;
  for (; now < start + duration; now = seconds()) {
    send_question(next_answer());
    answers += 1;
  }
  printf("{\"perSecond\":%.1f}\n", (double)answers / (now - start));
}

static void connect_often(long in_flight, long count) {
  double start = seconds();
  for (long begun = 0, answers = 0; answers < count;) {
    for (; begun < count && begun - answers < in_flight; begun += 1) begin();
    close(next_answer());
    answers += 1;
  }
  printf("{\"perSecond\":%.1f}\n", (double)count / (seconds() - start));
}

static void hold(long count) {
  for (long begun = 0, answers = 0; answers < count; answers += 1) {
    for (; begun < count && begun - answers < AT_ONCE; begun += 1) begin();
    next_answer();
  }
  puts("ready");
  fflush(stdout);
  while (read(STDIN_FILENO, answer, sizeof answer) > 0) continue;
}

static void pace(long per_second, long count) {
  int fd = dial();
  struct timespec due, now;
  clock_gettime(CLOCK_MONOTONIC, &due);
  for (long sent = 0; sent < count; sent += 1) {
    due.tv_nsec += NANOS / per_second;
    due.tv_sec += due.tv_nsec / NANOS;
    due.tv_nsec %= NANOS;
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t stamp = now.tv_sec * NANOS + now.tv_nsec;
    memcpy(question + STAMP, &stamp, sizeof stamp);
    send_question(fd);
  }
  shutdown(fd, SHUT_WR);
  while (recv(fd, answer, sizeof answer, 0) > 0) continue;
}

static void read_question(const char *name) {
  FILE *file = fopen(name, "rb");
  if (!file) fail(name);
  size = fread(question, 1, sizeof question, file);
  fclose(file);
}

int main(int count, char **words) {
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  if (count < 5) {
    fputs("load stream|ask|connect|hold|pace PORT FILE NUMBER [NUMBER]\n", stderr);
    return 2;
  }
  const char *kind = words[1];
  long first = atol(words[4]), second = count > 5 ? atol(words[5]) : 0;
  port = (uint16_t)atoi(words[2]);
  read_question(words[3]);
  talk.epoll = epoll_create1(0);
  if (strcmp(kind, "stream") == 0) stream(first);
  else if (strcmp(kind, "ask") == 0) ask((int)first, (double)second);
  else if (strcmp(kind, "connect") == 0) connect_often(first, second);
  else if (strcmp(kind, "hold") == 0) hold(first);
  else if (strcmp(kind, "pace") == 0) pace(first, second);
  else return 2;
  return 0;
}
