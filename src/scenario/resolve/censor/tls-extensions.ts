/** TLS extension types (IANA), by the names that people use. */
export const TLS_EXTENSIONS: Readonly<Record<string, number>> = {
  ...{ server_name: 0, sni: 0, status_request: 5, supported_groups: 10, ec_point_formats: 11 },
  ...{ signature_algorithms: 13, alpn: 16, sct: 18, padding: 21, extended_master_secret: 23 },
  ...{ session_ticket: 35, pre_shared_key: 41, early_data: 42, supported_versions: 43 },
  ...{ cookie: 44, psk_key_exchange_modes: 45, key_share: 51, quic_transport_parameters: 57 },
  ...{ ech: 0xfe0d, encrypted_client_hello: 0xfe0d },
  ...{ esni: 0xffce, encrypted_server_name: 0xffce, renegotiation_info: 0xff01 },
};
