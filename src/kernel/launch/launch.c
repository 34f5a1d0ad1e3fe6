// The one program that the lab lends to containers: static, so that an image needs nothing of ours inside.
//
//   launch wait FIFO -- PROGRAM ARGUMENTS…   waits until somebody reads from FIFO, then becomes the program: same process,
//                                            environment and user. FIFO is closed the moment the program has taken its place;
//                                            a byte comes out of it before when the program cannot be executed.
//   launch supervise -- PROGRAM ARGUMENTS…   runs the program in a process group of its own, without input. When the standard
//                                            input of launch ends, or a signal asks launch to end, the group gets SIGTERM and
//                                            a second later SIGKILL. Nothing of the group outlives the program.
//
// Exit codes are those of sh(1): the program's own, 128 + n for signal n, 127 for a program that is not there, 126 for one
// that cannot be executed; 125 says that launch itself failed.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { FAILED = 125, NOT_EXECUTABLE = 126, NOT_FOUND = 127, SIGNAL_BASE = 128 };

static const long GRACE_MS = 1000;

// execvpe(3) searches here when there is no PATH.
static const char DEFAULT_PATH[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

static void say(const char *what, const char *subject, int reason) {
  fprintf(stderr, "launch: %s \"%s\": %s\n", what, subject, strerror(reason));
}

// Searches PATH as execvp(3) does, but never hands a file that the kernel refuses to a shell. Returns only on failure.
static int execute(char **argv) {
  const char *name = argv[0];
  if (*name == '\0' || strchr(name, '/')) {
    execv(name, argv);
    int reason = errno;
    say("cannot execute", name, reason);
    return reason == ENOENT || reason == ENOTDIR ? NOT_FOUND : NOT_EXECUTABLE;
  }
  const char *path = getenv("PATH");
  if (!path) path = DEFAULT_PATH;
  int refused = 0;
  for (const char *entry = path;; entry++) {
    size_t length = strcspn(entry, ":");
    char file[PATH_MAX];
    // An empty entry is the working directory.
    int size = snprintf(file, sizeof file, "%.*s%s%s", (int)length, entry, length ? "/" : "./", name);
    if (size > 0 && (size_t)size < sizeof file) {
      struct stat found;
      int exists = stat(file, &found) == 0;
      execv(file, argv);
      // A file without its interpreter gives ENOENT as well, and is not "not there".
      if (exists && !S_ISDIR(found.st_mode) && !refused) refused = errno;
      else if (errno != ENOENT && errno != ENOTDIR && !refused) refused = errno;
    }
    entry += length;
    if (*entry == '\0') break;
  }
  if (refused) {
    say("cannot execute", name, refused);
    return NOT_EXECUTABLE;
  }
  fprintf(stderr, "launch: no program \"%s\" in PATH \"%s\"\n", name, path);
  return NOT_FOUND;
}

static void end_by_signal(int number) { _exit(SIGNAL_BASE + number); }

// The first process of a PID namespace gets no signal that it has no handler for. exec(2) takes the handlers away again.
static void end_by_any_signal(void) {
  for (int number = 1; number <= SIGRTMAX; number++) {
    struct sigaction now;
    switch (number) {
    case SIGKILL:
    case SIGSTOP:
    case SIGCHLD:
    case SIGCONT:
    case SIGURG:
    case SIGWINCH:
    case SIGTSTP:
    case SIGTTIN:
    case SIGTTOU:
      continue;
    }
    if (sigaction(number, NULL, &now) < 0 || now.sa_handler != SIG_DFL) continue;
    struct sigaction end = {.sa_handler = end_by_signal};
    sigaction(number, &end, NULL);
  }
}

static int wait_and_execute(const char *gate, char **argv) {
  end_by_any_signal();
  int fd;
  // fifo(7): blocks until a reader is there. Who reads sees the end of file when exec(2) has closed this end.
  do fd = open(gate, O_WRONLY | O_CLOEXEC | O_NOCTTY);
  while (fd < 0 && errno == EINTR);
  if (fd < 0) {
    say("cannot open the gate", gate, errno);
    return FAILED;
  }
  int code = execute(argv);
  // Who reads need not guess why the end of the file came.
  ssize_t written = write(fd, "!", 1);
  (void)written;
  return code;
}

static int run_child(char **argv, const sigset_t *inherited) {
  setpgid(0, 0);
  sigprocmask(SIG_SETMASK, inherited, NULL);
  int null = open("/dev/null", O_RDONLY);
  if (null < 0) {
    say("cannot open", "/dev/null", errno);
    return FAILED;
  }
  if (null != STDIN_FILENO) {
    dup2(null, STDIN_FILENO);
    close(null);
  }
  return execute(argv);
}

static long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int signal_pipe[2];

static void note_signal(int number) {
  int reason = errno;
  char byte = (char)number;
  ssize_t written = write(signal_pipe[1], &byte, 1);
  (void)written;
  errno = reason;
}

// Takes what is there to read; false at the end of the file.
static int take(int fd, int *has_end_signal) {
  char bytes[4096];
  ssize_t size = read(fd, bytes, sizeof bytes);
  if (size < 0) return errno == EINTR || errno == EAGAIN;
  for (ssize_t i = 0; has_end_signal && i < size; i++)
    if (bytes[i] != SIGCHLD) *has_end_signal = 1;
  return size > 0;
}

static int supervise(char **argv) {
  static const int SIGNALS[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT};
  sigset_t blocked, inherited;
  if (pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) < 0) {
    say("cannot make a pipe for", argv[0], errno);
    return FAILED;
  }
  // Blocked until the child has its own: it must not note signals of ours.
  sigfillset(&blocked);
  sigprocmask(SIG_BLOCK, &blocked, &inherited);
  pid_t child = fork();
  if (child < 0) {
    say("cannot fork for", argv[0], errno);
    return FAILED;
  }
  if (child == 0) _exit(run_child(argv, &inherited));
  // In both processes, since either may run first.
  setpgid(child, child);
  for (size_t i = 0; i < sizeof SIGNALS / sizeof *SIGNALS; i++) {
    struct sigaction note = {.sa_handler = note_signal, .sa_flags = SA_RESTART};
    sigaction(SIGNALS[i], &note, NULL);
  }
  sigprocmask(SIG_SETMASK, &inherited, NULL);
  struct pollfd sources[] = {{.fd = signal_pipe[0], .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
  long kill_at = -1;
  for (;;) {
    // Looked at and left in the process table: until it is taken out, the number of its group is nobody else's.
    siginfo_t end = {0};
    if (waitid(P_PID, (id_t)child, &end, WEXITED | WNOHANG | WNOWAIT) < 0 && errno != EINTR) {
      say("cannot wait for", argv[0], errno);
      return FAILED;
    }
    if (end.si_pid == child) break;
    long left = kill_at < 0 ? -1 : kill_at - now_ms();
    if (kill_at >= 0 && left <= 0) {
      kill(-child, SIGKILL);
      kill_at = -1;
      continue;
    }
    if (poll(sources, 2, (int)left) < 0) continue;
    int must_end = 0;
    if (sources[0].revents) take(sources[0].fd, &must_end);
    if (sources[1].revents && !take(sources[1].fd, NULL)) {
      sources[1].fd = -1;
      must_end = 1;
    }
    if (must_end && kill_at < 0) {
      kill(-child, SIGTERM);
      kill_at = now_ms() + GRACE_MS;
    }
  }
  kill(-child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return WIFSIGNALED(status) ? SIGNAL_BASE + WTERMSIG(status) : WEXITSTATUS(status);
}

int main(int argc, char **argv) {
  if (argc > 4 && strcmp(argv[1], "wait") == 0 && strcmp(argv[3], "--") == 0) return wait_and_execute(argv[2], argv + 4);
  if (argc > 3 && strcmp(argv[1], "supervise") == 0 && strcmp(argv[2], "--") == 0) return supervise(argv + 3);
  fprintf(stderr, "usage: launch wait FIFO -- PROGRAM ARGUMENTS...\n       launch supervise -- PROGRAM ARGUMENTS...\n");
  return FAILED;
}
