variable "name" {
  description = "Begins the names of all that is made, and tags it."
  type        = string
  default     = "netscenario"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}$", var.name))
    error_message = "Expected lower-case letters, digits and hyphens, beginning with a letter, 31 at most."
  }
}

variable "servers" {
  description = "The machines, by name, each with the groups that scenarios know it by, as in scenarios/hosts.example.ini."
  type = map(object({
    groups = optional(list(string), [])
    size   = optional(string)
  }))
  default = {
    m1 = { groups = ["client", "online"] }
    m2 = { groups = ["censor", "target"] }
    m3 = { groups = ["server", "assistant"] }
  }

  validation {
    condition     = length(var.servers) >= 1 && length(var.servers) <= 50
    error_message = "Expected 1 to 50 servers."
  }

  validation {
    condition     = alltrue([for name in keys(var.servers) : can(regex("^[a-z][a-z0-9-]{0,30}$", name)) && name != "local"])
    error_message = "Expected names of lower-case letters, digits and hyphens, beginning with a letter; \"local\" is the controller."
  }
}

variable "region" {
  description = "Where the servers are; all in one, since a private network does not span two."
  type        = string
  default     = "fra1"

  validation {
    condition     = can(regex("^[a-z]{3}[0-9]$", var.region))
    error_message = "Expected a region such as fra1 or nyc3."
  }
}

variable "size" {
  description = "Of servers that name none."
  type        = string
  default     = "s-2vcpu-2gb"
}

variable "image" {
  description = "Debian or a relative of it: cloud-init installs Debian's packages."
  type        = string
  default     = "debian-12-x64"
}

variable "user" {
  description = "Whom runner logs in as; may become root without a password."
  type        = string
  default     = "lab"

  validation {
    condition     = can(regex("^[a-z_][a-z0-9_-]{0,31}$", var.user)) && var.user != "root"
    error_message = "Expected the name of an ordinary user."
  }
}

variable "ssh_public_key_file" {
  description = "The public half of the key that opens the servers; the private one stays with you."
  type        = string
  default     = "~/.ssh/id_ed25519.pub"

  validation {
    condition     = endswith(var.ssh_public_key_file, ".pub")
    error_message = "Expected the file of a public key, which ends in .pub."
  }
}

variable "controller_cidrs" {
  description = "From where ssh is let in: the address of the computer that runs runner, such as [\"198.51.100.7/32\"]."
  type        = list(string)

  validation {
    condition     = length(var.controller_cidrs) > 0 && alltrue([for cidr in var.controller_cidrs : can(cidrhost(cidr, 0))])
    error_message = "Expected at least one address with a prefix length, such as 198.51.100.7/32 or 2001:db8::7/128."
  }

  validation {
    condition     = alltrue([for cidr in var.controller_cidrs : !endswith(cidr, "/0")])
    error_message = "Expected the controller's addresses, not the whole internet."
  }
}

variable "private_cidr" {
  description = "Of the private network between the servers; a scenario's own subnets must lie elsewhere."
  type        = string
  default     = "10.114.0.0/24"

  validation {
    condition     = can(cidrnetmask(var.private_cidr))
    error_message = "Expected an IPv4 network such as 10.114.0.0/24."
  }
}

variable "wireguard_port" {
  description = "The UDP port of underlay.wireguard, among the servers."
  type        = number
  default     = 51820

  validation {
    condition     = var.wireguard_port >= 1 && var.wireguard_port <= 65535 && floor(var.wireguard_port) == var.wireguard_port
    error_message = "Expected a port, 1 to 65535."
  }
}
