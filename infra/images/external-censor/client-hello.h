#pragma once
#include <stddef.h>
#include <stdint.h>

/* The server name (RFC 6066, section 3) of a TLS ClientHello that lies whole in these bytes, and its length; NULL where there
 * is none. A ClientHello in several segments is not seen, as with many a real censor. */
const uint8_t *find_server_name(const uint8_t *bytes, size_t length, size_t *name_length);
