// Network namespaces of the calling thread (namespaces(7), setns(2)), files in memory (memfd_create(2)), orphans (waitpid(2)).
#include "native.h"
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static int open_own_namespace(void) { return open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC); }

static napi_value file_descriptor(napi_env env, int fd) {
  napi_value number;
  napi_create_int32(env, fd, &number);
  return number;
}

// openNetworkNamespace(): a descriptor of the namespace that this thread is in.
static napi_value open_network_namespace(napi_env env, napi_callback_info info) {
  (void)info;
  int fd = open_own_namespace();
  if (fd < 0) return throw_errno(env, "open /proc/thread-self/ns/net", errno);
  return file_descriptor(env, fd);
}

// createNetworkNamespace(): a descriptor of a new namespace; the thread stays where it was.
static napi_value create_network_namespace(napi_env env, napi_callback_info info) {
  (void)info;
  int home = open_own_namespace();
  if (home < 0) return throw_errno(env, "open /proc/thread-self/ns/net", errno);
  if (unshare(CLONE_NEWNET) < 0) {
    int reason = errno;
    close(home);
    return throw_errno(env, "unshare", reason);
  }
  int created = open_own_namespace();
  int reason = errno;
  if (setns(home, CLONE_NEWNET) < 0) {
    // Everything that this thread does from here on would happen in the wrong network stack.
    napi_fatal_error("createNetworkNamespace", NAPI_AUTO_LENGTH, "setns: cannot return to the thread's own network namespace",
                     NAPI_AUTO_LENGTH);
  }
  close(home);
  if (created < 0) return throw_errno(env, "open /proc/thread-self/ns/net", reason);
  return file_descriptor(env, created);
}

// enterNetworkNamespace(fd)
static napi_value enter_network_namespace(napi_env env, napi_callback_info info) {
  napi_value argument;
  size_t count = 1;
  int32_t fd;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  if (count < 1 || napi_get_value_int32(env, argument, &fd) != napi_ok) {
    napi_throw_type_error(env, NULL, "enterNetworkNamespace: expected a file descriptor");
    return NULL;
  }
  if (setns(fd, CLONE_NEWNET) < 0) return throw_errno(env, "setns", errno);
  return NULL;
}

// closeDescriptor(fd): for descriptors that Node did not open; its own fs.close warns of them in worker threads.
static napi_value close_descriptor(napi_env env, napi_callback_info info) {
  napi_value argument;
  size_t count = 1;
  int32_t fd;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  if (count < 1 || napi_get_value_int32(env, argument, &fd) != napi_ok) {
    napi_throw_type_error(env, NULL, "closeDescriptor: expected a file descriptor");
    return NULL;
  }
  if (close(fd) < 0) return throw_errno(env, "close", errno);
  return NULL;
}

// createMemoryFile(name): a descriptor of an empty file that has no place in any directory.
static napi_value create_memory_file(napi_env env, napi_callback_info info) {
  napi_value argument;
  size_t count = 1;
  char name[64];
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  if (count < 1 || napi_get_value_string_utf8(env, argument, name, sizeof name, NULL) != napi_ok) {
    napi_throw_type_error(env, NULL, "createMemoryFile: expected a name");
    return NULL;
  }
  int fd = memfd_create(name, MFD_CLOEXEC);
  if (fd < 0) return throw_errno(env, "memfd_create", errno);
  return file_descriptor(env, fd);
}

// waitForProcess(pid): whether that child had ended; it is then taken out of the process table.
static napi_value wait_for_process(napi_env env, napi_callback_info info) {
  napi_value argument, ended;
  size_t count = 1;
  int32_t pid;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  // 0 and -1 mean any child, and would take those that Node waits for.
  if (count < 1 || napi_get_value_int32(env, argument, &pid) != napi_ok || pid < 1) {
    napi_throw_type_error(env, NULL, "waitForProcess: expected a process id");
    return NULL;
  }
  napi_get_boolean(env, waitpid(pid, NULL, WNOHANG) == pid, &ended);
  return ended;
}

void register_namespace(napi_env env, napi_value exports) {
  export_function(env, exports, "openNetworkNamespace", open_network_namespace);
  export_function(env, exports, "createNetworkNamespace", create_network_namespace);
  export_function(env, exports, "enterNetworkNamespace", enter_network_namespace);
  export_function(env, exports, "closeDescriptor", close_descriptor);
  export_function(env, exports, "createMemoryFile", create_memory_file);
  export_function(env, exports, "waitForProcess", wait_for_process);
}
