#include "client-hello.h"

struct reader {
  const uint8_t *at, *end;
};

/* Skips so many bytes; 0 when they are not there. */
static int skip(struct reader *from, size_t count) {
  if ((size_t)(from->end - from->at) < count) return 0;
  from->at += count;
  return 1;
}

/* Reads a number of so many bytes into *value. */
static int number(struct reader *from, int bytes, size_t *value) {
  if (from->end - from->at < bytes) return 0;
  for (*value = 0; bytes > 0; bytes--) *value = *value << 8 | *from->at++;
  return 1;
}

/* Skips a vector that has its length in so many bytes in front (RFC 8446, section 3.4). */
static int skip_vector(struct reader *from, int bytes) {
  size_t length;
  return number(from, bytes, &length) && skip(from, length);
}

const uint8_t *find_server_name(const uint8_t *bytes, size_t length, size_t *name_length) {
  enum { HANDSHAKE = 22, CLIENT_HELLO = 1, SERVER_NAME = 0, HOST_NAME = 0 };
  struct reader in = {bytes, bytes + length};
  size_t type, kind, size;
  if (!number(&in, 1, &type) || type != HANDSHAKE || !skip(&in, 4)) return NULL;
  if (!number(&in, 1, &kind) || kind != CLIENT_HELLO || !skip(&in, 3)) return NULL;
  if (!skip(&in, 2 + 32)) return NULL; /* version, random */
  if (!skip_vector(&in, 1) || !skip_vector(&in, 2) || !skip_vector(&in, 1)) return NULL; /* session, ciphers, compression */
  if (!number(&in, 2, &size)) return NULL;
  while (number(&in, 2, &type) && number(&in, 2, &size)) {
    if (type != SERVER_NAME) {
      if (!skip(&in, size)) return NULL;
      continue;
    }
    if (!skip(&in, 2) || !number(&in, 1, &kind) || kind != HOST_NAME) return NULL;
    if (!number(&in, 2, name_length) || !skip(&in, *name_length)) return NULL;
    return in.at - *name_length;
  }
  return NULL;
}
