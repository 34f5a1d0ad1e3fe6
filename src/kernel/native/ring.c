// Packet rings: AF_PACKET sockets whose TPACKET_V2 receive ring is mapped into one arena that JavaScript walks by itself. packet(7), Documentation/networking/packet_mmap.rst.
#include "native.h"
#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif

// Room between the slot's address and the frame: aligns the IP header to 16 bytes and leaves space to put a VLAN tag back.
#define RESERVE 22
#define BLOCK_BYTES (1u << 20)
#define OPENING_THREADS 64
struct arena {
  void *start;
  size_t bytes;
};

static void arena_free(napi_env env, void *data, void *hint) {
  (void)data;
  struct arena *arena = hint;
  int64_t total;
  napi_adjust_external_memory(env, (int64_t)arena->bytes, &total);
  munmap(arena->start, arena->bytes);
  free(arena);
}

// arenaCreate(bytes): ArrayBuffer. Pages are taken from the machine when first touched.
static napi_value arena_create(napi_env env, napi_callback_info info) {
  napi_value argument, buffer;
  size_t count = 1;
  double bytes;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  napi_get_value_double(env, argument, &bytes);
  struct arena *arena = malloc(sizeof *arena);
  if (!arena) return throw_errno(env, "malloc", ENOMEM);
  arena->bytes = (size_t)bytes;
  arena->start = mmap(NULL, arena->bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (arena->start == MAP_FAILED) {
    int error = errno;
    free(arena);
    return throw_errno(env, "mmap", error);
  }
  if (napi_create_external_arraybuffer(env, arena->start, arena->bytes, arena_free, arena, &buffer) != napi_ok) {
    munmap(arena->start, arena->bytes);
    free(arena);
    return throw_errno(env, "napi_create_external_arraybuffer", ENOMEM);
  }
  // Told about hundreds of megabytes outside its heap, V8 would collect garbage all the time to get rid of them.
  int64_t total;
  napi_adjust_external_memory(env, -(int64_t)arena->bytes, &total);
  return buffer;
}

static int set_option(int fd, int name, const void *value, socklen_t size, const char **failed, const char *label) {
  if (setsockopt(fd, SOL_PACKET, name, value, size) == 0) return 0;
  *failed = label;
  return -1;
}

static int configure(int fd, const struct tpacket_req *request, const char **failed) {
  int version = TPACKET_V2, on = 1, reserve = RESERVE;
  if (set_option(fd, PACKET_VERSION, &version, sizeof version, failed, "setsockopt PACKET_VERSION")) return -1;
  // The virtio_net_hdr before each frame carries unfinished checksums and segmentation from one interface to the next.
  if (set_option(fd, PACKET_VNET_HDR, &on, sizeof on, failed, "setsockopt PACKET_VNET_HDR")) return -1;
  if (set_option(fd, PACKET_RESERVE, &reserve, sizeof reserve, failed, "setsockopt PACKET_RESERVE")) return -1;
  if (set_option(fd, PACKET_IGNORE_OUTGOING, &on, sizeof on, failed, "setsockopt PACKET_IGNORE_OUTGOING")) return -1;
  return set_option(fd, PACKET_RX_RING, request, sizeof *request, failed, "setsockopt PACKET_RX_RING");
}

// ringSocket(interface): [fd, interface index]. A packet socket of this thread's network namespace that receives nothing yet.
static napi_value ring_socket(napi_env env, napi_callback_info info) {
  napi_value argument, result, number;
  size_t count = 1, length;
  char name[IF_NAMESIZE];
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  napi_get_value_string_utf8(env, argument, name, sizeof name, &length);
  unsigned index = if_nametoindex(name);
  if (index == 0) return throw_errno(env, "if_nametoindex", errno);
  // Protocol 0 receives nothing until bind() names the interface: no frame of another interface slips in.
  int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return throw_errno(env, "socket AF_PACKET", errno);
  napi_create_array_with_length(env, 2, &result);
  napi_create_int32(env, fd, &number);
  napi_set_element(env, result, 0, number);
  napi_create_uint32(env, index, &number);
  napi_set_element(env, result, 1, number);
  return result;
}

struct opening {
  const uint32_t *sockets;
  uint32_t count, slot_bytes, slots;
  char *arena;
  // Next ring that a thread takes; errno and call of the first that failed.
  pthread_mutex_t lock;
  uint32_t next;
  int error;
  const char *failed;
};

static int open_ring(const struct opening *opening, const uint32_t *ring, const char **failed) {
  int fd = (int)ring[0];
  size_t bytes = (size_t)opening->slot_bytes * opening->slots;
  // The kernel holds a ring in blocks of whole slots.
  size_t block = bytes < BLOCK_BYTES ? bytes : BLOCK_BYTES;
  struct tpacket_req request = {.tp_block_size = (unsigned)block,
                                .tp_block_nr = (unsigned)(bytes / block),
                                .tp_frame_size = opening->slot_bytes,
                                .tp_frame_nr = opening->slots};
  struct sockaddr_ll address = {
      .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = (int)ring[1]};
  if (configure(fd, &request, failed) < 0) return -1;
  *failed = "mmap";
  if (mmap(opening->arena + ring[2], bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED)
    return -1;
  // As much as wmem_max allows: how many sent frames may wait for the far end's softirq.
  int send_bytes = 8 << 20;
  setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &send_bytes, sizeof send_bytes);
  *failed = "bind";
  return bind(fd, (struct sockaddr *)&address, sizeof address);
}

static void *open_some(void *argument) {
  struct opening *opening = argument;
  for (;;) {
    pthread_mutex_lock(&opening->lock);
    uint32_t index = opening->next++;
    pthread_mutex_unlock(&opening->lock);
    if (index >= opening->count) return NULL;
    const char *failed;
    if (open_ring(opening, opening->sockets + (size_t)index * 3, &failed) == 0) continue;
    int error = errno;
    pthread_mutex_lock(&opening->lock);
    if (!opening->error) {
      opening->error = error;
      opening->failed = failed;
    }
    pthread_mutex_unlock(&opening->lock);
  }
}

// ringsOpen(arena, sockets: Uint32Array, slotBytes, slots): from now on the sockets receive. Each is three words: the socket,
// its interface's index, and the ring's offset in the arena. For each ring the kernel waits until no processor handles packets
// of before (packet_set_ring(): synchronize_net(), 15 ms): threads of their own make that one wait for all.
static napi_value rings_open(napi_env env, napi_callback_info info) {
  napi_value arguments[4];
  size_t count = 4, arena_bytes, words;
  void *arena, *sockets;
  struct opening opening = {.lock = PTHREAD_MUTEX_INITIALIZER};
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  napi_get_arraybuffer_info(env, arguments[0], &arena, &arena_bytes);
  napi_get_typedarray_info(env, arguments[1], NULL, &words, &sockets, NULL, NULL);
  napi_get_value_uint32(env, arguments[2], &opening.slot_bytes);
  napi_get_value_uint32(env, arguments[3], &opening.slots);
  opening.sockets = sockets;
  opening.count = (uint32_t)(words / 3);
  opening.arena = arena;
  for (uint32_t index = 0; index < opening.count; index += 1)
    if (opening.sockets[index * 3 + 2] + (size_t)opening.slot_bytes * opening.slots > arena_bytes)
      return throw_errno(env, "ringsOpen", EINVAL);
  pthread_t threads[OPENING_THREADS];
  unsigned started = 0;
  // Signals are for Node's own threads.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  while (started < OPENING_THREADS && started + 1 < opening.count &&
         pthread_create(&threads[started], NULL, open_some, &opening) == 0)
    started += 1;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  open_some(&opening);
  while (started > 0) pthread_join(threads[--started], NULL);
  return opening.error ? throw_errno(env, opening.failed, opening.error) : NULL;
}

