// The one program that the lab lends to containers: static, so that an image needs nothing of ours inside.
//
//   launch wait FIFO -- PROGRAM ARGUMENTS…   waits until somebody reads from FIFO, then becomes the program: same process,
//                                            environment and user. FIFO is closed the moment the program has taken its place;
//                                            a byte comes out of it before when the program cannot be executed.
//   launch supervise -- PROGRAM ARGUMENTS…   runs the program in a process group of its own, without input. When the standard
//                                            input of launch ends, or a signal asks launch to end, the program and all that
//                                            descends from it get SIGTERM and a second later SIGKILL, whatever group or
//                                            session they are in. Nothing that it started outlives the program.
//   launch exec TOKEN -- PROGRAM ARGUMENTS…  the same, but the program has the standard input of launch, and what it leaves
//                                            behind when it ends by itself stays.
//   launch end TOKEN                         ends the `launch exec` of that token, as a signal does, and waits for its end.
//
// Exit codes are those of sh(1): the program's own, 128 + n for signal n, 127 for a program that is not there, 126 for one
// that cannot be executed; 125 says that launch itself failed.
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
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

// False when there is no /dev/null to put in its place.
static int give_up_input(void) {
  int null = open("/dev/null", O_RDONLY);
  if (null < 0) {
    say("cannot open", "/dev/null", errno);
    return 0;
  }
  if (null != STDIN_FILENO) {
    dup2(null, STDIN_FILENO);
    close(null);
  }
  return 1;
}

static int run_child(char **argv, const sigset_t *inherited, int has_input) {
  setpgid(0, 0);
  sigprocmask(SIG_SETMASK, inherited, NULL);
  if (!has_input && !give_up_input()) return FAILED;
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

typedef struct {
  pid_t pid, parent;
  int descends;
} Process;

// Reads a small file of a process whole; gives its size, 0 when there is none.
static size_t read_file(pid_t pid, const char *name, char *text, size_t limit) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  ssize_t size = read(fd, text, limit - 1);
  close(fd);
  if (size < 0) size = 0;
  text[size] = '\0';
  return (size_t)size;
}

// proc_pid_stat(5). False for a process that runs no more.
static int find_parent(pid_t pid, pid_t *parent) {
  char text[512], state = 'X';
  // The name of the program may hold anything, parentheses included.
  char *rest = read_file(pid, "stat", text, sizeof text) ? strrchr(text, ')') : NULL;
  int number = 0;
  if (!rest || sscanf(rest + 1, " %c %d", &state, &number) != 2) return 0;
  *parent = number;
  return state != 'Z' && state != 'X';
}

// The next process that /proc shows; 0 after the last.
static pid_t next_process(DIR *processes) {
  for (struct dirent *entry; (entry = readdir(processes));)
    if (isdigit((unsigned char)*entry->d_name)) return (pid_t)atoi(entry->d_name);
  return 0;
}

// Sends a signal, or none for 0, to each process that descends from this one; gives how many there are.
static int signal_descendants(int number) {
  DIR *processes = opendir("/proc");
  if (!processes) return 0;
  Process *all = NULL;
  size_t count = 0, room = 0;
  for (pid_t pid, parent; (pid = next_process(processes));) {
    if (!find_parent(pid, &parent)) continue;
    if (count == room) {
      Process *more = realloc(all, (room = 2 * room + 64) * sizeof *all);
      if (!more) break;
      all = more;
    }
    all[count++] = (Process){.pid = pid, .parent = parent, .descends = parent == getpid()};
  }
  closedir(processes);
  // Until nobody is found any more: children may be listed before their parents.
  for (int found = 1; found;) {
    found = 0;
    for (size_t i = 0; i < count; i++)
      for (size_t j = 0; !all[i].descends && j < count; j++)
        if (all[j].descends && all[j].pid == all[i].parent) found = all[i].descends = 1;
  }
  int sum = 0;
  for (size_t i = 0; i < count; i++) {
    if (!all[i].descends) continue;
    sum++;
    if (number) kill(all[i].pid, number);
  }
  free(all);
  return sum;
}

// Takes orphans that have ended out of the process table. Gives whether `child` has ended, which is left in it: until it is
// taken out, the number of its group is nobody else's.
static int reap_orphans(pid_t child) {
  for (;;) {
    siginfo_t end = {0};
    if (waitid(P_ALL, 0, &end, WEXITED | WNOHANG | WNOWAIT) < 0) {
      if (errno == EINTR) continue;
      return 0;
    }
    if (end.si_pid == 0 || end.si_pid == child) return end.si_pid == child;
    waitpid(end.si_pid, NULL, WNOHANG);
  }
}

static const int LOOK_MS = 10;

// Ends what is left at once. New ones may have been started meanwhile, and orphans come to us one generation after the other.
static void kill_descendants(void) {
  for (long until = now_ms() + GRACE_MS; signal_descendants(SIGKILL) > 0 && now_ms() < until;) {
    struct pollfd ends = {.fd = signal_pipe[0], .events = POLLIN};
    if (poll(&ends, 1, LOOK_MS) > 0) take(signal_pipe[0], NULL);
  }
}

