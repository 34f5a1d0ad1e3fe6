#include "native.h"

void register_ring(napi_env env, napi_value exports) {
  (void)env;
  (void)exports;
}
