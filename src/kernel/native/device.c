// Offloads of network interfaces, by the ethtool ioctl (linux/ethtool.h).
#include "native.h"
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

// Segmentation first: the kernel switches it off by itself, with a line in its log, once checksums or scatter-gather are off.
static const uint32_t OFFLOADS[] = {ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO, ETHTOOL_SSG, ETHTOOL_STXCSUM, ETHTOOL_SRXCSUM};

// disableOffloads(names): TSO, GSO, GRO, scatter-gather and checksums off, on interfaces of the namespace that this thread is in.
static napi_value disable_offloads(napi_env env, napi_callback_info info) {
  napi_value names;
  size_t count = 1;
  uint32_t length = 0;
  napi_get_cb_info(env, info, &count, &names, NULL, NULL);
  if (count < 1 || napi_get_array_length(env, names, &length) != napi_ok) {
    napi_throw_type_error(env, NULL, "disableOffloads: expected an array of interface names");
    return NULL;
  }
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return throw_errno(env, "socket AF_INET", errno);
  for (uint32_t index = 0; index < length; index += 1) {
    napi_value name;
    struct ifreq request = {0};
    if (napi_get_element(env, names, index, &name) != napi_ok ||
        napi_get_value_string_utf8(env, name, request.ifr_name, sizeof request.ifr_name, NULL) != napi_ok) {
      close(fd);
      napi_throw_type_error(env, NULL, "disableOffloads: expected an array of interface names");
      return NULL;
    }
    for (size_t offload = 0; offload < sizeof OFFLOADS / sizeof *OFFLOADS; offload += 1) {
      struct ethtool_value value = {.cmd = OFFLOADS[offload], .data = 0};
      request.ifr_data = (char *)&value;
      // EOPNOTSUPP: the device has no such offload, so it is off.
      if (ioctl(fd, SIOCETHTOOL, &request) < 0 && errno != EOPNOTSUPP) {
        int reason = errno;
        char what[64];
        snprintf(what, sizeof what, "ioctl SIOCETHTOOL %s", request.ifr_name);
        close(fd);
        return throw_errno(env, what, reason);
      }
    }
  }
  close(fd);
  return NULL;
}

void register_device(napi_env env, napi_value exports) {
  export_function(env, exports, "disableOffloads", disable_offloads);
}
