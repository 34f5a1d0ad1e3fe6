/** What `runner init` writes: small, commented, and it passes. */
export const FIRST_SCENARIO = `# A client asks a web server through a middlebox that resets what it does not like.
# Run it:            runner apply scenario.yaml
# See what it does:  runner plan scenario.yaml
# Help in editors:   runner schema > scenario.schema.json
version: 1
name: first
description: One censored and one free request.

# Bare hosts are network namespaces on this machine. Nobody needs to be root.
hosts: { client: {}, middle: {}, server: {} }

# A network is one segment. Addresses, routes and names are derived.
networks:
  inside: { members: [client, middle], delay: 5ms }
  outside: { members: [middle, server], delay: 20ms }

# In-path: the censor sees and holds every packet that passes.
censor:
  on: middle
  position: in-path
  rules:
    - name: forbidden-host
      match: { http.host: blocked.example }
      action: { reset: { sides: both } }

traffic:
  - { name: web, on: server, serve: { http: { port: 80 } } }
  - { name: forbidden, from: client, to: "server:80", probe: { http: { host: blocked.example } } }
  - { name: allowed, from: client, to: "server:80", probe: { http: { host: fine.example } } }

captures: [client, middle, server]

expect:
  - { flow: forbidden, failure: connection_reset, cause: injected-rst, by: middle }
  - { flow: allowed, failure: null }
`;