// ringDrops(fd): frames that found the ring full since the last call.
static napi_value ring_drops(napi_env env, napi_callback_info info) {
  napi_value argument, result;
  size_t count = 1;
  int32_t fd;
  struct tpacket_stats stats;
  socklen_t size = sizeof stats;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  napi_get_value_int32(env, argument, &fd);
  if (getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size) < 0)
    return throw_errno(env, "getsockopt PACKET_STATISTICS", errno);
  napi_create_uint32(env, stats.tp_drops, &result);
  return result;
}

// ringFilter(fd, program: Uint8Array): from now on the ring gets only frames for which the program, an array of struct
// sock_filter, does not answer 0.
static napi_value ring_filter(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  size_t count = 2, bytes;
  int32_t fd;
  void *program;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  napi_get_value_int32(env, arguments[0], &fd);
  napi_get_typedarray_info(env, arguments[1], NULL, &bytes, &program, NULL, NULL);
  struct sock_fprog filter = {.len = (unsigned short)(bytes / sizeof(struct sock_filter)), .filter = program};
  if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) < 0)
    return throw_errno(env, "setsockopt SO_ATTACH_FILTER", errno);
  return NULL;
}

void register_ring(napi_env env, napi_value exports) {
  export_function(env, exports, "arenaCreate", arena_create);
  export_function(env, exports, "ringSocket", ring_socket);
  export_function(env, exports, "ringsOpen", rings_open);
  export_function(env, exports, "ringDrops", ring_drops);
  export_function(env, exports, "ringFilter", ring_filter);
}
