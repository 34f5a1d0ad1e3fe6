// Offloads of network interfaces, by the ethtool ioctl (linux/ethtool.h).
#include "native.h"
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FEATURES_MAX = 256, BLOCKS_MAX = FEATURES_MAX / 32 };

/** Checksums, scatter-gather, segmentation and receive coalescing, by the kernel's names: `ethtool -k`. */
static int is_offload(const char *name) {
  static const char *const prefixes[] = {"tx-checksum", "tx-scatter-gather", "rx-checksum", "rx-gro", "rx-lro"};
  for (size_t index = 0; index < sizeof prefixes / sizeof *prefixes; index += 1)
    if (strncmp(name, prefixes[index], strlen(prefixes[index])) == 0) return 1;
  return strncmp(name, "tx-", 3) == 0 && strstr(name, "segmentation") != NULL;
}

static int ethtool(int fd, struct ifreq *request, void *command) {
  request->ifr_data = command;
  return ioctl(fd, SIOCETHTOOL, request) < 0 ? errno : 0;
}

// Switches off every offload in one call: each call makes the kernel work out the features of the device anew, and of the
// bridge that it is a port of.
static int disable(int fd, const char *name) {
  struct ifreq request = {0};
  memcpy(request.ifr_name, name, strnlen(name, IFNAMSIZ - 1));
  struct {
    struct ethtool_sset_info info;
    uint32_t count;
  } set = {.info = {.cmd = ETHTOOL_GSSET_INFO, .sset_mask = 1ULL << ETH_SS_FEATURES}};
  int reason = ethtool(fd, &request, &set);
  if (reason) return reason;
  uint32_t count = set.count < FEATURES_MAX ? set.count : FEATURES_MAX;
  struct ethtool_gstrings *names = calloc(1, sizeof *names + (size_t)set.count * ETH_GSTRING_LEN);
  struct ethtool_sfeatures *change = calloc(1, sizeof *change + BLOCKS_MAX * sizeof change->features[0]);
  if (!names || !change) {
    reason = ENOMEM;
  } else {
    *names = (struct ethtool_gstrings){.cmd = ETHTOOL_GSTRINGS, .string_set = ETH_SS_FEATURES, .len = set.count};
    reason = ethtool(fd, &request, names);
    *change = (struct ethtool_sfeatures){.cmd = ETHTOOL_SFEATURES, .size = (count + 31) / 32};
    for (uint32_t bit = 0; !reason && bit < count; bit += 1)
      if (is_offload((const char *)names->data + (size_t)bit * ETH_GSTRING_LEN)) change->features[bit / 32].valid |= 1U << (bit % 32);
    if (!reason) reason = ethtool(fd, &request, change);
  }
  free(names);
  free(change);
  return reason;
}

// disableOffloads(name): of an interface of the namespace that this thread is in.
static napi_value disable_offloads(napi_env env, napi_callback_info info) {
  napi_value argument;
  size_t count = 1;
  char name[IFNAMSIZ];
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  if (count < 1 || napi_get_value_string_utf8(env, argument, name, sizeof name, NULL) != napi_ok) {
    napi_throw_type_error(env, NULL, "disableOffloads: expected an interface name");
    return NULL;
  }
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return throw_errno(env, "socket AF_INET", errno);
  int reason = disable(fd, name);
  close(fd);
  return reason ? throw_errno(env, "ioctl SIOCETHTOOL", reason) : NULL;
}

// coalesceReceived(name): generic receive offload (GRO) alone, of an interface of the namespace that this thread is in.
static napi_value coalesce_received(napi_env env, napi_callback_info info) {
  napi_value argument;
  size_t count = 1;
  struct ifreq request = {0};
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  if (count < 1 || napi_get_value_string_utf8(env, argument, request.ifr_name, IFNAMSIZ, NULL) != napi_ok) {
    napi_throw_type_error(env, NULL, "coalesceReceived: expected an interface name");
    return NULL;
  }
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return throw_errno(env, "socket AF_INET", errno);
  struct ethtool_value on = {.cmd = ETHTOOL_SGRO, .data = 1};
  int reason = ethtool(fd, &request, &on);
  close(fd);
  return reason ? throw_errno(env, "ioctl SIOCETHTOOL", reason) : NULL;
}

void register_device(napi_env env, napi_value exports) {
  export_function(env, exports, "coalesceReceived", coalesce_received);
  export_function(env, exports, "disableOffloads", disable_offloads);
}
