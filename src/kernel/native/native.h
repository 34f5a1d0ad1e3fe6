// What the native files share: declaring functions and turning errno into a JavaScript Error with `code` and `syscall`.
#ifndef NETSCENARIO_NATIVE_H
#define NETSCENARIO_NATIVE_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#define NODE_GYP_MODULE_NAME netscenario
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <node_api.h>

void register_namespace(napi_env env, napi_value exports);
void register_netlink(napi_env env, napi_value exports);
void register_device(napi_env env, napi_value exports);
void register_ring(napi_env env, napi_value exports);
void register_transmit(napi_env env, napi_value exports);
void register_waiter(napi_env env, napi_value exports);
void register_tcp(napi_env env, napi_value exports);
void register_nfqueue(napi_env env, napi_value exports);
void register_hops(napi_env env, napi_value exports);
void register_pipe(napi_env env, napi_value exports);
void register_stream(napi_env env, napi_value exports);
void register_schedule(napi_env env, napi_value exports);

static inline void export_function(napi_env env, napi_value exports, const char *name, napi_callback callback) {
  napi_value function;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, NULL, &function);
  napi_set_named_property(env, exports, name, function);
}

/** Throws an Error `{ message, code: "EPERM", syscall }` as Node's own do; returns NULL so that callers can return it. */
static inline napi_value throw_errno(napi_env env, const char *syscall_name, int error_number) {
  napi_value message = NULL, code = NULL, error = NULL, name = NULL, number = NULL;
  // Errors of the kernel alone, such as 524 (ENOTSUPP), have no name in the C library.
  const char *error_name = strerrorname_np(error_number);
  if (error_name == NULL) error_name = "UNKNOWN";
  char text[160];
  snprintf(text, sizeof text, "%s: %s (%s)", syscall_name, strerror(error_number), error_name);
  napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &message);
  napi_create_string_utf8(env, error_name, NAPI_AUTO_LENGTH, &code);
  napi_create_error(env, code, message, &error);
  napi_create_string_utf8(env, syscall_name, NAPI_AUTO_LENGTH, &name);
  napi_set_named_property(env, error, "syscall", name);
  napi_create_int32(env, -error_number, &number);
  napi_set_named_property(env, error, "errno", number);
  napi_throw(env, error);
  return NULL;
}

#endif
