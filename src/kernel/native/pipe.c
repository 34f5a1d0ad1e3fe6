// Pipes of which this process reads and writes its ends without waiting, and another process its own as usual (pipe(7)).
#include "native.h"
#include <fcntl.h>
#include <unistd.h>

// openPipe(bytes): [read, write]. The kernel is asked for room for `bytes`, and may give less. Both ends wait; see `makeNonBlocking`.
static napi_value open_pipe(napi_env env, napi_callback_info info) {
  napi_value argument, result, number;
  size_t count = 1;
  int32_t bytes;
  int fds[2];
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  if (count < 1 || napi_get_value_int32(env, argument, &bytes) != napi_ok) {
    napi_throw_type_error(env, NULL, "openPipe: expected a number of bytes");
    return NULL;
  }
  if (pipe2(fds, O_CLOEXEC) < 0) return throw_errno(env, "pipe2", errno);
  // A user with many pipes gets smaller ones.
  fcntl(fds[1], F_SETPIPE_SZ, bytes);
  napi_create_array_with_length(env, 2, &result);
  for (uint32_t index = 0; index < 2; index += 1) {
    napi_create_int32(env, fds[index], &number);
    napi_set_element(env, result, index, number);
  }
  return result;
}

// makeNonBlocking(fd): what is done with this end of a pipe does not wait from now on.
static napi_value make_non_blocking(napi_env env, napi_callback_info info) {
  napi_value argument;
  size_t count = 1;
  int32_t fd;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  if (count < 1 || napi_get_value_int32(env, argument, &fd) != napi_ok) {
    napi_throw_type_error(env, NULL, "makeNonBlocking: expected a file descriptor");
    return NULL;
  }
  int flags = fcntl(fd, F_GETFL);
  if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0) return throw_errno(env, "fcntl", errno);
  return NULL;
}

static int read_arguments(napi_env env, napi_callback_info info, int32_t *fd, uint8_t **bytes, size_t *length) {
  napi_value arguments[3];
  size_t count = 3, room = 0;
  uint32_t start = 0;
  void *data;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  if (count < 3 || napi_get_value_int32(env, arguments[0], fd) != napi_ok ||
      napi_get_typedarray_info(env, arguments[1], NULL, &room, &data, NULL, NULL) != napi_ok ||
      napi_get_value_uint32(env, arguments[2], &start) != napi_ok || start > room) {
    napi_throw_type_error(env, NULL, "expected a file descriptor, bytes and where they start");
    return 0;
  }
  *bytes = (uint8_t *)data + start;
  *length = room - start;
  return 1;
}

/** How many bytes went; -1 when none can go now, -2 when the other end is closed. */
static napi_value outcome(napi_env env, const char *name, ssize_t done) {
  napi_value result;
  int32_t value = (int32_t)done;
  if (done < 0) {
    if (errno == EAGAIN || errno == EINTR) value = -1;
    else if (errno == EPIPE) value = -2;
    else return throw_errno(env, name, errno);
  }
  napi_create_int32(env, value, &result);
  return result;
}

// readPipe(fd, bytes, start): fills `bytes` from `start`; how many came, -1 for none now, -2 when the other end is closed.
static napi_value read_pipe(napi_env env, napi_callback_info info) {
  int32_t fd;
  uint8_t *bytes;
  size_t length;
  if (!read_arguments(env, info, &fd, &bytes, &length)) return NULL;
  ssize_t done = read(fd, bytes, length);
  if (done == 0 && length > 0) {
    done = -1;
    errno = EPIPE;
  }
  return outcome(env, "read", done);
}

// writePipe(fd, bytes, start): sends `bytes` from `start`; how many went, -1 when there is no room, -2 when nobody reads.
static napi_value write_pipe(napi_env env, napi_callback_info info) {
  int32_t fd;
  uint8_t *bytes;
  size_t length;
  if (!read_arguments(env, info, &fd, &bytes, &length)) return NULL;
  return outcome(env, "write", write(fd, bytes, length));
}

void register_pipe(napi_env env, napi_value exports) {
  export_function(env, exports, "openPipe", open_pipe);
  export_function(env, exports, "makeNonBlocking", make_non_blocking);
  export_function(env, exports, "readPipe", read_pipe);
  export_function(env, exports, "writePipe", write_pipe);
}
