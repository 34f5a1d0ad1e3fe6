// How the calling thread is scheduled beside others. sched(7), sched_setattr(2).
#include "native.h"
#include <sys/syscall.h>
#include <unistd.h>

// struct sched_attr, linux/sched/types.h (SCHED_ATTR_SIZE_VER0): no header of the C library has it everywhere.
struct attributes {
  uint32_t size, policy;
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  uint64_t runtime, deadline, period;
};

// sliceSet(nanoseconds): from now on the thread asks for turns that long, whatever its priority, which anybody may: shorter turns
// are due earlier, so that it runs sooner once it is woken (EEVDF, Linux 6.12; kernels before it ignore the length).
static napi_value slice_set(napi_env env, napi_callback_info info) {
  napi_value argument;
  size_t count = 1;
  double nanoseconds;
  struct attributes attributes;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  napi_get_value_double(env, argument, &nanoseconds);
  if (syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0) < 0)
    return throw_errno(env, "sched_getattr", errno);
  attributes.size = sizeof attributes;
  attributes.runtime = (uint64_t)nanoseconds;
  if (syscall(SYS_sched_setattr, 0, &attributes, 0) < 0) return throw_errno(env, "sched_setattr", errno);
  return NULL;
}

void register_schedule(napi_env env, napi_value exports) { export_function(env, exports, "sliceSet", slice_set); }