static int supervise(char **argv, int has_input) {
  static const int SIGNALS[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT};
  sigset_t blocked, inherited;
  if (pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) < 0) {
    say("cannot make a pipe for", argv[0], errno);
    return FAILED;
  }
  // Whoever loses its parent becomes a child of ours, whatever session it made for itself.
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  // Blocked until the child has its own: it must not note signals of ours.
  sigfillset(&blocked);
  sigprocmask(SIG_BLOCK, &blocked, &inherited);
  pid_t child = fork();
  if (child < 0) {
    say("cannot fork for", argv[0], errno);
    return FAILED;
  }
  if (child == 0) _exit(run_child(argv, &inherited, has_input));
  // In both processes, since either may run first.
  setpgid(child, child);
  for (size_t i = 0; i < sizeof SIGNALS / sizeof *SIGNALS; i++) {
    struct sigaction note = {.sa_handler = note_signal, .sa_flags = SA_RESTART};
    sigaction(SIGNALS[i], &note, NULL);
  }
  sigprocmask(SIG_SETMASK, &inherited, NULL);
  // Else whoever writes to a program that reads no more would not hear of it.
  if (has_input) give_up_input();
  struct pollfd sources[] = {{.fd = signal_pipe[0], .events = POLLIN},
                             {.fd = has_input ? -1 : STDIN_FILENO, .events = POLLIN}};
  long kill_at = -1;
  for (;;) {
    int has_ended = reap_orphans(child);
    if (has_ended && (kill_at < 0 || signal_descendants(0) == 0)) break;
    long left = kill_at < 0 ? -1 : kill_at - now_ms();
    if (kill_at >= 0 && left <= 0) break;
    // Of the end of a descendant that still has a parent nobody tells us.
    if (has_ended && left > LOOK_MS) left = LOOK_MS;
    if (poll(sources, 2, (int)left) < 0) continue;
    int must_end = 0;
    if (sources[0].revents) take(sources[0].fd, &must_end);
    if (sources[1].revents && !take(sources[1].fd, NULL)) {
      sources[1].fd = -1;
      must_end = 1;
    }
    if (must_end && kill_at < 0) {
      kill(-child, SIGTERM);
      signal_descendants(SIGTERM);
      kill_at = now_ms() + GRACE_MS;
    }
  }
  if (kill_at >= 0 || !has_input) {
    kill(-child, SIGKILL);
    kill_descendants();
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return WIFSIGNALED(status) ? SIGNAL_BASE + WTERMSIG(status) : WEXITSTATUS(status);
}

// By its arguments, which any user may read, as `launch exec TOKEN -- …`.
static int has_token(pid_t pid, const char *token) {
  char text[4096];
  char *end = text + read_file(pid, "cmdline", text, sizeof text);
  char *verb = text + strlen(text) + 1;
  if (verb >= end || strcmp(verb, "exec") != 0) return 0;
  char *found = verb + strlen(verb) + 1;
  return found < end && strcmp(found, token) == 0;
}

static pid_t find_token(const char *token) {
  DIR *processes = opendir("/proc");
  if (!processes) return 0;
  pid_t pid;
  while ((pid = next_process(processes)) && !has_token(pid, token)) continue;
  closedir(processes);
  return pid;
}

// Nothing can be waited for here: it is nobody's child of ours. Both waits are bounded.
static int end_token(const char *token) {
  const struct timespec pause = {.tv_nsec = LOOK_MS * 1000000L};
  pid_t pid, parent;
  // The engine may be about to start it.
  for (long until = now_ms() + GRACE_MS; !(pid = find_token(token)); nanosleep(&pause, NULL))
    if (now_ms() > until) return NOT_FOUND;
  if (kill(pid, SIGTERM) < 0) {
    say("cannot end", token, errno);
    return FAILED;
  }
  // It takes a second to end in peace, and another where it cannot.
  for (long until = now_ms() + 3 * GRACE_MS; find_parent(pid, &parent); nanosleep(&pause, NULL))
    if (now_ms() > until) return FAILED;
  return 0;
}

int main(int argc, char **argv) {
  if (argc > 4 && strcmp(argv[1], "wait") == 0 && strcmp(argv[3], "--") == 0) return wait_and_execute(argv[2], argv + 4);
  if (argc > 3 && strcmp(argv[1], "supervise") == 0 && strcmp(argv[2], "--") == 0) return supervise(argv + 3, 0);
  if (argc > 4 && strcmp(argv[1], "exec") == 0 && strcmp(argv[3], "--") == 0) return supervise(argv + 4, 1);
  if (argc == 3 && strcmp(argv[1], "end") == 0) return end_token(argv[2]);
  fputs("usage: launch wait FIFO -- PROGRAM ARGUMENTS...\n"
        "       launch supervise -- PROGRAM ARGUMENTS...\n"
        "       launch exec TOKEN -- PROGRAM ARGUMENTS...\n"
        "       launch end TOKEN\n",
        stderr);
  return FAILED;
}
