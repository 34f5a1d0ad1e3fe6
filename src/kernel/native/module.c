// The native module: system calls that Node has no words for. Each file registers its own functions.
#include "native.h"

static napi_value init(napi_env env, napi_value exports) {
  register_namespace(env, exports);
  register_netlink(env, exports);
  register_device(env, exports);
  register_ring(env, exports);
  register_transmit(env, exports);
  register_waiter(env, exports);
  register_tcp(env, exports);
  register_nfqueue(env, exports);
  register_hops(env, exports);
  register_pipe(env, exports);
  register_stream(env, exports);
  register_schedule(env, exports);
  return exports;
}

NAPI_MODULE(NODE_GYP_MODULE_NAME, init)
